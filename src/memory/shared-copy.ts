import { ReadPlan } from './read-plan.js';
import type { TargetMemory } from './target-memory.js';

/**
 * A plan and what it brings, for those who look at that before anybody else reads by it. One lasts for all processes:
 * to make room anew for each that is found took as long as to read.
 */
export class SharedCopy {
  readonly plan = new ReadPlan();
  #bytes = new Uint8Array(1 << 12);
  /** What was copied last. */
  words = new Uint32Array(this.#bytes.buffer);

  /** Copies what the plan says; how many bytes arrived, as `TargetMemory.readMany` has it. */
  read(memory: TargetMemory): number {
    if (this.plan.bytes > this.#bytes.length) {
      this.#bytes = new Uint8Array(this.plan.bytes * 2);
      this.words = new Uint32Array(this.#bytes.buffer);
    }
    return memory.readMany(this.plan, this.#bytes);
  }
}

/** For what is compared with what it was. */
export const comparedCopy = new SharedCopy();
