import type { ParkedPattern } from './parked.js';

/**
 * Which time a view shows: `wall` all of it, `cpu` what was spent on a CPU, `gil` what was spent holding the GIL, `gil-wait` what
 * was spent waiting for it.
 */
export const modes = ['wall', 'cpu', 'gil', 'gil-wait'] as const;
export type Mode = (typeof modes)[number];

/** What of a recording a view shows, and how it names it. The flags of `record` and `report`. */
export interface ViewOptions {
  /** `current`: a frame for each line; `function`: one per function, at its first line; `none`: no line numbers. */
  readonly lines: 'current' | 'function' | 'none';
  /** A root frame for each thread. */
  readonly threads: boolean;
  /** A root frame for each process. */
  readonly processes: boolean;
  readonly fullFileNames: boolean;
  /** In wall mode, also threads that are parked: waiting for work with nothing in hand. */
  readonly idle: boolean;
  /** What else counts as parked. The same array gives the same answers faster. */
  readonly parked: readonly ParkedPattern[];
  readonly mode: Mode;
  /** Only frames of the user's own code; the time of libraries, of the standard library and of C is that of its caller. */
  readonly ownCode: boolean;
}

export const defaultView: ViewOptions = {
  lines: 'current',
  threads: false,
  processes: false,
  fullFileNames: false,
  idle: false,
  parked: [],
  mode: 'wall',
  ownCode: false,
};
