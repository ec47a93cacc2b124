import type { ReadPlan } from './read-plan.js';
import { readEach, type TargetMemory } from './target-memory.js';

/** Memory made of pieces given by hand: for tests. */
export class FakeMemory implements TargetMemory {
  readonly #pieces: { address: number; bytes: Uint8Array }[] = [];
  readonly #taken = new Set<number>();

  /** Makes `bytes` readable at `address`. A later piece hides an earlier one where they overlap. */
  put(address: number, bytes: Uint8Array): void {
    this.#pieces.unshift({ address, bytes });
  }

  /** Makes the page at `address` unreadable. */
  take(address: number): void {
    this.#taken.add(address);
  }

  read(address: number, length: number): Uint8Array | undefined {
    for (const page of this.#taken) if (address < page + 4096 && address + length > page) return undefined;
    for (const piece of this.#pieces) {
      const offset = address - piece.address;
      if (offset >= 0 && offset + length <= piece.bytes.length)
        return piece.bytes.slice(offset, offset + length);
    }
    return undefined;
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    return readEach(plan, into, (address, length) => this.read(address, length));
  }
}
