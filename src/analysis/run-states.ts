import { RunFlag } from '../model/profile.js';

/** What the flags of a run say of its thread: the one place that reads them for views. */

/** Frames of our own, below the innermost of the stack. They are in no table of a profile: views make them from flags. */
export const marks = ['<gc>', '<waiting for GIL>'] as const;
/** Index into `marks`; -1 for none. */
export type Mark = -1 | 0 | 1;

const collector: Mark = 0;
const gilWait: Mark = 1;

/** The frame that stands innermost in a run with these flags. */
export function markOf(flags: number): Mark {
  // What the collector calls may wait for the GIL, and is still the collector's.
  if ((flags & RunFlag.collecting) !== 0) return collector;
  return (flags & RunFlag.waitsForGil) !== 0 ? gilWait : -1;
}

/** Whether its thread was blocked. A sample is one moment: whoever looks at many gets the share of time. */
export function isWaiting(flags: number): boolean {
  return (flags & RunFlag.waiting) !== 0;
}

export function isWaitingForGil(flags: number): boolean {
  return (flags & RunFlag.waitsForGil) !== 0;
}

export function isCollecting(flags: number): boolean {
  return (flags & RunFlag.collecting) !== 0;
}

/** Whether the recording says what the thread did; recordings from where the system does not tell say nothing. */
export function isStateKnown(flags: number): boolean {
  return (flags & (RunFlag.running | RunFlag.waiting)) !== 0;
}
