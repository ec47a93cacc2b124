import { KeptWords } from '../../memory/kept-words.js';
import { PageCopies } from '../../memory/page-copies.js';
import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { readInt } from '../objects/integers.js';
import { readString } from '../objects/strings.js';
import { supportedVersion } from '../versions.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import type { AsyncioDebug } from './debug-section.js';
import { TaskLists, type TaskThread } from './task-lists.js';
import { type ReadTask, TaskTrace } from './task-trace.js';
import { TaskWalk } from './task-walk.js';

export type { TaskThread } from './task-lists.js';
export type { ReadTask, TaskFrame, TaskState, TaskWaiter } from './task-trace.js';

export interface TaskReading {
  /** Each as it was at one moment, though not all at the same. */
  readonly tasks: readonly ReadTask[];
  /** Threads in which a loop runs, and the loops of those that cannot be told. */
  readonly threads: readonly TaskThread[];
  /** Tasks that are there and could not be read, since they changed each time or are of no known kind. */
  readonly unread: number;
  /** The list of tasks changed while it was read, or is longer than what is read: there may be more. */
  readonly isComplete: boolean;
}

export interface TaskSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  /** Address of the runtime. */
  readonly runtime: number;
  /**
   * `findAsyncioDebug`, which is asked once, when a Python from 3.14 on has imported asyncio. Without it few tasks are
   * found there.
   */
  readonly findDebug?: () => AsyncioDebug | undefined;
}

/** The first version whose tasks are in lists that only the target's own offsets lead to. */
const firstWithLists = 14;

const nothing: TaskReading = { tasks: [], threads: [], unread: 0, isComplete: true };

/** Words that are not worth to be let go: 256 KiB. */
const fewWords = 1 << 16;

/** UTF-16 units. */
const longestName = 100;

/** First readings of tasks that changed before they were read a second time. */
const mostLooks = 3;

/**
 * Reads the tasks of a target again and again. What a task was is kept with its bytes: as long as these stay the same,
 * so does the task, and one scatter read answers for all.
 */
export class TaskReader {
  readonly #source: TaskSource;
  #asyncio: AsyncioLayout | undefined;
  #debug: AsyncioDebug | undefined;
  #hasAsked = false;
  readonly #lists: TaskLists | undefined;
  /** By the address of the task. */
  readonly #known = new Map<number, { readonly trace: TaskTrace; readonly task: ReadTask }>();
  #kept = new KeptWords();
  /** Of the pages on which what is known lies. */
  #copies = new PageCopies();

  constructor(source: TaskSource) {
    const { memory, layout, runtime } = source;
    this.#source = source;
    this.#asyncio = supportedVersion(
      layout.major,
      layout.minor,
      layout.freeThreading ? 't' : undefined,
    )?.asyncio;
    this.#lists = this.#asyncio && new TaskLists({ memory, layout, runtime, asyncio: this.#asyncio });
  }

  /** Where the fields lie; `undefined` up to 3.7. */
  get asyncio(): AsyncioLayout | undefined {
    return this.#asyncio;
  }

  /** What was read before and has not changed since is the very same object. */
  read(): TaskReading {
    if (!this.#lists?.isThere()) return nothing;
    const { memory, layout } = this.#source;
    this.#askForDebug();
    const debug = this.#debug;
    const walk = new TaskWalk(memory, layout, this.#asyncio!, debug?.task.node ?? -1);
    const changed = this.#dropChanged(walk);
    const { tasks, threads, isComplete } = this.#lists.read(debug, (task) => this.#nextOf(task));
    const isShorter = this.#dropAllBut(tasks);
    const added = [...tasks].filter((task) => !this.#known.has(task));
    const unread = this.#readNew(walk, added);
    if (changed || isShorter || added.length > 0) {
      this.#copies = new PageCopies();
      for (const { trace } of this.#known.values()) trace.wantIn(this.#copies);
      this.#dropWords();
    }
    const found: ReadTask[] = [];
    for (const { trace, task } of this.#known.values()) if (!trace.isDone) found.push(task);
    return {
      tasks: found,
      threads,
      unread,
      isComplete: isComplete && (debug !== undefined || layout.minor < firstWithLists),
    };
  }

  /** Address of the task, written in C, that is within a step and whose own coroutine has that frame; 0: none. */
  runningWith(frame: number): number {
    if (!this.#lists?.isThere()) return 0;
    this.#askForDebug();
    const { memory } = this.#source;
    const { task: ofTask, generator } = this.#asyncio!;
    for (const task of this.#lists.running(this.#debug)) {
      if (!isPointer(task)) continue;
      const coroutine = readPointer(memory, task + ofTask.coroutine);
      const own =
        generator.embedded < 0
          ? readPointer(memory, coroutine + generator.frame)
          : coroutine + generator.embedded;
      if (own === frame) return task;
    }
    return 0;
  }

  /** Address of the future that the task, written in C, waits for; 0: none. */
  waiterOf(task: number): number {
    const waiter = this.#asyncio ? readPointer(this.#source.memory, task + this.#asyncio.task.waiter) : 0;
    return isPointer(waiter) ? waiter : 0;
  }

  /** The name of the task, written in C, at that address; empty when none can be read. */
  nameOf(task: number): string {
    const { memory, layout } = this.#source;
    const name = this.#asyncio ? readPointer(memory, task + this.#asyncio.task.name) : 0;
    if (!isPointer(name)) return '';
    const text = readString(memory, layout, name, longestName);
    if (text !== undefined) return text;
    const count = readInt(memory, layout, name);
    return count === undefined ? '' : `Task-${count}`;
  }

  /** The place after that of a task in its list, of the copy that was just made; NaN when it is not in there. */
  #nextOf(task: number): number {
    const place = task + this.#debug!.task.node;
    const at = this.#known.has(task) ? this.#copies.at(place, 8) : -1;
    return at < 0 ? Number.NaN : pointerAt(this.#copies.words, at);
  }

  #askForDebug(): void {
    if (this.#hasAsked || this.#source.layout.minor < firstWithLists) return;
    this.#hasAsked = true;
    this.#debug = this.#source.findDebug?.();
    if (this.#debug) this.#asyncio = withDebug(this.#asyncio!, this.#debug);
  }

  /** Returns how many could not be read. */
  #readNew(walk: TaskWalk, added: readonly number[]): number {
    let left = added;
    for (let look = 0; look < mostLooks && left.length > 0; look++) {
      const traces = left.map((address) => new TaskTrace(address, this.#kept));
      walk.walk(traces);
      const copies = new PageCopies();
      for (const trace of traces) if (!trace.hasFailed) trace.wantIn(copies);
      copies.readAll(this.#source.memory);
      const failed: number[] = [];
      for (const trace of traces) {
        if (trace.hasFailed || !isStill(trace, walk, copies)) failed.push(trace.address);
        else this.#known.set(trace.address, { trace, task: trace.result() });
      }
      left = failed;
    }
    return left.length;
  }

  /** Words of tasks that are not known any more are let go when they are more than the others. */
  #dropWords(): void {
    let count = 0;
    for (const { trace } of this.#known.values()) count += trace.keptCount;
    if (this.#kept.used <= 2 * count + fewWords) return;
    this.#kept = new KeptWords();
    for (const { trace } of this.#known.values()) trace.moveTo(this.#kept);
  }

  /** Whether something was known of others. */
  #dropAllBut(tasks: ReadonlySet<number>): boolean {
    const before = this.#known.size;
    for (const address of this.#known.keys()) if (!tasks.has(address)) this.#known.delete(address);
    return this.#known.size < before;
  }

  /** Of what is known only that stays which has the same bytes still. Whether something changed. */
  #dropChanged(walk: TaskWalk): boolean {
    this.#copies.readAll(this.#source.memory);
    const before = this.#known.size;
    for (const [address, { trace }] of this.#known)
      if (!isStill(trace, walk, this.#copies)) this.#known.delete(address);
    return this.#known.size < before;
  }
}

function isStill(trace: TaskTrace, walk: TaskWalk, copies: PageCopies): boolean {
  const { attributes, address, setOfAwaiting, awaitedBy, stateOfWaiter, waiter } = trace;
  if (!trace.isIn(copies)) return false;
  if (attributes && !isEqual(attributes, walk.attributesOf(address))) return false;
  if (setOfAwaiting !== 0 && !isEqual(awaitedBy, walk.membersOf(setOfAwaiting))) return false;
  return stateOfWaiter === undefined || stateOfWaiter === walk.stateOf(waiter!.address);
}

/** The tasks of a target at this moment; empty up to 3.7. */
export function readTasks(source: TaskSource): TaskReading {
  return new TaskReader(source).read();
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

/** What the target says of its own build comes before what is known of the version. */
function withDebug(known: AsyncioLayout, debug: AsyncioDebug): AsyncioLayout {
  const { size, name, coroutine, awaitedBy, awaitedBySet } = debug.task;
  // In a struct of another size the other fields lie elsewhere, too: no task has a size of -1, so none is read.
  const isSame = size === known.task.size && coroutine === known.task.coroutine;
  return {
    ...known,
    task: { ...known.task, size: isSame ? size : -1, name, coroutine },
    future: { ...known.future, awaitedBy, awaitedBySet },
  };
}
