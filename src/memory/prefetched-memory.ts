import { ReadPlan } from './read-plan.js';
import type { TargetMemory } from './target-memory.js';

/**
 * The same memory, where reads that begin at one of `addresses` and are no longer than `length` are answered from a
 * copy that is made of all of them at once: for a list whose items are known from before, of which each would take a
 * system call.
 */
export function prefetchedMemory(
  memory: TargetMemory,
  addresses: readonly number[],
  length: number,
): TargetMemory {
  const plan = new ReadPlan();
  const offsets = new Map<number, number>();
  for (const address of addresses) offsets.set(address, plan.add(address, length));
  const copy = new Uint8Array(plan.bytes);
  // What lies beyond a region that cannot be read any more did not arrive.
  const copied = plan.count === 0 ? 0 : memory.readMany(plan, copy);
  return {
    read(address, wanted) {
      const offset = offsets.get(address);
      if (offset === undefined || wanted > length || offset + wanted > copied)
        return memory.read(address, wanted);
      return copy.slice(offset, offset + wanted);
    },
    readMany: (plan, into) => memory.readMany(plan, into),
  };
}
