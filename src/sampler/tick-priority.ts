/** Milliseconds between looks at what the ticks cost. */
const reviewEvery = 100;
/**
 * The part of a processor that ticks may take of which each goes before all other threads: what a thread gets anyway
 * beside one other that is busy. So it gets no more than it would, only sooner. Once it goes first it may take a little
 * more, so that it is not changed all the time.
 */
const most = 0.5;
const mostOnceFirst = 0.6;

/** Milliseconds of CPU that the thread has used so far, and how much of that for newcomers (`NewcomerBudget`). */
export interface TicksCpu {
  readonly all: number;
  readonly newcomers: number;
}

/**
 * Lets the thread that samples go before others while it takes little: on a busy machine ticks come too late when each
 * has to wait for its turn.
 */
export class TickPriority {
  readonly #goFirst: (isFirst: boolean) => boolean;
  #isFirst = false;
  #isRefused = false;
  #reviewedAt = 0;
  #cpu: TicksCpu = { all: 0, newcomers: 0 };
  #ticks = 0;

  /** `goFirst`: says whether it was done. */
  constructor(goFirst: (isFirst: boolean) => boolean) {
    this.#goFirst = goFirst;
  }

  /** Whether `review` is to be called at `now`, milliseconds. */
  isDue(now: number): boolean {
    return now - this.#reviewedAt >= reviewEvery;
  }

  /** `cpu`: what was used in so many `ticks`; `period`: from one to the next. */
  review(now: number, cpu: TicksCpu, ticks: number, period: number): void {
    const isFirstReview = this.#reviewedAt === 0;
    // Newcomers have a part of the time, and more of each tick the fewer there are.
    const newcomers = cpu.newcomers - this.#cpu.newcomers;
    const others = cpu.all - this.#cpu.all - newcomers;
    const share = others / ((ticks - this.#ticks) * period) + newcomers / (now - this.#reviewedAt);
    const hasTicks = ticks > this.#ticks;
    this.#reviewedAt = now;
    this.#cpu = cpu;
    this.#ticks = ticks;
    // What it took before the first ticks is none of theirs.
    if (this.#isRefused || isFirstReview || !hasTicks) return;
    const isFirst = share < (this.#isFirst ? mostOnceFirst : most);
    if (isFirst === this.#isFirst) return;
    if (this.#goFirst(isFirst)) this.#isFirst = isFirst;
    else this.#isRefused = true;
  }
}
