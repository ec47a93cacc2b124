import {
  cpuShareOf,
  type FunctionInfo,
  type FunctionKind,
  type Profile,
  RunFlag,
  type ThreadInfo,
} from '../model/profile.js';
import { contextValues } from './context-values.js';
import { walkStack } from './stack-walk.js';

/**
 * A stretch of consecutive samples of one thread that saw the same stack, state and labels. Texts are those of the
 * target, as they are.
 */
export interface Sample {
  readonly thread: SampledThread;
  readonly stack: readonly SampledFrame[];
  readonly state: SampledState;
  /**
   * What the thread worked for, by key: labels that hold (`Sampling.label`), and what is known of a request or a task.
   * Mostly empty.
   */
  readonly labels: Readonly<Record<string, string>>;
  /** When it began, microseconds since the recording began. */
  readonly time: number;
  /** The wall time it stands for, microseconds. */
  readonly duration: number;
  /** How many samples it is made of. */
  readonly count: number;
}

export interface SampledThread {
  readonly pid: number;
  /** The kernel's id; 0 when it is not known. */
  readonly threadId: number;
  /** Empty when `threading` gives it none. */
  readonly name: string;
  /** 0 is the main interpreter. */
  readonly interpreter: number;
  /** No thread: tasks of asyncio that are suspended, one after another, which are called `name`. */
  readonly isTask?: true;
}

export interface SampledFrame {
  /** `synthetic`: a frame made by pyglass, such as `<truncated>`. */
  readonly kind: FunctionKind;
  /** Qualified where the Python has it (3.11 and later): `Shop.checkout`. */
  readonly name: string;
  /** `co_filename`; empty for C functions and synthetic frames. */
  readonly file: string;
  /** As an import would name it: `flask/app.py`. */
  readonly shortFile: string;
  /** The line that runs; 0 when there is none. */
  readonly line: number;
  /** Of the function; 0 when there is none. */
  readonly firstLine: number;
}

/** What the thread was doing. With neither `running` nor `waiting` that is not known. */
export interface SampledState {
  /** On a CPU, or ready and waiting for one. */
  readonly running: boolean;
  /** Blocked in the kernel. */
  readonly waiting: boolean;
  /** It was at the sample before as well, but ran in between: another wait than that one. */
  readonly woke: boolean;
  readonly waitsForGil: boolean;
  readonly holdsGil: boolean;
  /** It ran the garbage collector. */
  readonly collecting: boolean;
  /**
   * CPU time as a part of the sample's time, up to 2, of the last sample up to 64: what a thread used unseen since the
   * sample before is given to one in which it runs.
   */
  readonly cpuShare: number;
}

/** Which frame of a stack comes first. */
export type FrameOrder = 'innermost-first' | 'outermost-first';

/**
 * Turns the runs of a profile into samples: those of a thread in order of time. Frames and threads that are the same
 * are the same objects, also from one call to the next while the profile grows.
 */
export class SampleReader {
  readonly #profile: Profile;
  readonly #order: FrameOrder;
  readonly #frames: SampledFrame[] = [];
  /** By context. */
  readonly #labels: Readonly<Record<string, string>>[] = [];
  readonly #threads: { readonly info: ThreadInfo; readonly thread: SampledThread }[] = [];

  constructor(profile: Profile, order: FrameOrder) {
    this.#profile = profile;
    this.#order = order;
  }

  *samples(): Generator<Sample> {
    const { runs } = this.#profile;
    for (let run = 0; run < runs.thread.length; run++) {
      const count = runs.samples.at(run);
      // A run that goes on, and of which nothing came yet.
      if (count === 0) continue;
      yield {
        thread: this.#thread(runs.thread.at(run)),
        stack: this.#stack(runs.stack.at(run)),
        state: stateOf(runs.flags.at(run)),
        labels: this.#labelsOf(runs.context.at(run)),
        time: runs.start.at(run),
        duration: runs.duration.at(run),
        count,
      };
    }
  }

  #labelsOf(context: number): Readonly<Record<string, string>> {
    this.#labels[context] ??= contextValues(this.#profile, context);
    return this.#labels[context];
  }

  #thread(index: number): SampledThread {
    const info = this.#profile.threads[index]!;
    const known = this.#threads[index];
    // A thread may be given another name.
    if (known?.info === info) return known.thread;
    const { process, threadId, name, interpreter, isTask } = info;
    const pid = this.#profile.processes[process]?.pid ?? 0;
    const thread = { pid, threadId, name, interpreter, ...(isTask ? { isTask } : {}) };
    this.#threads[index] = { info, thread };
    return thread;
  }

  #stack(innermost: number): SampledFrame[] {
    const stack: SampledFrame[] = [];
    walkStack(this.#profile, innermost, (at) => {
      stack.push(this.#frame(this.#profile.stacks.frame.at(at)));
      return true;
    });
    return this.#order === 'innermost-first' ? stack : stack.reverse();
  }

  #frame(index: number): SampledFrame {
    const { frames, functions } = this.#profile;
    this.#frames[index] ??= frameOf(functions[frames.function.at(index)], frames.line.at(index));
    return this.#frames[index];
  }
}

/** All samples of a profile. Throws `recording-damaged` when a stack of it contains itself. */
export function samplesOf(profile: Profile, order: FrameOrder = 'innermost-first'): Iterable<Sample> {
  return new SampleReader(profile, order).samples();
}

function frameOf(fn: FunctionInfo | undefined, line: number): SampledFrame {
  const {
    kind = 'synthetic',
    name = '<unknown function>',
    file = '',
    shortFile = '',
    firstLine = 0,
  } = fn ?? {};
  return { kind, name: fn?.qualifiedName || name, file, shortFile, line, firstLine };
}

function stateOf(flags: number): SampledState {
  return {
    running: (flags & RunFlag.running) !== 0,
    waiting: (flags & RunFlag.waiting) !== 0,
    woke: (flags & RunFlag.woke) !== 0,
    waitsForGil: (flags & RunFlag.waitsForGil) !== 0,
    holdsGil: (flags & RunFlag.holdsGil) !== 0,
    collecting: (flags & RunFlag.collecting) !== 0,
    cpuShare: cpuShareOf(flags),
  };
}
