import type { Layout } from '../../cpython/layout.js';
import { pointerAt } from '../../memory/pointers.js';
import type { ReadPlan } from '../../memory/read-plan.js';

/**
 * `collections.deque` (Modules/_collectionsmodule.c): behind the length, two blocks and an index in each, a number that
 * is counted up with each item that comes or goes. No header shows it; it was at the same place in each of 3.6 to 3.15.
 */
const stateBehindSize = 40;

/** The queue from which a loop of asyncio takes what it runs next. */
export class ReadyQueue {
  readonly #address: number;
  /** Byte of the next copy at which it is; -1: nowhere. */
  #offset = -1;
  #state = Number.NaN;
  #length = Number.NaN;

  constructor({ object }: Layout, queue: number) {
    this.#address = queue + object.size;
  }

  addTo(plan: ReadPlan): void {
    this.#offset = plan.add(this.#address, stateBehindSize + 8);
  }

  isWithin(address: number, length: number): boolean {
    return this.#address >= address && this.#address < address + length;
  }

  /** Whether nothing was taken from it since this was asked last; `undefined`: it is not in this copy. */
  isUntouched(words: Uint32Array): boolean | undefined {
    if (this.#offset < 0) return undefined;
    const length = pointerAt(words, this.#offset);
    const state = pointerAt(words, this.#offset + stateBehindSize);
    // Each item that came changed both by one, each that was taken changed them in opposite directions.
    const isUntouched = state - this.#state === length - this.#length;
    this.#state = state;
    this.#length = length;
    return isUntouched;
  }
}
