import type { TargetShape } from './counting-target.js';
import { flatOut } from './peers/peer.js';

export interface PeerScenario extends TargetShape {
  readonly name: string;
  readonly rate: number;
  /** For how long each profiler is measured. */
  readonly seconds: number;
}

export const depths = [5, 20, 50, 200] as const;
export const rates = [100, 1000, 10_000, flatOut] as const;
/** All of the 8 are busy; of the 150 one is. */
export const threadCounts = [1, 8, 150] as const;

export function peerScenario(depth: number, threads: number, rate: number): PeerScenario {
  const name = `${rate === flatOut ? 'flat-out' : `${rate}Hz`} depth-${depth} threads-${threads}`;
  const busy = threads === 150 ? 1 : threads;
  // What a profiler costs at a usual rate is small, and unsteady while its code is being compiled.
  const seconds = depth === 20 && threads === 1 && rate <= 1000 ? 5 : 1.5;
  return { name, depth, rate, seconds, busy, waiting: threads - busy };
}

/** Those that the promises are about, and from there one thing changed at a time. */
export const usualScenarios: readonly PeerScenario[] = [
  ...rates.map((rate) => peerScenario(20, 1, rate)),
  ...[5, 50, 200].flatMap((depth) => [1000, flatOut].map((rate) => peerScenario(depth, 1, rate))),
  ...[1000, flatOut].map((rate) => peerScenario(20, 8, rate)),
  ...[100, flatOut].map((rate) => peerScenario(20, 150, rate)),
];

/** Every combination. */
export const allScenarios: readonly PeerScenario[] = depths.flatMap((depth) =>
  threadCounts.flatMap((threads) => rates.map((rate) => peerScenario(depth, threads, rate))),
);
