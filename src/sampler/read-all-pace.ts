/**
 * Microseconds after which all threads are read again, also those that cannot have moved: what they call may be certain
 * by now.
 */
const readAllEvery = 10_000;
/**
 * Or so many times as long as it took the last time: with 800 threads that is 15 to 25 ms, in which ticks at 100 Hz are
 * missed.
 */
const readAllPause = 30;
/** But not longer than this. */
const readAllAtLeastEvery = 1e6;

/** When all threads of a process are to be read. */
export class ReadAllPace {
  #readAt = 0;
  /** Microseconds that the last tick took in which all threads were read. */
  #took = 0;

  /** `time`: microseconds, as the times of ticks. */
  isDue(time: number): boolean {
    const pause = Math.max(readAllEvery, Math.min(readAllAtLeastEvery, this.#took * readAllPause));
    return time - this.#readAt >= pause;
  }

  /** They were read in the tick at `time`, which is over `now`. */
  read(time: number, now: number): void {
    this.#readAt = time;
    this.#took = now - time;
  }
}
