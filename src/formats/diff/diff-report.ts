import type { FunctionKind } from '../../model/profile.js';

/** What `pyglass diff --json` prints: docs/diff-json.md. Fields are added, never renamed. */
export interface DiffReport {
  readonly version: 1;
  /** What time is divided by: all seconds below are per second of recording, or per request. */
  readonly per: 'second' | 'request';
  /** Of 0 to 1: the chance that anything is called a change when nothing is. */
  readonly level: number;
  readonly before: DiffedRecording;
  readonly after: DiffedRecording;
  /** What the recordings differ in, and what is not compared, in sentences. */
  readonly notes: readonly string[];
  /** The standard error of one run against another, as a part of each figure; it is in all of them. */
  readonly runToRunError: number;
  /** The same of all that ran together: the machine may have been faster or slower. */
  readonly speedError: number;
  /** All that is compared. */
  readonly whole: DiffedTime;
  /** The largest change first; empty where `per` is `second`. */
  readonly routes: readonly DiffedRoute[];
  /** Changes first, then what is within sampling error, the largest difference of self time first. */
  readonly functions: readonly DiffedFunction[];
  /** What grew by more than `--fail-above` lets it. */
  readonly exceeded: readonly DiffExceeded[];
}

export interface DiffedRecording {
  readonly title: string;
  /** ISO 8601; null: not known. */
  readonly startedAt: string | null;
  /** How many; what else is said of several is said of all together, or of the first. */
  readonly recordings: number;
  readonly seconds: number;
  readonly rate: number;
  readonly pythonVersions: readonly string[];
  /** Cut short, or with damaged blocks. */
  readonly complete: boolean;
  /** How busy other programs kept the machine, 0 to 1. */
  readonly contention: number;
}

export interface DiffedTime {
  readonly beforeSeconds: number;
  readonly afterSeconds: number;
  readonly changeSeconds: number;
  /** The true change is within this much of it, in 95 of 100 comparisons. */
  readonly errorSeconds: number;
  /** 0.1 is 10 % more; null: it was not there before. */
  readonly growth: number | null;
  /** Corrected for all that is compared. */
  readonly p: number;
  /** `same`: within sampling error, or below half a percent of the time. */
  readonly verdict: 'grew' | 'shrank' | 'same';
}

export interface DiffedRoute extends DiffedTime {
  readonly route: string;
  /** That began while they were recorded. */
  readonly beforeRequests: number;
  readonly afterRequests: number;
}

export interface DiffedFunction {
  readonly function: string;
  readonly kind: FunctionKind;
  readonly file: string | null;
  /** Seen in one of the recordings only; null: in both. */
  readonly only: 'before' | 'after' | null;
  /** With the function innermost, or C functions that it called. */
  readonly self: DiffedTime;
  /** With the function anywhere on the stack. */
  readonly total: DiffedTime;
}

export interface DiffExceeded {
  readonly name: string;
  readonly growth: number;
  /** The limit, as it was given. */
  readonly limit: number;
}
