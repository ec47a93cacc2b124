import { firstRoom } from './grown.js';

/**
 * Numbers pairs of whole numbers (32 bits) in order of first sight: the same pair always has the same number. No
 * objects per pair.
 */
export class PairTable {
  #start: number;
  #size = 0;
  #first = new Int32Array(firstRoom);
  #second = new Int32Array(firstRoom);
  #slots = new Int32Array(firstRoom * 2).fill(-1);

  /** `start` is the number of the first pair. */
  constructor(start = 0) {
    this.#start = start;
  }

  /** How many pairs are known. */
  get size(): number {
    return this.#size;
  }

  /** The number that the next new pair gets. */
  get next(): number {
    return this.#start + this.#size;
  }

  /** The two of a numbered pair. */
  firstOf(number: number): number {
    return this.#first[number - this.#start]!;
  }

  secondOf(number: number): number {
    return this.#second[number - this.#start]!;
  }

  /** The number of the pair; -1 when it has none. */
  find(first: number, second: number): number {
    const index = this.#slots[this.#slot(first, second)]!;
    return index < 0 ? -1 : this.#start + index;
  }

  /** The number of the pair. It was new when that is what `next` was before the call. */
  intern(first: number, second: number): number {
    const slot = this.#slot(first, second);
    const known = this.#slots[slot]!;
    if (known >= 0) return this.#start + known;
    const index = this.#size++;
    if (index >= this.#first.length) this.#growColumns();
    this.#first[index] = first;
    this.#second[index] = second;
    this.#slots[slot] = index;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return this.#start + index;
  }

  /** Forgets all pairs, and keeps the room that they took. Numbers begin again with `start`. */
  clear(start = this.#start): void {
    this.#start = start;
    this.#size = 0;
    this.#slots.fill(-1);
  }

  #slot(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index < 0 || (this.#first[index] === first && this.#second[index] === second)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #growColumns(): void {
    const first = new Int32Array(this.#first.length * 2);
    const second = new Int32Array(this.#first.length * 2);
    first.set(this.#first);
    second.set(this.#second);
    this.#first = first;
    this.#second = second;
  }

  #rehash(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(-1);
    for (const index of old)
      if (index >= 0) this.#slots[this.#slot(this.#first[index]!, this.#second[index]!)] = index;
  }
}
