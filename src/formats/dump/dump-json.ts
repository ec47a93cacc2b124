import { plainJson } from '../../analysis/plain-json.js';
import { valueText } from '../../analysis/value-text.js';
import type {
  CoreFacts,
  FrameSnapshot,
  GreenletsSnapshot,
  ProcessSnapshot,
  RequestSnapshot,
  TaskSnapshot,
  TaskState,
  TasksSnapshot,
  ThreadSnapshot,
  ThreadState,
  Variable,
} from '../../model/snapshot.js';

/** What `pyglass dump --json` prints: docs/dump-json.md. */
export interface DumpReport {
  /** Raised when a field changes its meaning or goes; fields may be added without. */
  readonly version: 1;
  /** Parents before children. */
  readonly processes: readonly DumpedProcess[];
}

export interface DumpedProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** Secrets hidden, unless they were asked for. */
  readonly commandLine: readonly string[];
  /** Such as `3.11.7`; `3.14.2t`: free-threaded. */
  readonly pythonVersion: string;
  /** False in a free-threaded build that runs without a GIL. */
  readonly hasGil: boolean;
  /** Python is ending: modules are torn down, and threads that want the GIL hang. */
  readonly finalizing: boolean;
  /** Path of the interpreter; empty when it is not known. */
  readonly executable: string;
  /** Such as `Werkzeug's reloader` when it only restarts the process that does the work; else empty. */
  readonly reloader: string;
  /** The main interpreter's first; within an interpreter the oldest first. */
  readonly threads: readonly DumpedThread[];
  /** Of asyncio; absent where it is not in use, or of a Python before 3.8. */
  readonly asyncio?: DumpedTasks;
  /** Of trio; absent where no loop of it runs, or of a Python before 3.8. */
  readonly trio?: DumpedTasks;
  /** Absent where the module greenlet is not in use, and in a free-threaded build. */
  readonly greenlets?: DumpedGreenlets;
  /** Of a core file; absent for a live process. */
  readonly core?: CoreFacts;
}

export interface DumpedThread {
  /** The kernel's id, 0 when it is not known. */
  readonly threadId: number;
  /** `threading.get_ident()`. */
  readonly ident: number;
  /** Empty when `threading` does not know the thread. */
  readonly name: string;
  /** 0 is the main interpreter. */
  readonly interpreter: number;
  readonly state: ThreadState;
  /** For people, such as `reading from a pipe (file 5)`; empty unless it waits. */
  readonly waitingFor: string;
  readonly holdsGil: boolean;
  /** The request, or job, that it has in hand; absent where there is none, or it is not known. */
  readonly request?: DumpedRequest;
  /** Frames and variables may be of different moments. */
  readonly moving: boolean;
  /** The outermost frames are missing. */
  readonly truncated: boolean;
  /** Innermost first. */
  readonly frames: readonly DumpedFrame[];
}

export interface DumpedRequest {
  /** `GET /item/<int:id>`, or the name of a job; null: it is not known. */
  readonly route: string | null;
  /** Since when; null: it is not known. */
  readonly seconds: number | null;
}

export interface DumpedTasks {
  /** Those that are not done, in the order of their names. */
  readonly tasks: readonly DumpedTask[];
  /** Tasks that are there and could not be read: they changed each time. */
  readonly unread: number;
  /** False when there may be more. */
  readonly isComplete: boolean;
}

export interface DumpedTask {
  /** `id(task)`. */
  readonly id: number;
  readonly name: string;
  readonly state: TaskState;
  /** It was asked to cancel; of trio, a cancel scope in which it is was. */
  readonly isCancelling: boolean;
  /** Such as `sleep`, `lock` or `task`; empty unless it waits. */
  readonly waitKind: string;
  /** For people, such as `sleeping for 2 s`; empty unless it waits. */
  readonly waitingFor: string;
  /** `id(loop)`. */
  readonly loop: number;
  /** Of the thread in which its loop runs, 0 when it is not known. */
  readonly threadId: number;
  /** Tasks that wait for it, by their `id`; of trio the one in whose nursery it is. */
  readonly awaitedBy: readonly number[];
  /** The outermost frames are missing. */
  readonly truncated: boolean;
  /** Innermost first; empty when they are not known. */
  readonly frames: readonly DumpedFrame[];
}

export interface DumpedGreenlets {
  /** Those that are not done: by thread the main one, the hub, then by name. */
  readonly greenlets: readonly DumpedGreenlet[];
  /** Greenlets that are there and could not be read: they changed each time. */
  readonly unread: number;
  /** False when there may be more. */
  readonly isComplete: boolean;
}

export interface DumpedGreenlet {
  /** `id(greenlet)`. */
  readonly id: number;
  /** Of gevent's `Greenlet`: `Greenlet-3`, or the name that it was given; else empty. */
  readonly name: string;
  /** Full name of its class. */
  readonly type: string;
  /** `main`: the one in which its thread began; `hub`: it runs the loop of gevent or eventlet. */
  readonly kind: 'main' | 'hub' | 'greenlet';
  /** `running`: it is its thread's stack; `new`: it has not begun. */
  readonly state: 'running' | 'waiting' | 'new';
  /** Such as `sleep`, `socket` or `lock`; empty when it is not known. */
  readonly waitKind: string;
  /** For people, such as `sleeping for 2 s`; empty when it is not known. */
  readonly waitingFor: string;
  /** `id` of the greenlet that goes on when it is done, 0 when it is not known. */
  readonly parent: number;
  /** 0 when it is not known. */
  readonly threadId: number;
  /** The outermost frames are missing. */
  readonly truncated: boolean;
  /** Innermost first; of a running one those of its thread, or none when the thread went on to another. */
  readonly frames: readonly DumpedFrame[];
}

export interface DumpedFrame {
  readonly kind: 'python' | 'c';
  readonly name: string;
  /** With the class, from Python 3.11 on; before, the same as `name`. */
  readonly qualifiedName: string;
  /** `co_filename`; empty for C functions. */
  readonly file: string;
  /** As an import would name it: `flask/app.py`. */
  readonly shortFile: string;
  /** 0 when unknown. */
  readonly line: number;
  readonly firstLine: number;
  /** Arguments first; absent when they were not asked for. */
  readonly variables?: readonly DumpedVariable[];
}

export interface DumpedVariable {
  readonly name: string;
  readonly isArgument: boolean;
  /** Name of the class of the value. */
  readonly type: string;
  /** As `repr` would show it, as far as its bytes show it. */
  readonly value: string;
  /** It is the value of a secret, and not shown. */
  readonly hidden: boolean;
}

/** `valueLength`: characters of a value, at most. Secrets must have been hidden before. */
export function dumpReport(processes: readonly ProcessSnapshot[], valueLength: number): DumpReport {
  return {
    version: 1,
    processes: processes.map((process) => ({
      pid: process.pid,
      parentPid: process.parentPid,
      commandLine: process.commandLine,
      pythonVersion: process.pythonVersion,
      hasGil: process.hasGil,
      finalizing: process.finalizing,
      executable: process.executable,
      reloader: process.reloader,
      threads: process.threads.map((thread) => dumpedThread(thread, valueLength)),
      ...(process.tasks ? { asyncio: dumpedTasks(process.tasks, valueLength) } : {}),
      ...(process.trio ? { trio: dumpedTasks(process.trio, valueLength) } : {}),
      ...(process.greenlets ? { greenlets: dumpedGreenlets(process.greenlets, valueLength) } : {}),
      ...(process.core ? { core: process.core } : {}),
    })),
  };
}

export function dumpJson(processes: readonly ProcessSnapshot[], valueLength: number): string {
  return `${plainJson(dumpReport(processes, valueLength))}\n`;
}

function dumpedThread(thread: ThreadSnapshot, valueLength: number): DumpedThread {
  return {
    threadId: thread.threadId,
    ident: thread.ident,
    name: thread.name,
    interpreter: thread.interpreter,
    state: thread.state,
    waitingFor: thread.waitingFor,
    holdsGil: thread.holdsGil,
    ...(thread.request ? { request: dumpedRequest(thread.request) } : {}),
    moving: thread.moving,
    truncated: thread.truncated,
    frames: thread.frames.map((frame) => dumpedFrame(frame, valueLength)),
  };
}

function dumpedRequest({ route, seconds }: RequestSnapshot): DumpedRequest {
  return { route: route ?? null, seconds: seconds === undefined ? null : Math.round(seconds * 1000) / 1000 };
}

function dumpedTasks({ tasks, unread, isComplete }: TasksSnapshot, valueLength: number): DumpedTasks {
  return { tasks: tasks.map((task) => dumpedTask(task, valueLength)), unread, isComplete };
}

function dumpedTask(task: TaskSnapshot, valueLength: number): DumpedTask {
  return {
    id: task.id,
    name: task.name,
    state: task.state,
    isCancelling: task.isCancelling,
    waitKind: task.waitKind,
    waitingFor: task.waitingFor,
    loop: task.loop,
    threadId: task.threadId,
    awaitedBy: task.awaitedBy,
    truncated: task.truncated,
    frames: task.frames.map((frame) => dumpedFrame(frame, valueLength)),
  };
}

function dumpedGreenlets(
  { greenlets, unread, isComplete }: GreenletsSnapshot,
  valueLength: number,
): DumpedGreenlets {
  const dumped = greenlets.map(({ frames, ...greenlet }) => ({
    ...greenlet,
    frames: frames.map((frame) => dumpedFrame(frame, valueLength)),
  }));
  return { greenlets: dumped, unread, isComplete };
}

function dumpedFrame({ variables, ...frame }: FrameSnapshot, valueLength: number): DumpedFrame {
  return {
    kind: frame.kind,
    name: frame.name,
    qualifiedName: frame.qualifiedName,
    file: frame.file,
    shortFile: frame.shortFile,
    line: frame.line,
    firstLine: frame.firstLine,
    ...(variables ? { variables: variables.map((variable) => dumpedVariable(variable, valueLength)) } : {}),
  };
}

function dumpedVariable({ name, isArgument, value }: Variable, valueLength: number): DumpedVariable {
  return {
    name,
    isArgument,
    type: value.type,
    value: valueText(value, valueLength),
    hidden: value.kind === 'hidden',
  };
}
