import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import { byteAt } from './frame-fields.js';
import type { ReadTask } from './task-trace.js';

/** What the struct of a task says by itself; it is at byte `at` of a copy. */
export function taskFields(
  { task, future }: AsyncioLayout,
  words: Uint32Array,
  at: number,
): Pick<ReadTask, 'loop' | 'callbacks' | 'hasCallbacks' | 'isCancelling' | 'awaitedBy'> {
  // The first one has a place of its own, also when it was taken out of it and others are left.
  const first = pointerAt(words, at + future.callback);
  const others = pointerAt(words, at + future.callbacks);
  const cancels = task.cancels < 0 ? 0 : words[(at + task.cancels) >> 2]!;
  const mustCancel = words[(at + task.mustCancel) >> 2]! & task.mustCancelBit;
  const awaitedBy = future.awaitedBy < 0 ? 0 : pointerAt(words, at + future.awaitedBy);
  return {
    loop: pointerAt(words, at + future.loop),
    callbacks: [first, others],
    hasCallbacks: first > 0 || others > 0,
    isCancelling: cancels > 0 || mustCancel !== 0,
    awaitedBy: isPointer(awaitedBy) ? [awaitedBy] : none,
  };
}

/** From 3.14: the set of several that await it; 0: there is none. */
export function setOfAwaiting({ future }: AsyncioLayout, words: Uint32Array, at: number): number {
  if (future.awaitedBy < 0 || byteAt(words, at + future.awaitedBySet) === 0) return 0;
  const set = pointerAt(words, at + future.awaitedBy);
  return isPointer(set) ? set : 0;
}

const none: readonly number[] = [];
