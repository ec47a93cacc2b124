// One profiler on one target for a few seconds: how fast, how true, at what cost to itself and to the target.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { withFolder } from '../tests/support/recordings.js';
import type { CountingTarget, Judgement, Work } from './counting-target.js';
import type { EndedRun, FoundPeer, PeerTally } from './peers/peer.js';
import { cpuSeconds, memoryBytes } from './process-costs.js';

export interface PeerFigures {
  /** Samples of the whole process a second, those that failed too. */
  readonly achievedRate: number;
  /** Stacks of threads a second that are whole and that the program can have. */
  readonly goodStacksPerSecond: number;
  /** Of all stacks that were tried: dropped or torn by its own account; and those that the program never had. */
  readonly lostPercent: number;
  readonly wrongPercent: number;
  /** The same, for a second of its own CPU: says more than the rate on a busy machine. */
  readonly goodStacksPerCpuSecond: number;
  /** Of one processor while it sampled, its start left out. */
  readonly cpuPercent: number;
  readonly peakMemoryBytes: number;
  /** Rounds a second of the target meanwhile. */
  readonly targetSpeed: number;
  /** Percentage points between the share of `right`, whose stack always changes, and what the target reports. */
  readonly offByPoints: number;
}

/** Seconds until any of them has started. */
const start = 1;
/** A profiler that has not ended so long after it was interrupted is no use. */
const patience = 60;

export async function measurePeer(
  peer: FoundPeer,
  target: CountingTarget,
  rate: number,
  seconds: number,
): Promise<PeerFigures> {
  return withFolder(async (folder) => {
    const request = { pid: target.pid, rate, output: `${folder}/out` };
    const words = peer.command(request);
    const child = spawn('taskset', ['-c', '1', ...words], {
      env: { ...process.env, ...peer.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const closed = once(child, 'close');
    const heard: { at: number; text: string }[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => heard.push({ at: performance.now(), text }));
    const said = () => heard.map(({ text }) => text).join('');
    const deadline = setTimeout(() => child.kill('SIGKILL'), (start + seconds + patience) * 1000);
    try {
      await pause(start * 1000);
      if (child.exitCode !== null) throw new Error(`it ended at once: ${said()}`);
      const cpuBefore = cpuSeconds(child.pid!);
      const begin = performance.now();
      const work = await target.work(seconds);
      const cpu = cpuSeconds(child.pid!) - cpuBefore;
      const cpuPercent = (cpu / ((performance.now() - begin) / 1000)) * 100;
      const peakMemoryBytes = memoryBytes(child.pid!, 'peak');
      const interrupted = performance.now();
      child.kill('SIGINT');
      await closed;
      const run: EndedRun = {
        text: said(),
        secondsSince: (pattern) => {
          const first = heard.find(({ text }) => pattern.test(text));
          if (!first) throw new Error(`it never said ${pattern}: ${said()}`);
          return (interrupted - first.at) / 1000;
        },
      };
      const tally = peer.tally(run, request);
      const truth = truthOf(tally, target, work);
      const goodStacksPerCpuSecond = truth.goodStacksPerSecond / (cpuPercent / 100);
      return { ...truth, goodStacksPerCpuSecond, cpuPercent, peakMemoryBytes, targetSpeed: work.speed };
    } finally {
      clearTimeout(deadline);
      child.kill('SIGKILL');
      await closed;
    }
  });
}

function truthOf(tally: PeerTally, target: CountingTarget, work: Work) {
  const counts: Record<Judgement, number> = { left: 0, right: 0, elsewhere: 0, wrong: 0 };
  for (const { names, count } of tally.stacks) counts[target.judge(names)] += count;
  const { busy, waiting } = target.shape;
  const possible = counts.left + counts.right + counts.elsewhere;
  const tried = possible + counts.wrong + tally.failed;
  const busySeen = counts.left + counts.right;
  if (busySeen === 0) throw new Error('it saw no stack that the target has');
  return {
    achievedRate: tried / (busy + waiting) / tally.seconds,
    goodStacksPerSecond: Math.max(0, possible - tally.torn) / tally.seconds,
    lostPercent: ((tally.failed + tally.torn) / tried) * 100,
    wrongPercent: (counts.wrong / tried) * 100,
    offByPoints: (counts.right / busySeen - work.shareOfRight) * 100,
  };
}
