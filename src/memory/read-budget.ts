import type { TargetMemory } from './target-memory.js';

/**
 * The same memory, of which nothing can be read any more after `regions` reads: whoever follows pointers in it ends in
 * bounded time, whatever the target put there.
 */
export function withReadBudget(memory: TargetMemory, regions: number): TargetMemory {
  let left = regions;
  return {
    read: (address, length) => (left-- > 0 ? memory.read(address, length) : undefined),
    readMany(plan, into) {
      left -= plan.count;
      return left >= 0 ? memory.readMany(plan, into) : 0;
    },
  };
}
