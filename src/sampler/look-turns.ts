import type { Steps } from '../memory/steps.js';

/**
 * The part of the time between two ticks that looks may take: what takes longer than that goes on after the next tick.
 * Intervals between ticks vary by half of them, and the tick itself takes its time.
 */
const partOfTick = 0.3;
/** Microseconds of each tick that they may take at least, and at most. */
const [leastOfTick, mostOfTick] = [200, 5000];
/**
 * Microseconds for the first turn of a look: what ends before it is read is missed, more often the shorter it is. On a
 * busy machine a second passes between ten ticks. The first looks learn what there is, by code that V8 has not compiled
 * yet: of 200 tasks half were missed with 5 ms.
 */
const [ofFirstTurn, ofFirstTurnAtFirst] = [5000, 20_000];
/** Ticks of which the average is taken. */
const averagedTicks = 16;

/** The CPU time that the looks at one process share, beside the ticks. */
export class LookTime {
  #lastTick: number | undefined;
  /** Microseconds between two ticks; 0: there was one at most. */
  #tickEvery = 0;
  /** Looks that are under way. */
  underWay = 0;

  /** To be called at each tick, before the looks have their turns. */
  tick(now: number): void {
    if (this.#lastTick !== undefined) {
      const passed = now - this.#lastTick;
      this.#tickEvery += (passed - this.#tickEvery) / (this.#tickEvery === 0 ? 1 : averagedTicks);
    }
    this.#lastTick = now;
  }

  /** Microseconds that each may take at this tick. */
  get ofEach(): number {
    const all = Math.min(mostOfTick, Math.max(leastOfTick, this.#tickEvery * partOfTick));
    return all / Math.max(1, this.underWay);
  }
}

export interface LookTurnsParts {
  readonly time: LookTime;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
}

/** A look that is made in steps: some after each tick, until it is over. */
export class LookTurns {
  readonly #parts: LookTurnsParts;
  #steps: Steps<void> | undefined;
  /** Microseconds of CPU time that it took so far, and that its first turn may take. */
  #spent = 0;
  #ofFirstTurn = 0;
  /** Of all looks. */
  count = 0;

  constructor(parts: LookTurnsParts) {
    this.#parts = parts;
  }

  /** It goes on at the next tick. */
  get isUnderWay(): boolean {
    return this.#steps !== undefined;
  }

  /** `isAtFirst`: it is one of the first looks. */
  begin(steps: Steps<void>, isAtFirst: boolean): void {
    this.stop();
    this.#ofFirstTurn = isAtFirst ? ofFirstTurnAtFirst : ofFirstTurn;
    this.#steps = steps;
    this.#parts.time.underWay++;
    this.#spent = 0;
  }

  /** For so many microseconds of CPU time. Returns what the look cost once it is over. */
  goOn(most?: number): number | undefined {
    if (!this.#steps) return undefined;
    const { cpu, clock, time } = this.#parts;
    const ofTurn = most ?? Math.max(this.#spent === 0 ? this.#ofFirstTurn : 0, time.ofEach);
    const began = cpu();
    this.count++;
    let [isOver, left] = [false, ofTurn];
    do {
      // No CPU time passes faster than the clock, which costs a tenth to ask.
      const until = clock() + left;
      do isOver = this.#steps.next().done === true;
      while (!isOver && clock() < until);
      left = ofTurn - (cpu() - began);
    } while (!isOver && left > 0);
    this.#spent += cpu() - began;
    if (!isOver) return undefined;
    this.stop();
    return this.#spent;
  }

  /** What is not done is left. */
  stop(): void {
    if (!this.#steps) return;
    this.#steps = undefined;
    this.#parts.time.underWay--;
  }
}
