import { Column } from '../model/column.js';
import { PairTable } from '../model/pair-table.js';

/** What weights of samples add up to: see sample-weights.ts. */
export interface Sums {
  readonly time: number;
  readonly waiting: number;
  readonly cpu: number;
  readonly samples: number;
}

/**
 * Weights added up by a pair of numbers, such as a stack and a state: a recording has far fewer of these than runs.
 * Without an object for each, or there were one for every second run at worst.
 */
export class WeightSums {
  readonly #numbers = new PairTable();
  readonly #columns = { time: floats(), waiting: floats(), cpu: floats(), samples: floats() };

  add(first: number, second: number, { time, waiting, cpu, samples }: Sums): void {
    const number = this.#numbers.intern(first, second);
    addTo(this.#columns.time, number, time);
    addTo(this.#columns.waiting, number, waiting);
    addTo(this.#columns.cpu, number, cpu);
    addTo(this.#columns.samples, number, samples);
  }

  /** In order of first sight. */
  each(visit: (first: number, second: number, sums: Sums) => void): void {
    const { time, waiting, cpu, samples } = this.#columns;
    for (let number = 0; number < time.length; number++)
      visit(this.#numbers.firstOf(number), this.#numbers.secondOf(number), {
        ...{ time: time.at(number), waiting: waiting.at(number) },
        ...{ cpu: cpu.at(number), samples: samples.at(number) },
      });
  }
}

type Floats = Column<Float64Array>;
const floats = (): Floats => Column.float64();

function addTo(column: Floats, number: number, value: number): void {
  if (number === column.length) column.push(value);
  else column.set(number, column.at(number) + value);
}
