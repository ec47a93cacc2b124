import { KnownBytes, type KnownPart } from './known-bytes.js';
import type { ReadPlan } from './read-plan.js';
import { readEach, type TargetMemory } from './target-memory.js';

/** A read of so many bytes begins with an object's count of references, which changes all the time. */
const shortestObject = 16;

/**
 * The same memory, of which all that is read is noted, to the last byte: as long as that is the same, so is what was
 * found, however it was. (`RecordedMemory` leaves out tables and what many objects have.)
 */
export class ProvenReads implements TargetMemory {
  readonly #behind: TargetMemory;
  readonly #parts: KnownPart[] = [];

  constructor(behind: TargetMemory) {
    this.#behind = behind;
  }

  read(address: number, length: number): Uint8Array | undefined {
    // What is compared is words.
    const start = address - (address % 4);
    const end = Math.ceil((address + length) / 4) * 4;
    const bytes = this.#behind.read(start, end - start);
    if (!bytes) return undefined;
    const ignoredTo = length >= shortestObject ? 8 : 0;
    this.#parts.push({ address: start, bytes: bytes.slice(), ignoredFrom: 0, ignoredTo });
    return bytes.subarray(address - start, address - start + length);
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    return readEach(plan, into, (address, length) => this.read(address, length));
  }

  /** What was read so far. */
  get known(): KnownBytes {
    return KnownBytes.of(this.#parts);
  }
}
