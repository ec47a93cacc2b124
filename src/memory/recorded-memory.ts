import { KnownBytes, type KnownPart } from './known-bytes.js';
import type { ReadPlan } from './read-plan.js';
import type { TargetMemory } from './target-memory.js';

/** Longer reads are of tables that do not change. */
const longestRecorded = 256;
const mostRecorded = 64;
/** A read of so many bytes begins with an object's count of references, which changes all the time. */
const shortestObject = 16;
/** What an object has of its own, not what others like it have as well, lies within so many bytes. */
const objectBytes = 64;

/**
 * The same memory, of which it is noted what was read: what was learnt from it holds as long as those bytes are the
 * same.
 */
export class RecordedMemory implements TargetMemory {
  readonly #behind: TargetMemory;
  readonly #parts: KnownPart[] = [];

  constructor(behind: TargetMemory) {
    this.#behind = behind;
  }

  read(address: number, length: number): Uint8Array | undefined {
    const bytes = this.#behind.read(address, length);
    const kept = length & ~3;
    if (bytes && kept > 0 && length <= longestRecorded && this.#parts.length < mostRecorded) {
      const ignoredTo = length >= shortestObject ? 8 : 0;
      this.#parts.push({ address, bytes: bytes.subarray(0, kept), ignoredFrom: 0, ignoredTo });
    }
    return bytes;
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    return this.#behind.readMany(plan, into);
  }

  /**
   * Whether what was read of `bytes`, which lie at `address`, was the same as they are; all but the first `ignored`
   * of them.
   */
  agreesWith(address: number, bytes: Uint8Array, ignored: number): boolean {
    return this.#parts.every((part) =>
      part.bytes.every((byte, at) => {
        const index = part.address + at - address;
        return index < ignored || index >= bytes.length || byte === bytes[index];
      }),
    );
  }

  /** What was read so far, but for what lies within the first 64 bytes of some objects. */
  known(...objects: readonly number[]): KnownBytes {
    const isOutside = ({ address }: KnownPart) =>
      objects.every((object) => address < object || address >= object + objectBytes);
    return KnownBytes.of(this.#parts.filter(isOutside));
  }
}
