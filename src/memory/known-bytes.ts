import type { ReadPlan } from './read-plan.js';
import { comparedCopy } from './shared-copy.js';
import type { TargetMemory } from './target-memory.js';

/**
 * Bytes of the target from which something was learnt: when they are read again and are the same, it still holds.
 * What may change without a meaning (reference counts, caches) is masked out.
 */
export class KnownBytes {
  static of(parts: readonly KnownPart[]): KnownBytes {
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
    return new KnownBytes(regions, new Uint32Array(all.buffer), new Uint32Array(mask.buffer));
  }

  /** Those that are there now, none of which may change; `undefined` when not all of it can be read. */
  static now(memory: TargetMemory, plan: ReadPlan): KnownBytes | undefined {
    const all = new Uint8Array(plan.bytes);
    if (memory.readMany(plan, all) !== plan.bytes) return undefined;
    const regions: number[] = [];
    for (let region = 0; region < plan.count; region++)
      regions.push(plan.addressOf(region), plan.lengthOf(region));
    const words = new Uint32Array(all.buffer);
    return new KnownBytes(regions, words, new Uint32Array(words.length).fill(0xffff_ffff));
  }

  /** Address and length of each region, in turn. */
  readonly #regions: readonly number[];
  readonly #words: Uint32Array;
  /** A bit is 0 where they may change. */
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

  /** Whether they are the same in what was read, which begins at `words[first]`. */
  matches(words: Uint32Array, first: number): boolean {
    const own = this.#words;
    for (let at = 0; at < own.length; at++)
      if (((own[at]! ^ words[first + at]!) & this.#mask[at]!) !== 0) return false;
    return true;
  }

  /** Whether memory has them now. */
  areIn(memory: TargetMemory): boolean {
    const { plan } = comparedCopy;
    plan.clear();
    this.addTo(plan);
    return comparedCopy.read(memory) === plan.bytes && this.matches(comparedCopy.words, 0);
  }

  /** Whether it is read from within the `length` bytes at `address`. */
  reads(address: number, length: number): boolean {
    const regions = this.#regions;
    for (let at = 0; at < regions.length; at += 2)
      if (regions[at]! >= address && regions[at]! < address + length) return true;
    return false;
  }

  /** Whether what the `addTo` of others asks for is the same as what this one's does. */
  readsAs(other: KnownBytes): boolean {
    const { length } = this.#regions;
    return length === other.#regions.length && this.#regions.every((part, at) => part === other.#regions[at]);
  }
}

/** Bytes at an address, a multiple of 4; those from `ignoredFrom` to `ignoredTo` may change. */
export interface KnownPart {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly ignoredFrom: number;
  readonly ignoredTo: number;
}
