import type { ReadPlan } from '../../src/memory/read-plan.js';
import { processEnded, type TargetMemory } from '../../src/memory/target-memory.js';

/** Memory of which the test changes words, and sees what is read of it. What is behind it gives copies. */
export class PatchedMemory implements TargetMemory {
  /** The process is gone. */
  ended = false;
  /** Beginnings of the regions that `readMany` has read since the test cleared them. */
  readonly seen = new Set<number>();
  readonly #behind: TargetMemory;
  readonly #words = new Map<number, bigint>();
  readonly #acts = new Map<number, () => void>();
  readonly #gone: [address: number, length: number][] = [];
  readonly #changed: () => void;

  /** `changed` is called at each change. */
  constructor(behind: TargetMemory, changed = () => {}) {
    this.#behind = behind;
    this.#changed = changed;
  }

  /** Makes the 8 bytes at `address` be this number; `address` is a multiple of 8. */
  set(address: number, value: number): void {
    this.#words.set(address, BigInt(value));
    this.#changed();
  }

  /** The same of the 4 bytes at `address`, a multiple of 4. */
  setInt(address: number, value: number): void {
    const word = address - (address % 8);
    const bytes = this.read(word, 8)!;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    view.setInt32(address - word, value, true);
    this.#words.set(word, view.getBigUint64(0, true));
    this.#changed();
  }

  get(address: number): number {
    const bytes = this.read(address, 8)!;
    return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  }

  /** What lies there cannot be read any more. */
  unmap(address: number, length: number): void {
    this.#gone.push([address, length]);
    this.#changed();
  }

  read(address: number, length: number): Uint8Array | undefined {
    if (this.ended) return undefined;
    if (length === 8) this.#acts.get(address)?.();
    for (const [from, size] of this.#gone)
      if (address < from + size && from < address + length) return undefined;
    const bytes = this.#behind.read(address, length);
    if (!bytes) return undefined;
    for (const [at, value] of this.#words) {
      if (at + 8 <= address || at >= address + length) continue;
      for (let byte = 0; byte < 8; byte++)
        if (at + byte >= address && at + byte < address + length)
          bytes[at + byte - address] = Number((value >> BigInt(byte * 8)) & 255n);
    }
    return bytes;
  }

  /** Does something before the word at `address` is read by itself. */
  before(address: number, act: () => void): void {
    this.#acts.set(address, act);
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    if (this.ended) return processEnded;
    let filled = 0;
    for (let region = 0; region < plan.count; region++) {
      const address = plan.addressOf(region);
      this.seen.add(address);
      const bytes = this.read(address, plan.lengthOf(region));
      if (!bytes) break;
      into.set(bytes, filled);
      filled += bytes.length;
    }
    return filled;
  }
}
