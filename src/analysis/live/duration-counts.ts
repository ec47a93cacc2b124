/** One step of the scale: times within it are one. */
const step = Math.log(1.01);

/**
 * How many things took how long, to half a per cent, in memory that does not grow with their number: from a microsecond
 * to a year there are some 3,000 steps.
 */
export class DurationCounts {
  count = 0;
  /** Microseconds. */
  longest = 0;
  readonly #counts = new Map<number, number>();

  add(microseconds: number): void {
    const at = Math.round(Math.log(Math.max(1, microseconds)) / step);
    this.#counts.set(at, (this.#counts.get(at) ?? 0) + 1);
    this.count++;
    this.longest = Math.max(this.longest, microseconds);
  }

  /** The smallest time that is not below this part (0 to 1) of all; `undefined` where there is none. */
  percentile(part: number): number | undefined {
    if (this.count === 0) return undefined;
    let left = Math.max(1, Math.ceil(this.count * part));
    for (const [at, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.min(Math.exp(at * step), this.longest);
    }
    return this.longest;
  }
}
