import type { ImageMark } from '../process/image-mark.js';
import type { Attached } from './attach.js';
import type { ProcessSampler } from './process-sampler.js';

/** Milliseconds between looks for threads that came or went. */
const lookForThreadsEvery = 1;
const refreshThreadsEvery = 1000;
/** The same for each thread of a process with many, and at most: a look takes some 40 µs a thread, for which ticks wait. */
const refreshThreadsEveryPerThread = 4;
const refreshThreadsAtLeastEvery = 10_000;

/** A process that is sampled. */
export interface Followed {
  readonly pid: number;
  /** Until when it is a newcomer, milliseconds since the start. */
  readonly newUntil: number;
  readonly startTime: number;
  readonly mark: ImageMark | undefined;
  readonly sampler: ProcessSampler;
  readonly attached: Attached;
  sampledAt: number;
  /** Its threads were listed: the next time it is sampled. */
  isBegun: boolean;
  threadsLookedAt: number;
  threadsRefreshed: number;
  cpuBefore: number;
  cpuNow: number;
  /** The same of its children that ended. */
  childCpuBefore: number;
  childCpuNow: number;
}

/** Lists the threads of a process: a step of its own, so that no tick waits for that and for its first stacks, which are new as well. */
export function beginProcess(process: Followed, time: number): void {
  process.isBegun = true;
  process.sampledAt = process.threadsLookedAt = process.threadsRefreshed = time;
  process.sampler.refreshThreads(time * 1000);
}

/** Takes a sample at `time`, milliseconds since the start: of how many threads; `undefined` when the process is gone. */
export function sampleProcess(process: Followed, time: number): number | undefined {
  const { sampler } = process;
  process.sampledAt = time;
  if (time - process.threadsLookedAt >= lookForThreadsEvery) {
    process.threadsLookedAt = time;
    if (
      time - process.threadsRefreshed >= refreshPause(sampler.threadCount) ||
      sampler.threadsChanged(time * 1000)
    ) {
      process.threadsRefreshed = time;
      sampler.refreshThreads(time * 1000);
    }
  }
  return sampler.tick(time * 1000) ? sampler.threadCount : undefined;
}

/** Milliseconds between two looks at threads of which nothing says that some came or went. */
function refreshPause(threads: number): number {
  return Math.max(
    refreshThreadsEvery,
    Math.min(refreshThreadsAtLeastEvery, threads * refreshThreadsEveryPerThread),
  );
}
