import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import { byteAt } from './frame-fields.js';
import type { TaskFields } from './task-trace.js';

/** The struct is at byte `at` of a copy. `last`: what it said before, which seldom changes. */
export function taskFields(
  { task, future }: AsyncioLayout,
  words: Uint32Array,
  at: number,
  last?: TaskFields,
): TaskFields {
  // The first one has a place of its own, also when it was taken out of it and others are left.
  const first = pointerAt(words, at + future.callback);
  const others = pointerAt(words, at + future.callbacks);
  const cancels = task.cancels < 0 ? 0 : words[(at + task.cancels) >> 2]!;
  const mustCancel = words[(at + task.mustCancel) >> 2]! & task.mustCancelBit;
  const awaitedBy = future.awaitedBy < 0 ? 0 : pointerAt(words, at + future.awaitedBy);
  const loop = pointerAt(words, at + future.loop);
  const isCancelling = cancels > 0 || mustCancel !== 0;
  const isSame =
    last?.loop === loop &&
    last.isCancelling === isCancelling &&
    last.callbacks[0] === first &&
    last.callbacks[1] === others &&
    (last.awaitedBy[0] ?? 0) === (isPointer(awaitedBy) ? awaitedBy : 0);
  if (isSame) return last;
  return {
    loop,
    callbacks: [first, others],
    hasCallbacks: first > 0 || others > 0,
    isCancelling,
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
