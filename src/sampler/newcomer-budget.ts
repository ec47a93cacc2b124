/**
 * What processes that were just found may take of the sampler's time.
 *
 * To begin with a process and to learn its code takes milliseconds, and a program may start a hundred processes a
 * second. The samples of all others must not wait for that. So newcomers get a part of the time: it comes in with
 * every tick, and what one of them costs is taken from it, also when that is more than was there. Until it is made up
 * for, newcomers are left out of ticks. Whether one is sampled is decided before it is looked at: if what turns out
 * to be new were dropped, functions that run once would be seen less often than they run.
 *
 * Counted is the CPU that they took of the sampling thread, so on a busy machine they are sampled as often as
 * elsewhere.
 */

/**
 * Their part of the time. To begin with one and to sample it first takes 2 to 3 ms, so 50 a second take half of it;
 * the rest is a sample of each at every third tick or so while ten of them live. With what the other processes take
 * at 1,000 ticks a second it stays below the half of a core up to which ticks go before others (`TickPriority`).
 */
const share = 0.3;
/**
 * What may be saved up, milliseconds: about as much as to begin with one process, so that two in one tick do not
 * delay the next. Where the sampler waited for longer, as at low rates, it is what came in while it waited: else a
 * process that lives 200 ms would have to wait for several ticks until it is sampled. What came in while it worked is
 * not saved: newcomers had it then, and where others share the processor each tick would be given more than the one
 * before, and come later still.
 */
const mostSaved = 0.5;
/** What may be owed, milliseconds: one that took very long once does not keep all others out for seconds. */
const mostOwed = 20;

export class NewcomerBudget {
  /** Milliseconds of CPU; below 0 when more was taken than there was. */
  #left = mostSaved;
  /** When the last tick began and ended, milliseconds. */
  #began = 0;
  #ended = 0;

  /** Whether there is something to be spent. */
  get isOpen(): boolean {
    return this.#left > 0;
  }

  beginTick(now: number): void {
    const waited = Math.max(0, now - this.#ended) * share;
    this.#left = Math.min(Math.max(mostSaved, waited), this.#left + (now - this.#began) * share);
    this.#began = now;
  }

  endTick(now: number): void {
    this.#ended = now;
  }

  spend(milliseconds: number): void {
    this.#left = Math.max(-mostOwed, this.#left - milliseconds);
  }
}
