import { pageSize } from '../../memory/paged-memory.js';
import type { ReadPlan } from '../../memory/read-plan.js';

/** Objects whose beginnings are copied with every tick; each costs about 0.3 µs. */
const mostWatched = 8;
/** Microseconds without use after which an object is watched no more. */
const watchedFor = 1e6;

/**
 * Objects that are made to be called and dropped, such as partials and bound methods. What they are must be of the same
 * moment as the frames: 5 µs later another one may lie at the same address, which is 1 % of the samples of a function
 * that takes half a millisecond. They come to lie at few addresses, so the beginnings of those that were called last
 * are copied along.
 */
export class ObjectWatch {
  readonly #bytes: number;
  readonly #most: number;
  readonly #least: number;
  #low: number[] = [];
  #high: number[] = [];
  #usedAt: number[] = [];
  /** Words into the tick's copy; -1: it is not there. */
  #offsets: number[] = [];
  /** The tick's plan must be made again. */
  changed = false;

  /**
   * `bytes`: how much of each, a multiple of 8; `most`: how many objects; `least`: that much also where what lies
   * beyond the page may not be readable.
   */
  constructor(bytes: number, { most = mostWatched, least = bytes } = {}) {
    this.#bytes = bytes;
    this.#most = most;
    this.#least = least;
  }

  /** How many bytes of an object are copied, by the low half of its address. */
  lengthAt(low: number): number {
    return Math.max(this.#least, Math.min(this.#bytes, pageSize - (low % pageSize)));
  }

  addTo(plan: ReadPlan): void {
    this.changed = false;
    this.#offsets = this.#low.map(
      (low, index) => plan.add(this.#high[index]! * 0x1_0000_0000 + low, this.lengthAt(low)) >> 2,
    );
  }

  /** Where the object begins in the tick's copy, in 32-bit numbers; -1: it is not there. */
  offsetOf(low: number, high: number): number {
    const index = this.#indexOf(low, high);
    return index < 0 ? -1 : (this.#offsets[index] ?? -1);
  }

  #indexOf(low: number, high: number): number {
    for (let index = 0; index < this.#low.length; index++)
      if (this.#low[index] === low && this.#high[index] === high) return index;
    return -1;
  }

  /** The object was called: from the next tick on it is copied. */
  use(low: number, high: number, now: number): void {
    const known = this.#indexOf(low, high);
    if (known >= 0) {
      this.#usedAt[known] = now;
      return;
    }
    const index =
      this.#low.length < this.#most ? this.#low.length : this.#usedAt.indexOf(Math.min(...this.#usedAt));
    this.#low[index] = low;
    this.#high[index] = high;
    this.#usedAt[index] = now;
    this.#offsets[index] = -1;
    this.changed = true;
  }

  /** Gives up what was not used of late. */
  review(now: number): void {
    this.#keep((index) => now - this.#usedAt[index]! < watchedFor);
  }

  /**
   * Gives up what begins within the `length` bytes at `address`, which cannot be read any more. True when there was
   * any.
   */
  drop(address: number, length: number): boolean {
    return this.#keep((index) => {
      const at = this.#high[index]! * 0x1_0000_0000 + this.#low[index]!;
      return at < address || at >= address + length;
    });
  }

  #keep(isKept: (index: number) => boolean): boolean {
    const kept = this.#low.map((_, index) => isKept(index));
    if (kept.every(Boolean)) return false;
    const only = (values: number[]) => values.filter((_, index) => kept[index]);
    this.#low = only(this.#low);
    this.#high = only(this.#high);
    this.#usedAt = only(this.#usedAt);
    this.#offsets = only(this.#offsets);
    this.changed = true;
    return true;
  }
}
