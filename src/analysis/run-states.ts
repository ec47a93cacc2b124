import { RunFlag } from '../model/profile.js';
import type { Mode } from './view-options.js';

// What the flags of a run say of its thread: the one place that reads them for views.

/**
 * Frames of our own, below the innermost of the stack. They are in no table of a profile: views make them from flags.
 */
export const leafStates: readonly string[] = ['<gc>', '<waiting for GIL>', '<waiting>'];
/** Index into `leafStates`; -1 for none. */
export type LeafState = -1 | 0 | 1 | 2;

/**
 * The frame that stands innermost in a run with these flags, in every view: what took the time was not the function
 * above it.
 */
export function leafStateOf(flags: number, mode: Mode): LeafState {
  // What the collector calls may wait for the GIL, and is still the collector's.
  if ((flags & RunFlag.collecting) !== 0) return 0;
  return isWaitingForGil(flags, mode) ? 1 : -1;
}

/** The same for views that cannot show in colour that a frame waited. */
export function leafStateOrWaitingOf(flags: number, mode: Mode): LeafState {
  const state = leafStateOf(flags, mode);
  return state < 0 && isWaiting(flags, mode) ? 2 : state;
}

/**
 * Whether the shown time of a run is time that its thread was blocked. A sample is one moment: many of them give the
 * share of time. Where a mode shows one kind of time alone there is nothing to distinguish: what was spent on a CPU did
 * not wait, whatever the moment of the sample saw, and what was spent waiting for the GIL did nothing else.
 */
export function isWaiting(flags: number, mode: Mode): boolean {
  // Woken to take the GIL and not got it yet is a wait for it as well.
  const either = RunFlag.waiting | RunFlag.waitsForGil;
  return mode !== 'cpu' && mode !== 'gil-wait' && (flags & either) !== 0;
}

export function isWaitingForGil(flags: number, mode: Mode): boolean {
  return isWaiting(flags, mode) && (flags & RunFlag.waitsForGil) !== 0;
}

/** Whether the recording has the state of the thread; it has none where the system gives none. */
export function isStateKnown(flags: number): boolean {
  return (flags & (RunFlag.running | RunFlag.waiting)) !== 0;
}

/** What a thread did, in words; the last one is that this is not known. */
export const threadStates = ['collecting', 'waiting for GIL', 'waiting', 'running', ''] as const;

/** Index into `threadStates` for time that a view shows. */
export function threadStateOf(flags: number, mode: Mode): number {
  if (!isStateKnown(flags)) return 4;
  const state = leafStateOrWaitingOf(flags, mode);
  return state < 0 ? 3 : state;
}

/** A stack and the state below it, as one number. */
export function leafOf(stack: number, state: LeafState): number {
  return stack * (leafStates.length + 1) + state + 1;
}

export function stackOfLeaf(leaf: number): number {
  return Math.floor(leaf / (leafStates.length + 1));
}

export function leafStateOfLeaf(leaf: number): LeafState {
  return ((leaf % (leafStates.length + 1)) - 1) as LeafState;
}
