import type { Profile } from '../../model/profile.js';
import type { SampleWeight } from '../sample-weights.js';
import { sampleTime } from './contention.js';

/** What the time of a recording is divided by. */
export const bases = ['second', 'request'] as const;
export type Basis = (typeof bases)[number];

/**
 * Slices that a recording is cut into, for the errors of its times (block-sums.ts): eight for each of the fastest waves
 * that are measured, so that a call which lies across the edge of one makes no difference.
 */
export const blockCount = 128;

/** Microseconds of a block; of one route, or of all time. */
export type PutTime = (block: number, stratum: number, time: number) => void;

/**
 * The seconds of a recording, or its requests, by block. Requests are of several strata, their routes: each counts as
 * much in both recordings, so that more requests of a slow route are no change.
 */
export interface Units {
  readonly strata: readonly Stratum[];
  /** Microseconds per unit of a single sample: nothing is known to less. */
  readonly tick: number;
  /** Hands the time of a weight to `put`, parted by block. What is of no stratum is left out. */
  readonly place: (weight: SampleWeight, put: PutTime) => void;
}

export interface Stratum {
  /** How much a microsecond of it counts: 1 over its units in the recording, times the part that it is of all. */
  readonly scale: number;
  /** The part of its units that is in each block; 1 together. */
  readonly parts: readonly number[];
}

/** Seconds of the recording, in blocks of equal length. */
export function secondsOf(profile: Profile): Units {
  const length = profile.duration / blockCount;
  const { runs, suspended } = profile;
  const scale = profile.duration > 0 ? 1e6 / profile.duration : 0;
  return {
    strata: [{ scale, parts: new Array<number>(blockCount).fill(1 / blockCount) }],
    tick: sampleTime(profile) * scale,
    place: ({ run, thread, time }, put) => {
      const table = thread < 0 ? suspended.runs : runs;
      const start = table.start.at(run);
      const end = start + table.duration.at(run);
      const first = blockAt(start, length);
      const last = blockAt(end, length);
      if (first === last || end <= start) return put(first, 0, time);
      for (let block = first; block <= last; block++) {
        const from = Math.max(start, block * length);
        const to = block === last ? end : (block + 1) * length;
        put(block, 0, (time * (to - from)) / (end - start));
      }
    },
  };
}

function blockAt(time: number, length: number): number {
  return length > 0 ? Math.max(0, Math.min(blockCount - 1, Math.floor(time / length))) : 0;
}
