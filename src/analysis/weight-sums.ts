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

  /** How many pairs there are. */
  get size(): number {
    return this.#numbers.size;
  }

  /** In order of first sight: those from one number up to another. The sums are the same object each time. */
  each(visit: (first: number, second: number, sums: Sums) => void, from = 0, to = this.size): void {
    const values = this.#values;
    const sums = { time: 0.5, waiting: 0.5, cpu: 0.5, samples: 0.5 };
    for (let number = from; number < Math.min(to, this.size); number++) {
      const at = number * width;
      sums.time = values[at]!;
      sums.waiting = values[at + 1]!;
      sums.cpu = values[at + 2]!;
      sums.samples = values[at + 3]!;
      visit(this.#numbers.firstOf(number), this.#numbers.secondOf(number), sums);
    }
  }

  #grow(): void {
    const larger = new Float64Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}
