import type { TargetMemory } from './target-memory.js';

/** Regions that may still be read, for several readers to share. */
export class ReadBudget {
  left: number;

  constructor(regions: number) {
    this.left = regions;
  }
}

/**
 * The same memory, of which nothing can be read any more after `regions` reads: whoever follows pointers in it ends in
 * bounded time, whatever the target put there.
 */
export function withReadBudget(memory: TargetMemory, regions: number | ReadBudget): TargetMemory {
  const budget = typeof regions === 'number' ? new ReadBudget(regions) : regions;
  return {
    read: (address, length) => (budget.left-- > 0 ? memory.read(address, length) : undefined),
    readMany(plan, into) {
      budget.left -= plan.count;
      return budget.left >= 0 ? memory.readMany(plan, into) : 0;
    },
  };
}
