import { Column } from './column.js';
import type { Context } from './context.js';
import type { SourceFile } from './source-text.js';

/** What the recording says of itself. Times are milliseconds since the epoch where a date is meant. */
export interface RecordingInfo {
  /** Version of pyglass that wrote it. */
  readonly writer: string;
  /** When sampling began, milliseconds since the epoch. */
  readonly startedAt: number;
  /** Samples a second that were asked for. */
  readonly rate: number;
  /** What the user asked to record, as a title: a command line, or `pid 12345`. */
  readonly title: string;
  /** What whoever recorded it wants to find it by, such as `service: 'shop'`; absent where there are none. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: readonly string[];
  /** Such as `3.11.7`. */
  readonly pythonVersion: string;
}

export interface ThreadInfo {
  /** Index into `Profile.processes`. */
  readonly process: number;
  /** The kernel's thread id as seen from our pid namespace; 0 when it is not known. */
  readonly threadId: number;
  /** As `threading.Thread.name` says; empty when Python gives it none. */
  readonly name: string;
  /** Number of the interpreter within the process: 0 is the main one. */
  readonly interpreter: number;
  /**
   * No thread: one suspended task of asyncio after another, at times of their own. `name` is then that of the tasks,
   * and `threadId` 0.
   */
  readonly isTask?: true;
}

/** What the threads of a process used that ran no Python and have the same name. */
export interface OtherThreadsCpu {
  /** Index into `Profile.processes`. */
  readonly process: number;
  /** As the threads call themselves to the kernel; empty where that is the name of the program. */
  readonly name: string;
  /** CPU time while the process was recorded, microseconds, to a millisecond. */
  readonly cpu: number;
}

/** `synthetic` functions are our own marks, such as `<truncated>` and `<unread>`; they have no file. */
export type FunctionKind = 'python' | 'c' | 'synthetic';

export interface FunctionInfo {
  readonly kind: FunctionKind;
  /** `co_name`. */
  readonly name: string;
  /** `co_qualname` where the Python has it (3.11 and later), otherwise the same as `name`. */
  readonly qualifiedName: string;
  /** `co_filename` as it stands in the target; empty for functions without a file. */
  readonly file: string;
  /** The end of `file` that names it as an import would: `flask/app.py`. */
  readonly shortFile: string;
  /** `co_firstlineno`; 0 when there is none. */
  readonly firstLine: number;
}

/**
 * Bits of the `flags` column of runs: what the thread was doing. With neither `running` nor `waiting` that is not
 * known, nor how much CPU time it used beyond the share that is given.
 */
export const RunFlag = {
  /** The thread held the global interpreter lock. */
  holdsGil: 1,
  /** It was on a CPU, or ready and waiting for one. */
  running: 2,
  /** It was blocked in the kernel: asleep, waiting for a file, the network, a lock, a child. */
  waiting: 4,
  /** It waited for the GIL: blocked, or already woken (then `running` is set) and on its way to get it. */
  waitsForGil: 8,
  /** It ran the garbage collector. */
  collecting: 16,
  /** It waits, and did at the sample before, but ran in between: these are two waits. Above the share of a CPU. */
  woke: 1 << 16,
} as const;

/**
 * From bit 5 on, `flags` hold the CPU time that is given to the run, in sixteenths of its time. It may be more than
 * its time: a sample of a thread that runs stands for what the thread used unseen before, up to twice its time, and the
 * last one of a recording, which may be short, for all that is left.
 */
export const cpuShareShift = 5;
export const wholeCpuShare = 16;
export const mostCpuShare = 64 * wholeCpuShare;
const cpuShareMask = 2 * mostCpuShare - 1;

/** The CPU time that is given to a run, as a part of its time. */
export function cpuShareOf(flags: number): number {
  return Math.min(mostCpuShare, (flags >> cpuShareShift) & cpuShareMask) / wholeCpuShare;
}

/** Microseconds: shorter steps are how event loops work, and a recording would be full of them. */
export const shortestStep = 10_000;

/** Index of the empty stack: nothing of Python was running. */
export const emptyStack = 0;

/** A table of runs, a column each. */
export interface Runs {
  /** Index into `Profile.threads`. */
  readonly thread: Column<Int32Array>;
  /** Index into `Profile.stacks`. */
  readonly stack: Column<Int32Array>;
  /** Bits of `RunFlag`, and the share of a CPU. */
  readonly flags: Column<Int32Array>;
  /** Index into `Profile.contexts`. */
  readonly context: Column<Int32Array>;
  /** Microseconds since the recording began. A run begins where the sample before its first one was taken. */
  readonly start: Column<Float64Array>;
  /** Microseconds from `start` to the run's last sample: the wall time it stands for. */
  readonly duration: Column<Float64Array>;
  /** How many samples the run is made of. */
  readonly samples: Column<Int32Array>;
}

export function makeRuns(): Runs {
  return {
    thread: Column.int32(),
    stack: Column.int32(),
    flags: Column.int32(),
    context: Column.int32(),
    start: Column.float64(),
    duration: Column.float64(),
    samples: Column.int32(),
  };
}

/**
 * A recording in memory: interned tables and the runs of samples. Every output is a pure function of one of these.
 *
 * A *run* is a stretch of consecutive samples of one thread that saw the same stack, state and context. Runs of a
 * thread are in order of time and do not overlap; a gap means the thread did not exist or could not be read.
 */
export class Profile {
  info: RecordingInfo = { writer: '', startedAt: 0, rate: 0, title: '' };
  /** Wall time from the first moment of sampling to the last, in microseconds. */
  duration = 0;
  /** False when the recording was cut short (its writer died before it could say that it had finished). */
  complete = false;
  /** Blocks of the recording that could not be read; what they held is missing here. */
  damagedBlocks = 0;
  readonly processes: ProcessInfo[] = [];
  readonly threads: ThreadInfo[] = [];
  readonly functions: FunctionInfo[] = [];
  /** CPU time of threads that ran no Python; no entry where none used any, or the recording does not say. */
  readonly otherThreads: OtherThreadsCpu[] = [];
  /** A frame is a line of a function. `line` is 0 when not known. */
  readonly frames = { function: Column.int32(), line: Column.int32() };
  /**
   * A stack is its parent stack and one more frame, innermost last. Stack 0 is the empty one; its frame is -1. A stack
   * comes after its parent.
   */
  readonly stacks = { parent: Column.int32(), frame: Column.int32() };
  /** What threads worked for. Context 0 is none; one comes after its outer one. */
  readonly contexts: Context[] = [{ kind: '', values: {}, outer: 0 }];
  readonly runs: Runs = makeRuns();
  /**
   * Requests whose tasks were suspended, on no thread's stack: at a rate of their own. `thread` of its runs is a slot,
   * which one task has after another; by slot, an index into `processes`.
   */
  readonly suspended: { readonly runs: Runs; readonly processes: number[] } = {
    runs: makeRuns(),
    processes: [],
  };
  /** Steps of event loops that kept their threads for `shortestStep` and more. */
  readonly longSteps = {
    /** Index into `threads`. */
    thread: Column.int32(),
    /** Microseconds since the recording began, and from there to the last sample that saw it: at least so long. */
    start: Column.float64(),
    duration: Column.float64(),
  };
  readonly losses: Losses = { missed: 0, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 };
  /** What is known of processes below those recorded that are not in the recording. */
  children: UnrecordedChildren = { cpuSeconds: 0, processes: [] };
  /** Lines of source, where they were asked for. They are read beside a recording, which holds none. */
  sources: readonly SourceFile[] = [];

  constructor() {
    this.stacks.parent.push(0);
    this.stacks.frame.push(-1);
  }
}

/** What sampling could not see, counted. */
export interface Losses {
  /** Ticks of the clock that were skipped because the sampler was late. */
  missed: number;
  /** Reads that did not hold together and were done again at once. */
  retried: number;
  /** Thread samples given up after retrying; the time goes to the nearest thing that was certain. */
  torn: number;
  /** Stacks deeper than the limit, kept with a `<truncated>` frame. */
  truncated: number;
  /** Tasks that were there at a look and could not be read: they changed each time. One counts once a look. */
  unreadTasks: number;
}

export interface UnrecordedChildren {
  /** CPU time of children that ended, as their parents accounted for it, less what was recorded of them. */
  readonly cpuSeconds: number;
  /** Pythons that could not be recorded. */
  readonly processes: readonly UnrecordedProcess[];
}

export interface UnrecordedProcess {
  readonly pid: number;
  /** Secrets hidden. */
  readonly commandLine: readonly string[];
  /** A sentence without its full stop: `this is Python 2.7.18; …`. */
  readonly reason: string;
}
