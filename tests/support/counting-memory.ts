import type { TargetMemory } from '../../src/memory/target-memory.js';

/** The same memory, and how often it was read; many regions at once are one read. */
export function countingMemory(memory: TargetMemory): TargetMemory & { readonly reads: number } {
  let reads = 0;
  return {
    get reads() {
      return reads;
    },
    read: (address, length) => {
      reads++;
      return memory.read(address, length);
    },
    readMany: (plan, into) => {
      reads++;
      return memory.readMany(plan, into);
    },
  };
}
