import { performance } from 'node:perf_hooks';
import { threadCpuTime } from '../process/thread-cpu-time.js';
import { goFirst } from '../process/thread-scheduling.js';

/** What the sampler knows of time. */
export interface Time {
  /** Milliseconds since some moment. */
  now(): number;
  /** When that moment was, milliseconds since the epoch. */
  readonly origin: number;
  /** Waits until `cells[index]` is another than 0, so many milliseconds at most. */
  wait(cells: Int32Array, index: number, milliseconds: number): void;
  /** Milliseconds of CPU that this thread has used. */
  cpu(): number;
  /** Whether this thread goes before others when it wakes up. False when that cannot be changed. */
  readonly goFirst: (isFirst: boolean) => boolean;
  /** From 0 to 1, another one each time. */
  random(): number;
}

export const realTime: Time = {
  now: () => performance.now(),
  origin: performance.timeOrigin,
  wait: (cells, index, milliseconds) => {
    Atomics.wait(cells, index, 0, milliseconds);
  },
  cpu: threadCpuTime,
  goFirst,
  random: () => Math.random(),
};
