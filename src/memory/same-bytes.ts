import { ReadPlan } from './read-plan.js';
import type { TargetMemory } from './target-memory.js';

/** Bytes at many addresses, and whether they are still the same. */
export class SameBytes {
  readonly #memory: TargetMemory;
  readonly #plan = new ReadPlan();
  #kept = new Uint8Array();
  #now = new Uint8Array();

  constructor(memory: TargetMemory) {
    this.#memory = memory;
  }

  add(address: number, length: number): void {
    this.#plan.add(address, length);
  }

  /** Keeps what is there now. False when not all of it can be read. */
  keep(): boolean {
    this.#kept = new Uint8Array(this.#plan.bytes);
    this.#now = new Uint8Array(this.#plan.bytes);
    return this.#memory.readMany(this.#plan, this.#kept) === this.#plan.bytes;
  }

  /** Whether all is as it was kept. */
  isSame(): boolean {
    if (this.#memory.readMany(this.#plan, this.#now) !== this.#plan.bytes) return false;
    return this.#now.every((byte, at) => byte === this.#kept[at]);
  }
}
