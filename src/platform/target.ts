import type { MappedImage } from '../cpython/locate/locate.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { SystemCall } from './system-calls.js';

/**
 * What is read: a live process, or a memory image of one. Locating Python and taking a snapshot need no more than this;
 * what a target does not have (threads) is shown as not known.
 */
export interface Target<File extends MappedImage = MappedImage> {
  readonly memory: TargetMemory;
  /** Empty facts are allowed, and shown as empty. */
  readonly facts: TargetFacts;
  /**
   * The files that are mapped, each with its mappings; those at the lowest addresses first. Empty when they cannot be
   * read.
   */
  files(): readonly File[];
  /** Whether there is a file of that absolute name, as the target names files. */
  hasFile(path: string): boolean;
  /** What the operating system knows of its threads; absent where nobody can be asked. */
  readonly threads?: TargetThreads;
}

export interface TargetFacts {
  readonly pid: number;
  /** 0 when it is not known. */
  readonly parentPid: number;
  /** With secrets. */
  readonly commandLine: readonly string[];
  /** Empty when it is not known. */
  readonly executable: string;
}

/** The kernel's ids of threads. */
export interface ThreadIds {
  /** As we number them. */
  all(): readonly number[];
  /** True when that cannot be asked. */
  has(id: number): boolean;
  /** The id that a thread has for the target itself. */
  inner(id: number): number;
  /** Whether these differ from ours, as for a process in a container. */
  readonly areRenumbered: boolean;
}

/** The ids that the threads have for the target itself; empty where nobody can be asked. */
export function innerIds(ids: ThreadIds | undefined): ReadonlySet<number> {
  const all = ids?.all() ?? [];
  return new Set(ids?.areRenumbered ? all.map((id) => ids.inner(id)) : all);
}

/** What a thread does and the CPU time it used, asked over and over: what that takes stays open until `close`. */
export interface ThreadClock {
  /** Microseconds on a CPU so far, as of the last `read`. */
  readonly cpu: number;
  /** Times it was given a CPU, as of the last `read`. */
  readonly turns: number;
  /** After `look`: the address it waits at when it is blocked by a futex, the system call of locks; otherwise 0. */
  readonly futexAddress: number;
  /**
   * After `look` that says waiting: whether in a system call. If not it was stopped by a signal or waits for a page of
   * its memory, which may be anywhere.
   */
  readonly isInSystemCall: boolean;
  /** Reads the CPU time; false when it cannot be known. */
  read(): boolean;
  /** What it does at this moment. */
  look(): 'running' | 'waiting' | 'unknown';
  /** To be called after `read`: what says whether all is as it read. */
  still(): StillClock;
  close(): void;
}

export interface StillClock {
  /** Whether the thread was given no processor since. It is asked now. */
  isStill(): boolean;
}

/** What sampling asks of the operating system about the threads of a process, by their ids. */
export interface SampledThreads {
  readonly ids: ThreadIds;
  /** How many there are now; `undefined` when that cannot be known. */
  count(): number | undefined;
  clock(id: number): ThreadClock;
  /** Whether it began within the last `micros` microseconds; false when that cannot be known. */
  wasBornWithin(id: number, micros: number): boolean;
  /** Microseconds on a CPU so far; `undefined` when that cannot be known. */
  cpuOf(id: number): number | undefined;
  /** The name that it gave itself; empty when it has that of the program. */
  nameOf(id: number): string;
}

export interface TargetThreads {
  readonly ids: ThreadIds;
  activity(id: number): ThreadActivity;
  /** What a thread with this activity waits for, as text; empty when it does not wait. */
  waitingFor(activity: ThreadActivity): string;
}

/** What the kernel says of a thread at one moment (proc_pid_stat(5), proc_pid_syscall(5), proc_pid_wchan(5)). */
export interface ThreadActivity {
  /** As in ps: R runs or wants to, S and D wait, T and t are stopped. `?`: the thread is gone. */
  readonly state: string;
  /** The system call it is in; absent when in none or not known. */
  readonly systemCall?: SystemCall;
  /** Where in the kernel it waits; empty when not known. */
  readonly waitChannel: string;
}
