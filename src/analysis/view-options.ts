import type { IdlePattern } from './idle.js';

/**
 * Which time a view shows: `wall` all of it, `cpu` what was spent on a CPU, `gil` what was spent holding the GIL,
 * `gil-wait` what was spent waiting for it.
 */
export const modes = ['wall', 'cpu', 'gil', 'gil-wait'] as const;
export type Mode = (typeof modes)[number];

/** A key of contexts, such as a label that was set while recording. */
export interface LabelView {
  readonly key: string;
  /** Only what has this value. [all values] */
  readonly value?: string;
}

/** Only samples of some requests. */
export interface RequestView {
  /** Those of this route, where `*` stands for anything. [all] */
  readonly route?: string;
  /** Those that took longer than this, in microseconds, as far as they were seen. [all] */
  readonly slowerThan?: number;
}

/** What of a recording a view shows, and how it names it. The flags of `record` and `report`. */
export interface ViewOptions {
  /** `current`: a frame for each line; `function`: one per function, at its first line; `none`: no line numbers. */
  readonly lines: 'current' | 'function' | 'none';
  /** A root frame for each thread. */
  readonly threads: boolean;
  /** A root frame for each process. */
  readonly processes: boolean;
  /** A root frame for each value of a label, above those of processes and threads. */
  readonly label: LabelView | undefined;
  /** Absent: all samples, also those of no request. */
  readonly request: RequestView | undefined;
  readonly fullFileNames: boolean;
  /** In wall mode, include idle threads: those in a known wait for work. */
  readonly idle: boolean;
  /** Patterns of idle threads besides the built-in ones. The same array gives the same answers faster. */
  readonly idlePatterns: readonly IdlePattern[];
  readonly mode: Mode;
  /** Only frames of application code; the time of libraries, of the standard library and of C is that of its caller. */
  readonly applicationOnly: boolean;
  /** Microseconds for which a step of an event loop may keep it, 10 ms at least. [50 ms] */
  readonly blockedFor?: number;
}

export const defaultView: ViewOptions = {
  lines: 'current',
  threads: false,
  processes: false,
  label: undefined,
  request: undefined,
  fullFileNames: false,
  idle: false,
  idlePatterns: [],
  mode: 'wall',
  applicationOnly: false,
};

/** All wall time of whatever ran Python, idle threads included. */
export const everything: ViewOptions = { ...defaultView, idle: true };
