import type { Value } from './value.js';

/** What a Python process does at one moment: what `pyglass dump` shows. */
export interface ProcessSnapshot {
  readonly pid: number;
  readonly parentPid: number;
  readonly commandLine: readonly string[];
  readonly pythonVersion: string;
  /** False in a free-threaded build that runs without a GIL. */
  readonly hasGil: boolean;
  /** Python is ending: `Py_FinalizeEx` was called. */
  readonly finalizing: boolean;
  /** As the target's own file system names it; empty when it cannot be told. */
  readonly executable: string;
  /** Such as `Werkzeug's reloader` when it is one, and another process, which it starts, does the work; else empty. */
  readonly reloader: string;
  /** Of all interpreters, the main one's first; within one the oldest first. */
  readonly threads: readonly ThreadSnapshot[];
  /** Of asyncio; absent where it is not imported, or of a Python before 3.8. */
  readonly tasks?: TasksSnapshot;
  /** Of trio; absent where no loop of it runs, or of a Python before 3.8. A task is awaited by that of its nursery. */
  readonly trio?: TasksSnapshot;
  /** Absent where the module greenlet is not in use, and in a free-threaded build, where none are found. */
  readonly greenlets?: GreenletsSnapshot;
  /** Of a core file; absent for a live process. */
  readonly core?: CoreFacts;
}

/** How a core file came about, and what of it could not be read. */
export interface CoreFacts {
  /** As it was named, or `standard input`. */
  readonly file: string;
  /** When the file was written last, such as `2026-11-26T09:45:00.000Z`; absent when it is not known. */
  readonly writtenAt?: string;
  /** The signal that ended the process; absent when the file was made of a process that went on. */
  readonly signal?: CoreSignalFacts;
  /** Bytes of memory that the file should have and has not, since it was cut short. */
  readonly missingBytes: number;
  /** Executables and libraries that were needed to read it, and are not there. */
  readonly missingFiles: readonly MissingFile[];
}

export interface CoreSignalFacts {
  readonly number: number;
  /** Such as `SIGSEGV`. */
  readonly name: string;
  /** The thread that it came to. */
  readonly threadId: number;
  /** What the thread wanted to read, write or run, in hexadecimal: `0x0`. */
  readonly address?: string;
  /** The process that sent it. */
  readonly sender?: number;
}

export interface MissingFile {
  /** As the program's own file system named it. */
  readonly path: string;
  /** In hexadecimal; empty when it is not known. */
  readonly buildId: string;
  /** Of the files that may be it: there is none, each is another, or the core file shows nothing to recognise it by. */
  readonly reason: 'not-found' | 'differs' | 'unchecked';
}

/**
 * `running` on a processor or ready to; `waiting` in the kernel; `waiting-for-gil`; `stopped` by a signal or a
 * debugger; `unknown` when the kernel does not tell.
 */
export type ThreadState = 'running' | 'waiting' | 'waiting-for-gil' | 'stopped' | 'unknown';

/** A request, or a job, of a server that is known (docs/requests.md). */
export interface RequestSnapshot {
  /** `GET /item/<int:id>`, or the name of a job; absent when it is not known. */
  readonly route?: string;
  /** Since when it has it; absent where the server does not keep that as a time of the clock. */
  readonly seconds?: number;
}

export interface ThreadSnapshot {
  /** The kernel's id as we see it, 0 when it cannot be told. */
  readonly threadId: number;
  /** `pthread_self()`, which Python calls the ident. */
  readonly ident: number;
  /** Empty when `threading` does not know the thread. */
  readonly name: string;
  /** 0 is the main interpreter. */
  readonly interpreter: number;
  readonly state: ThreadState;
  /** In words, such as `reading from a pipe (file 5)`; empty unless it waits. */
  readonly waitingFor: string;
  readonly holdsGil: boolean;
  /** What it has in hand; absent where there is none, or it is not known. */
  readonly request?: RequestSnapshot;
  /** No two readings agreed, or the stack changed while variables were read. */
  readonly moving: boolean;
  /** There are more frames than were followed. */
  readonly truncated: boolean;
  /** Innermost first. */
  readonly frames: readonly FrameSnapshot[];
}

/** The tasks of asyncio that are not done. */
export interface TasksSnapshot {
  /** In the order of their names, `Task-2` before `Task-10`. */
  readonly tasks: readonly TaskSnapshot[];
  /** Tasks that are there and changed each time they were read, or are of no known kind. */
  readonly unread: number;
  /** False when there may be more: the list of tasks changed while it was read, or does not say where it goes on. */
  readonly isComplete: boolean;
}

/**
 * `running` within a step; `ready` for the next one, which the loop will come to; `waiting`; `new` when its coroutine
 * has not begun.
 */
export type TaskState = 'running' | 'ready' | 'waiting' | 'new';

export interface TaskSnapshot {
  /** `id(task)`. */
  readonly id: number;
  readonly name: string;
  readonly state: TaskState;
  /** It was asked to cancel. */
  readonly isCancelling: boolean;
  /** As a word, such as `sleep`, `lock`, `task`; empty unless it waits. */
  readonly waitKind: string;
  /** For people, such as `sleeping for 2 s`; empty unless it waits. */
  readonly waitingFor: string;
  /** `id(loop)`. */
  readonly loop: number;
  /** The thread in which its loop runs, 0 when it is not known. */
  readonly threadId: number;
  /** Tasks that wait for it, by their `id`. */
  readonly awaitedBy: readonly number[];
  /** There are more frames than were followed. */
  readonly truncated: boolean;
  /** Innermost first. */
  readonly frames: readonly FrameSnapshot[];
}

/** The greenlets that are not done: of gevent, eventlet or the module greenlet itself. */
export interface GreenletsSnapshot {
  /** By thread: its main one, its hub, then by name. The main one of a thread is here only when it does not run. */
  readonly greenlets: readonly GreenletSnapshot[];
  /** Greenlets that are there and changed each time they were read, or that cannot be read. */
  readonly unread: number;
  /** False when there may be more: the lists of objects changed while they were read, or are longer than is read. */
  readonly isComplete: boolean;
}

export interface GreenletSnapshot {
  /** `id(greenlet)`. */
  readonly id: number;
  /** Of gevent's `Greenlet`: `Greenlet-3` or the name that it was given; else empty. */
  readonly name: string;
  /** Full name of its class. */
  readonly type: string;
  /** `main`: the one in which its thread began; `hub`: it runs the loop of gevent or eventlet. */
  readonly kind: 'main' | 'hub' | 'greenlet';
  /** `running`: it is its thread's stack; `waiting`; `new` when it has not begun. */
  readonly state: 'running' | 'waiting' | 'new';
  /** As a word, such as `sleep`, `socket`; empty when it is not known. */
  readonly waitKind: string;
  /** For people, such as `sleeping for 2 s`; empty when it is not known. */
  readonly waitingFor: string;
  /** The greenlet that goes on when it is done, by its `id`; 0 when it is not known. */
  readonly parent: number;
  /** Its thread, 0 when it is not known. */
  readonly threadId: number;
  /** There are more frames than were followed. */
  readonly truncated: boolean;
  /** Innermost first; of a running one those of its thread, or none when the thread went on to another. */
  readonly frames: readonly FrameSnapshot[];
}

export interface FrameSnapshot {
  readonly kind: 'python' | 'c';
  readonly name: string;
  readonly qualifiedName: string;
  /** Empty for C functions. */
  readonly file: string;
  readonly shortFile: string;
  /** 0 when there is none. */
  readonly line: number;
  readonly firstLine: number;
  /** Arguments first; absent when they were not read. */
  readonly variables?: readonly Variable[];
}

export interface Variable {
  readonly name: string;
  readonly isArgument: boolean;
  readonly value: Value;
}
