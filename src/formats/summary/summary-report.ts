import type { FunctionKind, UnrecordedProcess } from '../../model/profile.js';
import type { RouteReport } from '../routes/routes-report.js';

/**
 * What `pyglass report -f summary-json` prints: docs/summary-json.md. Fields are added, never renamed. Times are
 * seconds of wall time of all threads together, unless they say CPU; shares are 0 to 1. Lists hold at most 50 entries,
 * most time first.
 */
export interface SummaryReport {
  readonly version: 1;
  readonly recording: {
    readonly title: string;
    /** ISO 8601. */
    readonly startedAt: string | null;
    readonly seconds: number;
    /** Samples a second that were asked for. */
    readonly rate: number;
    readonly labels: Readonly<Record<string, string>>;
    readonly pythonVersions: readonly string[];
    readonly processes: number;
    readonly threads: number;
    /** Whether suspended tasks are in the recording, with rows of their own. */
    readonly tasks: boolean;
    readonly samples: number;
    readonly missed: number;
    readonly torn: number;
    readonly truncated: number;
    readonly unreadTasks: number;
    readonly damagedBlocks: number;
    /** False: cut short. */
    readonly complete: boolean;
  };
  /** Children that are not in the recording. */
  readonly unrecordedChildren: {
    readonly cpuSeconds: number;
    readonly processes: readonly UnrecordedProcess[];
  };
  /** False when the recording does not say when threads ran and when they waited: what follows from that is null. */
  readonly statesKnown: boolean;
  readonly time: {
    readonly shownSeconds: number;
    readonly notShownSeconds: number;
    readonly requestSeconds: number;
    readonly cpuSeconds: number | null;
    readonly waitingSeconds: number | null;
    readonly gilWaitingSeconds: number | null;
    readonly collectingSeconds: number | null;
    readonly unknownSeconds: number;
    readonly cpuUnknownThreads: number;
  };
  /** Threads that run no Python. A name of null: as the program. */
  readonly otherThreads: {
    readonly cpuSeconds: number;
    readonly names: readonly { readonly name: string | null; readonly cpuSeconds: number }[];
  };
  /** Most time first, as `-f routes-json` has them. */
  readonly routes: readonly RouteReport[];
  /** Functions of application code, with what they call in libraries. */
  readonly applicationFunctions: readonly SummaryApplicationFunction[];
  /** Functions by self time: on a CPU, or in wall time when states are not known. */
  readonly busiest: {
    readonly by: 'cpu' | 'wall';
    readonly seconds: number;
    readonly functions: readonly SummaryBusiest[];
  };
  /** Who waited in what, without the GIL. */
  readonly waits: readonly SummaryWait[];
  /** Who held the GIL while others waited for it. */
  readonly gilHolders: readonly (SummaryFunction & { readonly seconds: number; readonly share: number })[];
  /** Lines of application code. */
  readonly lines: readonly SummaryLine[];
  /** Steps of event loops of asyncio that took longer than `overSeconds`, and so kept all else waiting. */
  readonly blockedLoops: {
    readonly overSeconds: number;
    readonly steps: number;
    readonly seconds: number;
    readonly longestSeconds: number;
    /** Each step counts for the function that took most of it. */
    readonly functions: readonly SummaryBlockingFunction[];
  };
}

/** Which function an entry is about. */
export interface SummaryFunction {
  /** Its qualified name. */
  readonly function: string;
  /** `synthetic`: a frame made by pyglass, such as `<gc>`. */
  readonly kind: FunctionKind;
  readonly file: string | null;
  readonly firstLine: number | null;
}

export interface SummaryApplicationFunction extends SummaryFunction {
  readonly seconds: number;
  readonly share: number;
  readonly requestSeconds: number;
  readonly cpuSeconds: number | null;
  readonly waitingSeconds: number | null;
  readonly unknownSeconds: number;
  /** What most of the waiting was in. */
  readonly waitedIn: string | null;
  readonly waitedInGil: boolean;
}

export interface SummaryBusiest extends SummaryFunction {
  /** With the function innermost. */
  readonly selfSeconds: number;
  readonly selfShare: number;
  /** With the function anywhere on the stack. */
  readonly totalSeconds: number;
  readonly totalShare: number;
}

export interface SummaryWait extends SummaryFunction {
  readonly waitedIn: string | null;
  readonly seconds: number;
  readonly share: number;
  /** A single stretch; null: only tasks waited, which are looked at now and then. */
  readonly longestSeconds: number | null;
}

export interface SummaryBlockingFunction extends SummaryFunction {
  /** The innermost function that took most of it; null: this one. */
  readonly in: string | null;
  readonly steps: number;
  readonly seconds: number;
  readonly longestSeconds: number;
}

export interface SummaryLine extends SummaryFunction {
  readonly line: number;
  readonly seconds: number;
  readonly share: number;
  readonly waitingSeconds: number | null;
}
