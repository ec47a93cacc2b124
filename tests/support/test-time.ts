import type { Time } from '../../src/sampler/time.js';

/** How long a question for the time takes, milliseconds: so a loop that waits for a moment comes to it. */
const question = 0.001;

/** Time that passes only when somebody waits or asks for it. At given moments the test acts. */
export class TestTime implements Time {
  readonly origin = 1e12;
  /** Whether its thread goes before others. */
  isFirst = false;
  /** Milliseconds. */
  #now = 0;
  #waited = 0;
  readonly #actions: { readonly at: number; readonly act: () => void }[] = [];

  /** `act` at that moment, as seen by who asks next for the time. */
  at(moment: number, act: () => void): this {
    this.#actions.push({ at: moment, act });
    this.#actions.sort((a, b) => a.at - b.at);
    return this;
  }

  now(): number {
    this.pass(question);
    return this.#now;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    while (this.#actions.length > 0 && this.#actions[0]!.at <= this.#now) this.#actions.shift()!.act();
  }

  wait(_cells: Int32Array, _index: number, milliseconds: number): void {
    this.#waited += Math.max(0, milliseconds);
    this.pass(Math.max(0, milliseconds));
  }

  /** What does not wait, works. */
  cpu(): number {
    return this.#now - this.#waited;
  }

  readonly goFirst = (isFirst: boolean): boolean => {
    this.isFirst = isFirst;
    return true;
  };

  /** In turn less and more than a half, so that intervals are what they are on average. */
  #low = false;
  random(): number {
    this.#low = !this.#low;
    return this.#low ? 0.25 : 0.75;
  }
}
