import type { FollowedPython } from './followed-python.js';
import { Interval } from './interval.js';
import { NewcomerBudget } from './newcomer-budget.js';

type Newcomer = Pick<FollowedPython, 'begin' | 'isBegun'>;

/** What is done with newcomers beside learning what they run. */
export interface NewcomerWork<Process extends Newcomer> {
  /** Begins to follow what was found next; `gone`: it ended meanwhile. `undefined`: nothing more was found. */
  next(): Process | 'gone' | undefined;
  sample(process: Process): void;
}

/**
 * Milliseconds for which some newcomer has been without a sample, after which those without one get more than their
 * part: one that lives 200 ms is to be recorded.
 */
const longestWithout = 50;
/**
 * What they get of each tick then, milliseconds of CPU: so much at least, and for each that passed since the tick
 * before, up to a bound. With a processor to itself every other tick of the sampler still comes, and where it has a
 * twentieth of one, a child is learnt in one tick, which may be 50 ms from the next.
 */
const [ofTickWithout, shareWithout, mostOfTickWithout] = [1.5, 0.3, 20];
/**
 * Milliseconds between looks for what was found, while nobody is new, for who samples for months: each takes a tick
 * some 15 µs. Less than `longestWithout`, so that nothing counts as without a sample for long once it is found.
 */
const lookEveryOfLasting = 30;

/**
 * Milliseconds of CPU after which the sample of one is not read again, but ends with what is certain. One that imports
 * is another at each reading: first samples took 1.7 ms on average and 7 % of them more than 4, for which all others
 * missed their ticks.
 */
const mostOfSample = 0.6;

/** Milliseconds that a step or a sample may take: where less are left, the next tick would be missed by another one. */
const longestStep = 0.8;

/** Processes that were just found, which share a part of the time (`NewcomerBudget`). */
export class Newcomers {
  /** Samples that were left out. */
  leftOut = 0;
  /** Milliseconds of CPU that they took. */
  cpu = 0;
  readonly #budget = new NewcomerBudget();
  /** By process: the number of its last sample among those of all newcomers. */
  readonly #lastSample = new WeakMap<Newcomer, number>();
  #samples = 0;
  /** When the last tick began, and what had passed since the one before; milliseconds. */
  #began = 0;
  #passed = 0;
  /** When there was none without a sample, milliseconds. */
  #caughtUpAt = 0;
  /** Milliseconds of CPU that this thread has used. */
  readonly #threadCpu: () => number;
  readonly #timeLeft: () => number;
  /** Whether something was done for them at this tick. */
  #isServed = false;
  readonly #looks: Interval;
  /** Until when somebody is new, milliseconds. */
  #newUntil = 0;
  /** Up to where the sample in hand may use CPU, milliseconds. */
  #sampleUntil = Number.POSITIVE_INFINITY;

  /** `timeLeft`: milliseconds after which the next tick is missed. */
  constructor(threadCpu: () => number, isLasting: boolean, timeLeft = () => Number.POSITIVE_INFINITY) {
    this.#threadCpu = threadCpu;
    this.#timeLeft = timeLeft;
    this.#looks = new Interval(isLasting ? lookEveryOfLasting : 0, Number.NEGATIVE_INFINITY);
  }

  /** One came that is new until then. */
  came(newUntil: number): void {
    this.#newUntil = Math.max(this.#newUntil, newUntil);
  }

  /** Whether to call `serve` at this tick: somebody is new, or it is to be seen whether somebody was found. */
  areDue(time: number): boolean {
    return this.#looks.isDue(time) || time < this.#newUntil;
  }

  /** Before anything else is done at a tick; milliseconds. */
  beginTick(now: number): void {
    this.#passed = now - this.#began;
    this.#began = now;
    this.#isServed = false;
    this.#budget.beginTick(now);
  }

  /**
   * Begins with those that are new and samples the `known` ones, as far as there is time. One is learnt and sampled
   * before the next is begun with: where there is not time for all, else all would have ended before their first
   * sample. Those that are known come after them, since they would leave nothing; first who was left out longest.
   */
  serve<Process extends Newcomer>(
    known: readonly Process[],
    time: number,
    work: NewcomerWork<Process>,
  ): void {
    const lastSample = this.#lastSample;
    const waiting = known.filter((process) => !lastSample.has(process));
    const sampled = known.filter((process) => lastSample.has(process));
    const isBehind = time - this.#caughtUpAt > longestWithout;
    const more = Math.max(ofTickWithout, Math.min(mostOfTickWithout, this.#passed * shareWithout));
    const until = this.cpu + (isBehind ? more : 0);
    while (this.#mayGoOn || this.cpu < until) {
      const process = waiting[0] ?? this.#pay(() => work.next());
      if (process === undefined) {
        this.#caughtUpAt = time;
        break;
      }
      this.#isServed = true;
      if (process === 'gone') continue;
      if (waiting.length === 0) waiting.push(process);
      else if (!process.isBegun) this.#pay(() => process.begin(time));
      else {
        this.#sample(process, work);
        waiting.shift();
      }
    }
    sampled.sort((a, b) => lastSample.get(a)! - lastSample.get(b)!);
    for (const process of sampled) {
      for (; this.#mayGoOn && !process.isBegun; this.#isServed = true) this.#pay(() => process.begin(time));
      if (this.#mayGoOn) this.#sample(process, work);
      else this.leftOut++;
    }
    this.leftOut += waiting.length;
  }

  /** After all that was done at a tick. */
  endTick(now: number): void {
    this.#budget.endTick(now);
  }

  /**
   * Whether they have something left of their part, and none of the others waits for what is done with it. Once in a
   * tick they do all the same: at high rates none has the time.
   */
  get #mayGoOn(): boolean {
    return this.#budget.isOpen && (!this.#isServed || this.#timeLeft() > longestStep);
  }

  /** Whether the sample in hand is of a newcomer and has taken all that it may. */
  get isTimeUp(): boolean {
    return this.#sampleUntil < Number.POSITIVE_INFINITY && this.#threadCpu() >= this.#sampleUntil;
  }

  #sample<Process extends Newcomer>(process: Process, work: NewcomerWork<Process>): void {
    this.#isServed = true;
    this.#lastSample.set(process, ++this.#samples);
    this.#sampleUntil = this.#threadCpu() + mostOfSample;
    this.#pay(() => work.sample(process));
    this.#sampleUntil = Number.POSITIVE_INFINITY;
  }

  #pay<T>(act: () => T): T {
    const before = this.#threadCpu();
    const result = act();
    const taken = this.#threadCpu() - before;
    this.cpu += taken;
    this.#budget.spend(taken);
    return result;
  }
}
