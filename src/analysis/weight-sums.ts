import { PairTable } from '../model/pair-table.js';
import type { StackPairs } from './stack-pairs.js';

/** What weights of samples add up to: see sample-weights.ts. */
export interface Sums {
  readonly time: number;
  readonly waiting: number;
  readonly cpu: number;
  readonly samples: number;
}

/** Numbers of an entry, one after another. */
const width = 4;

/**
 * Weights added up by a pair of numbers, such as a stack and a state: a recording has far fewer of these than runs.
 * Without an object for each, or there were one for every second run at worst.
 */
export class WeightSums {
  readonly #numbers: PairTable | StackPairs;
  #values = new Float64Array(64 * width);

  /** `numbers`: a table without any pair. */
  constructor(numbers: PairTable | StackPairs = new PairTable()) {
    this.#numbers = numbers;
  }

  add(first: number, second: number, weight: Sums): void {
    const at = this.#numbers.intern(first, second) * width;
    if (at === this.#values.length) this.#grow();
    const values = this.#values;
    values[at]! += weight.time;
    values[at + 1]! += weight.waiting;
    values[at + 2]! += weight.cpu;
    values[at + 3]! += weight.samples;
  }

  /** In order of first sight. */
  each(visit: (first: number, second: number, sums: Sums) => void): void {
    const values = this.#values;
    for (let number = 0; number < this.#numbers.size; number++) {
      const at = number * width;
      const [time, waiting, cpu, samples] = [values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!];
      visit(this.#numbers.firstOf(number), this.#numbers.secondOf(number), { time, waiting, cpu, samples });
    }
  }

  #grow(): void {
    const larger = new Float64Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}
