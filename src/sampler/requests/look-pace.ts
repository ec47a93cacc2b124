/** Microseconds from one look at the tasks to the next, at least and at most, on the average. */
const lookEvery = 2000;
export const lookAtLeastEvery = 100_000;
/**
 * Or so many times as long as the last looks took on the average: 3 % of a processor, and 9 % while there are few
 * tasks. A request is as long as the looks that saw it: with 3 %, those of 21 ms of FastAPI seemed to take 45. Two at a
 * time of 15 ms began and ended right to 1 ms in the first looks, with 12 %, and to 3 ms later, when it was 6.
 */
const restPerLook = 33;
const restPerShortLook = 10;
/** Microseconds. */
const shortLook = 2000;
/** Of so many looks. */
const averaged = 8;
/**
 * The first looks take five times as long as later ones, and would stay slow if they were rare: V8 compiles what runs
 * often. So for so many looks it is 12 % of a processor.
 */
const firstLooks = 200;
const restPerFirstLook = 8;
/**
 * While no task has a request: 0.5 %. The first one is not seen on a thread's stack where it soon waits: with a look a
 * second, those of a server with few requests were missed.
 */
const restPerVainLook = 200;
/** Microseconds. */
const lookInVainAtLeastEvery = 3e6;
/** Microseconds while there are no tasks. */
const lookForTasksEvery = 1e6;
/**
 * After so many looks without a task each rest is twice as long as the one before, up to this: a program has tasks from
 * its beginning, as a rule, and the first request on a thread's stack ends a rest. Of 40 processes that wake once a
 * second these looks were a twelfth of what the sampler took.
 */
const looksForTasks = 10;
const lookForTasksAtLeastEvery = 8e6;
/**
 * So many looks that were not needed are made up for, one right after the other: requests come together, and what they
 * do is seen best right after they did it.
 */
const mostSaved = 10;

/** What a look found. */
export type FoundAtLook = 'requests' | 'no requests' | 'no tasks';

/** When the tasks are looked at for requests: so seldom that it takes no more than its part of a processor. */
export class LookPace {
  #lookAt: number;
  /** Microseconds that a look takes. */
  #cost = 0;
  /** Microseconds that this part of a processor makes of it. */
  #rest = 0;
  #found: FoundAtLook = 'requests';
  #looksWithoutTasks = 0;
  looks = 0;

  /** Not before this time, microseconds. */
  constructor(firstLook: number) {
    this.#lookAt = firstLook;
  }

  get isFirst(): boolean {
    return this.looks < firstLooks;
  }

  /** A look takes so little time that one more hardly counts. */
  get isShort(): boolean {
    return this.#cost <= shortLook;
  }

  /** Whether the last look, of that time, is so old that the next one is made though nothing seems to have moved. */
  isOld(lookedAt: number, now: number): boolean {
    const most = this.#found === 'requests' ? lookAtLeastEvery : lookInVainAtLeastEvery;
    return this.looks === 0 || now - lookedAt >= most;
  }

  isDue(now: number): boolean {
    return now >= this.#lookAt;
  }

  begin(now: number): void {
    this.#lookAt = Math.min(now, Math.max(this.#lookAt, now - mostSaved * this.#rest));
  }

  /** A look cost so many microseconds. */
  looked(cost: number, found: FoundAtLook): void {
    this.#cost += (cost - this.#cost) / (this.#cost === 0 ? 1 : averaged);
    this.#found = found;
    this.#looksWithoutTasks = found === 'no tasks' ? this.#looksWithoutTasks + 1 : 0;
    this.#rest = this.#restAfter(found);
    this.looks++;
    // At random: what a program does every 20 ms must not be at the same place of it at each look.
    this.#lookAt += this.#rest * (found === 'no tasks' ? 1 : 0.5 + Math.random());
  }

  #restAfter(found: FoundAtLook): number {
    if (found === 'no tasks') {
      const times = 2 ** Math.max(0, this.#looksWithoutTasks - looksForTasks);
      return Math.min(lookForTasksAtLeastEvery, times * lookForTasksEvery);
    }
    const isVain = found === 'no requests';
    const short = this.isShort ? restPerShortLook : restPerLook;
    const times = isVain ? restPerVainLook : this.isFirst ? restPerFirstLook : short;
    return Math.min(isVain ? lookForTasksEvery : lookAtLeastEvery, Math.max(lookEvery, this.#cost * times));
  }
}
