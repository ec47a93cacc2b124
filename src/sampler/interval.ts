/** What is due once in so many milliseconds, asked more often than that. */
export class Interval {
  readonly #length: number;
  #last: number;

  /** `last`: when it was done, or taken to be. */
  constructor(length: number, last: number) {
    this.#length = length;
    this.#last = last;
  }

  /** Whether it is due; then it is taken to be done at `now`. */
  isDue(now: number): boolean {
    if (now - this.#last < this.#length) return false;
    this.#last = now;
    return true;
  }
}
