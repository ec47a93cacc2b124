import type { ReadPlan } from '../memory/read-plan.js';

/**
 * The bytes that distinguish a code object from every other one that may come to lie at its address: when they are read again and are the
 * same, what was learnt of the code still holds.
 *
 *   from 3.12   the object's own fields from `co_argcount` to `co_linetable`; among them is `co_version`, which no two code objects of an
 *               interpreter share
 *   up to 3.11  the same fields, and of the strings and the line table that they point to length and first characters: a program that makes
 *               one function after another gets the same addresses for all of them, in turn
 *
 * Fields that change while the object lives (reference counts, caches) are masked out.
 */
export class CodeIdentity {
  static of(parts: readonly IdentityPart[]): CodeIdentity {
    const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const all = new Uint8Array(total);
    const mask = new Uint8Array(total).fill(0xff);
    let at = 0;
    for (const { bytes, ignoredFrom, ignoredTo } of parts) {
      all.set(bytes, at);
      mask.fill(0, at + ignoredFrom, at + ignoredTo);
      at += bytes.length;
    }
    const regions = parts.flatMap(({ address, bytes }) => [address, bytes.length]);
    return new CodeIdentity(regions, new Uint32Array(all.buffer), new Uint32Array(mask.buffer));
  }

  /** Address and length of each region, in turn; multiples of 8. */
  readonly #regions: readonly number[];
  readonly #words: Uint32Array;
  /** A bit is 0 where the object may change while it lives. */
  readonly #mask: Uint32Array;

  private constructor(regions: readonly number[], words: Uint32Array, mask: Uint32Array) {
    this.#regions = regions;
    this.#words = words;
    this.#mask = mask;
  }

  get bytes(): number {
    return this.#words.length * 4;
  }

  /** Adds what must be read to compare; returns at which byte of the destination it begins. */
  addTo(plan: ReadPlan): number {
    const offset = plan.bytes;
    const regions = this.#regions;
    for (let at = 0; at < regions.length; at += 2) plan.add(regions[at]!, regions[at + 1]!);
    return offset;
  }

  /** Whether the code is the same one by what was read, which begins at `words[first]`. */
  matches(words: Uint32Array, first: number): boolean {
    const own = this.#words;
    for (let at = 0; at < own.length; at++)
      if (((own[at]! ^ words[first + at]!) & this.#mask[at]!) !== 0) return false;
    return true;
  }

  /** Whether it is read from within the `length` bytes at `address`. */
  reads(address: number, length: number): boolean {
    const regions = this.#regions;
    for (let at = 0; at < regions.length; at += 2)
      if (regions[at]! >= address && regions[at]! < address + length) return true;
    return false;
  }

  /** Whether what another identity's `addTo` asks for is the same as what this one's does. */
  readsAs(other: CodeIdentity): boolean {
    const { length } = this.#regions;
    return length === other.#regions.length && this.#regions.every((part, at) => part === other.#regions[at]);
  }
}

/** Bytes of the target that belong to an identity, a multiple of 8; from `ignoredFrom` to `ignoredTo` they may change. */
export interface IdentityPart {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly ignoredFrom: number;
  readonly ignoredTo: number;
}
