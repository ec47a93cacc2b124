import type { KnownBytes } from '../../memory/known-bytes.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { firstRoom } from '../../model/grown.js';

/** Entries at most: to make room for all takes 0.1 ms, and a process that lives for a moment calls few functions. */
const mostEntries = 1 << 12;
/**
 * As for code (`NameCheck`), twice as often: what is named wrongly is so for less than a 2,048th of the time for which
 * it was right.
 */
const partOfAge = 2048;
/** Microseconds between two looks at the same entry, whatever its age. */
const shortestPause = 50;

/** By what an object is looked up: two words and the way in which it is called (`CallKind`). */
export interface CallableKey {
  readonly first: number;
  readonly second: number;
  readonly kind: number;
}

/**
 * What was learnt of objects that are called, by two words and a kind, with the bytes that it was learnt from: an
 * object may be dropped, and another one lie at its address.
 */
export class CallableCache {
  readonly #memory: TargetMemory;
  #entries = firstRoom;
  #first = new Uint32Array(firstRoom);
  #second = new Uint32Array(firstRoom);
  /** 0: free. */
  #kind = new Uint8Array(firstRoom);
  #fn = new Int32Array(firstRoom);
  #known = new Array<KnownBytes | undefined>(firstRoom).fill(undefined);
  #since = new Float64Array(firstRoom);
  #checkedAt = new Float64Array(firstRoom);
  /** Up to then, what is no C function was not compared again. */
  #doubtedAt = Number.NEGATIVE_INFINITY;

  constructor(memory: TargetMemory) {
    this.#memory = memory;
  }

  /**
   * The number of the function, `undefined` when it is not known, `changed` when it is another one by what is read now:
   * which one it was a moment ago cannot be known then. `now`: microseconds.
   */
  get(first: number, second: number, kind: number, now: number): number | 'changed' | undefined {
    const slot = this.#slotOf(first, second, kind);
    if (this.#first[slot] !== first || this.#second[slot] !== second || this.#kind[slot] !== kind)
      return undefined;
    const fn = this.#fn[slot]!;
    // A function of Python is only evidence of a call, and looked at again where it counts (`CCalls.runs`).
    if (fn <= 0) {
      if (this.#checkedAt[slot]! > this.#doubtedAt) return fn;
      return fn < 0 && this.#checkAgain(slot, now) ? fn : undefined;
    }
    const checkedAt = this.#checkedAt[slot]!;
    const pause = Math.max(shortestPause, (checkedAt - this.#since[slot]!) / partOfAge);
    if (now - checkedAt < pause) return fn;
    return this.#checkAgain(slot, now) ? fn : 'changed';
  }

  #checkAgain(slot: number, now: number): boolean {
    if (this.#holds(this.#known[slot])) {
      this.#checkedAt[slot] = now;
      return true;
    }
    this.#kind[slot] = 0;
    return false;
  }

  #holds(known: KnownBytes | undefined): boolean {
    if (!known) return false;
    // Where nothing was read to learn it, nothing can change.
    return known.bytes === 0 || known.areIn(this.#memory);
  }

  set({ first, second, kind }: CallableKey, now: number, fn: number, known: KnownBytes): void {
    const slot = this.#freeSlot(first, second, kind);
    this.#first[slot] = first;
    this.#second[slot] = second;
    this.#kind[slot] = kind;
    this.#fn[slot] = fn;
    this.#known[slot] = known;
    this.#since[slot] = this.#checkedAt[slot] = now;
  }

  /** The slot of a key, which another one may have: then there is room for more from now on, up to a bound. */
  #freeSlot(first: number, second: number, kind: number): number {
    const slot = this.#slotOf(first, second, kind);
    const isSame = this.#first[slot] === first && this.#second[slot] === second;
    if (this.#kind[slot] === 0 || isSame || this.#entries >= mostEntries) return slot;
    this.#grow();
    return this.#slotOf(first, second, kind);
  }

  #grow(): void {
    const [first, second, kind, fn] = [this.#first, this.#second, this.#kind, this.#fn];
    const [known, since, checkedAt] = [this.#known, this.#since, this.#checkedAt];
    this.#entries *= 4;
    this.#first = new Uint32Array(this.#entries);
    this.#second = new Uint32Array(this.#entries);
    this.#kind = new Uint8Array(this.#entries);
    this.#fn = new Int32Array(this.#entries);
    this.#known = new Array<KnownBytes | undefined>(this.#entries).fill(undefined);
    this.#since = new Float64Array(this.#entries);
    this.#checkedAt = new Float64Array(this.#entries);
    for (let old = 0; old < kind.length; old++) {
      if (kind[old] === 0) continue;
      const slot = this.#slotOf(first[old]!, second[old]!, kind[old]!);
      this.#first[slot] = first[old]!;
      this.#second[slot] = second[old]!;
      this.#kind[slot] = kind[old]!;
      this.#fn[slot] = fn[old]!;
      this.#known[slot] = known[old];
      this.#since[slot] = since[old]!;
      this.#checkedAt[slot] = checkedAt[old]!;
    }
  }

  #slotOf(first: number, second: number, kind: number): number {
    const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(kind, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 15)) & (this.#entries - 1);
  }

  /**
   * What was no C function up to `now` is looked at again when it is met next: another object may be in its place. A
   * function of Python is compared: to learn it anew takes six reads, and a stack of a web server has thirty of them,
   * an eighth of a sampler's time. What was nothing of interest is learnt anew: it may have been read while it changed.
   */
  doubtOthers(now: number): void {
    this.#doubtedAt = now;
  }

  clear(): void {
    this.#kind.fill(0);
    this.#known.fill(undefined);
  }
}
