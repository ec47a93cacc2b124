/** Numbers pairs of whole numbers in order of first sight: the same pair always has the same number. No objects per pair. */
export class PairTable {
  readonly #start: number;
  #size = 0;
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  #slots = new Int32Array(2048).fill(-1);

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

  /** The number of the pair. It was new when that is what `next` was before the call. */
  intern(first: number, second: number): number {
    const slot = this.#slot(first, second);
    const known = this.#slots[slot]!;
    if (known >= 0) return this.#start + known;
    const place = this.#size++;
    if (place >= this.#first.length) this.#growColumns();
    this.#first[place] = first;
    this.#second[place] = second;
    this.#slots[slot] = place;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return this.#start + place;
  }

  #slot(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (;;) {
      const place = this.#slots[slot]!;
      if (place < 0 || (this.#first[place] === first && this.#second[place] === second)) return slot;
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
    for (const place of old)
      if (place >= 0) this.#slots[this.#slot(this.#first[place]!, this.#second[place]!)] = place;
  }
}
