/** Microseconds from one look at the tasks to the next, at least and at most, on the average. */
const lookEvery = 2000;
export const lookAtLeastEvery = 100_000;
/**
 * Or so many times as long as the last looks took on the average: 3 % of a processor, and 12 % while there are few
 * tasks. A request is as long as the looks that saw it: with 3 %, those of 21 ms of FastAPI seemed to take 45. With two
 * at a time of 15 to 33 ms that follow one another, and looks of 0.7 ms, they were 2 ms short on the average with 9 %.
 */
const restPerLook = 33;
const restPerShortLook = 8;
/** Microseconds. */
const shortLook = 3000;
/** Of so many looks. */
const averaged = 8;
/**
 * The first looks take five times as long as later ones, and would stay slow if they were rare: V8 compiles what runs
 * often. So for so many looks it is 12 % of a processor, however long they take.
 */
const firstLooks = 200;
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
/** So many come early when a request began or ended, and are made up for later; while quick looks are, in looks. */
const [mostBorrowed, mostBorrowedQuickly] = [4, 8];

/** What a look found. */
export type FoundAtLook = 'requests' | 'no requests' | 'no tasks';

/** When the tasks are looked at for requests: so seldom that it takes no more than its part of a processor. */
export class LookPace {
  #lookAt: number;
  /** Microseconds that a look takes. */
  #cost = 0;
  /** Microseconds that this part of a processor makes of it. */
  #rest = 0;
  #restPerMicrosecond = 0;
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

  /** Whether a look may be made now that there is a reason for it, or a quick one to find out. */
  mayBorrow(now: number, isQuick: boolean): boolean {
    // Looks that are seldom made stay slow, so at first there is no quick one in the place of another.
    if (this.isFirst) return false;
    return now >= this.#lookAt - (isQuick ? mostBorrowedQuickly : mostBorrowed) * this.#rest;
  }

  /** `isAfterRest`: what it is ahead of need not be made up for. */
  begin(now: number, isAfterRest: boolean): void {
    this.#lookAt = Math.max(this.#lookAt, now - mostSaved * this.#rest);
    if (isAfterRest) this.#lookAt = Math.min(now, this.#lookAt);
  }

  /** So many microseconds were taken beside the looks. */
  spent(cost: number): void {
    this.#lookAt += cost * this.#restPerMicrosecond;
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
    const isOften = this.isFirst || this.isShort;
    const times = isVain ? restPerVainLook : isOften ? restPerShortLook : restPerLook;
    this.#restPerMicrosecond = times;
    return Math.min(isVain ? lookForTasksEvery : lookAtLeastEvery, Math.max(lookEvery, this.#cost * times));
  }
}
