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
import type { ObjectKinds } from './kinds.js';
import { TaskLists, type TaskThread } from './task-lists.js';
import { type ReadTask, TaskTrace } from './task-trace.js';
import { TaskWalk } from './task-walk.js';

export type { TaskThread } from './task-lists.js';
export type { ReadTask, TaskFrame, TaskState, TaskWaiter } from './task-trace.js';

export interface TaskReading {
  /** Each as it was at one moment, though not all at the same. */
  readonly tasks: readonly ReadTask[];
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

const nothing: TaskReading = { tasks: [], unread: 0, isComplete: true };

/** Words that are not worth to be let go: 256 KiB. */
const fewWords = 1 << 16;

/**
 * Readings after which pages on which nothing lies any more are forgotten. To find the places of 1,000 tasks in pages
 * that are arranged anew takes 5 ms. New tasks mostly lie where others did, on pages that are copied anyway.
 */
const arrangeEvery = 32;

/** UTF-16 units. */
const longestName = 100;

/**
 * How many of the tasks that changed before they were read a second time are read at once then. All of a look take some
 * milliseconds, and on a busy machine a hundred: of 40 tasks that run every 20 ms none was read. One is read in 0.1 ms.
 */
const fewerTogether = [32, 2];

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
  /** Words that are kept before it is looked whether some can be let go. */
  #mostWords = fewWords;
  /** Readings for which the pages stay as they are. */
  #arrangedFor = arrangeEvery;
  /** Of the pages on which what is known lies. */
  readonly #copies = new PageCopies();
  /** Of what is read a second time, and of what changed meanwhile. */
  readonly #again = new PageCopies();
  readonly #changed = new PageCopies();
  /** Knows the types of what it met. */
  #walk: TaskWalk | undefined;

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
    const { layout } = this.#source;
    this.#askForDebug();
    const debug = this.#debug;
    const walk = this.#walkNow();
    const changed = this.#dropChanged(walk);
    const { tasks, isComplete } = this.#lists.read(debug, (task) => this.#copiedNext(task));
    this.#addMissing(tasks, changed, isComplete);
    const isShorter = isComplete && this.#dropAllBut(tasks);
    const added = [...tasks].filter((task) => !this.#known.has(task));
    // Of what changed most is as it was, and has just been copied.
    const unread = this.#readNew(walk, added, this.#copies);
    if (changed.length > 0 || isShorter || added.length > 0) this.#arrange(added);
    const found: ReadTask[] = [];
    for (const { trace, task } of this.#known.values()) if (!trace.isDone) found.push(task);
    return {
      tasks: found,
      unread,
      isComplete: isComplete && (debug !== undefined || layout.minor < firstWithLists),
    };
  }

  /** From 3.14: threads in which a loop runs. Up to 3.13 there is `runningLoop`. */
  threads(): readonly TaskThread[] {
    this.#askForDebug();
    return (this.#debug && this.#lists?.threads(this.#debug)) ?? [];
  }

  /** One task, read now; `undefined`: it is done, or changed each time that it was read. */
  readOne(address: number): ReadTask | undefined {
    if (!this.#lists?.isThere()) return undefined;
    this.#askForDebug();
    this.#changed.clear();
    this.#known.delete(address);
    this.#readNew(this.#walkNow(), [address], this.#changed);
    const known = this.#known.get(address);
    return known && !known.trace.isDone ? known.task : undefined;
  }

  /** One task as it is now: as it was read before, if it has not changed since. */
  current(address: number): ReadTask | undefined {
    const known = this.#known.get(address);
    if (known && !known.trace.isDone && this.unchanged([known.task]).size > 0) return known.task;
    return this.readOne(address);
  }

  /** Those of tasks that were read which have the same bytes still. */
  unchanged(tasks: Iterable<ReadTask>): Set<ReadTask> {
    const walk = this.#walkNow();
    const copies = this.#again;
    copies.clear();
    const read = [...tasks].flatMap(({ address }) => this.#known.get(address) ?? []);
    for (const { trace } of read) trace.wantIn(copies);
    copies.readAll(this.#source.memory);
    return new Set(read.filter(({ trace }) => isStill(trace, walk, copies)).map(({ task }) => task));
  }

  /**
   * What types and interpreters there are is read anew from now on: a class may be dropped, and another one come there.
   */
  renew(): void {
    this.#walk = undefined;
    this.#lists?.forget();
  }

  /** What kinds of objects there are; until it is renewed. */
  get kinds(): ObjectKinds {
    return this.#walkNow().kinds;
  }

  #walkNow(): TaskWalk {
    const { memory, layout } = this.#source;
    this.#walk ??= new TaskWalk(memory, layout, this.#asyncio!, this.#debug?.task.node ?? -1);
    return this.#walk;
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

  /** A list that changed while it was read lacks some that are there. */
  #addMissing(tasks: Set<number>, changed: readonly number[], isComplete: boolean): void {
    for (const task of changed) if (!isComplete || this.#isListed(task)) tasks.add(task);
    for (const task of this.#known.keys()) if (!tasks.has(task) && this.#isListed(task)) tasks.add(task);
  }

  /**
   * From 3.14, whether a task that was read before was in a list when it was copied: what is taken out leads nowhere.
   */
  #isListed(task: number): boolean {
    return this.#debug !== undefined && isPointer(this.#copiedNext(task));
  }

  /** The place after that of a task in its list, of the copy that was just made; NaN when it is not in there. */
  #copiedNext(task: number): number {
    const at = this.#copies.at(task + this.#debug!.task.node, 8);
    return at < 0 ? Number.NaN : pointerAt(this.#copies.words, at);
  }

  #askForDebug(): void {
    if (this.#hasAsked || this.#source.layout.minor < firstWithLists) return;
    this.#hasAsked = true;
    this.#debug = this.#source.findDebug?.();
    if (!this.#debug) return;
    this.#asyncio = withDebug(this.#asyncio!, this.#debug);
    this.#walk = undefined;
  }

  /** Returns how many could not be read. `first`: copies of now, for all of them at once. */
  #readNew(walk: TaskWalk, added: readonly number[], first: PageCopies): number {
    let left = this.#readTogether(walk, added, first);
    for (const together of fewerTogether) {
      const failed: number[] = [];
      for (let from = 0; from < left.length; from += together) {
        this.#changed.clear();
        failed.push(...this.#readTogether(walk, left.slice(from, from + together), this.#changed));
      }
      left = failed;
    }
    return left.length;
  }

  /** Returns those that changed meanwhile, or are nothing that is known. */
  #readTogether(walk: TaskWalk, tasks: readonly number[], copies: PageCopies): readonly number[] {
    if (tasks.length === 0) return tasks;
    const again = this.#again;
    const traces = tasks.map((address) => new TaskTrace(address, this.#kept));
    walk.walk(traces, copies);
    again.clear();
    for (const trace of traces) if (!trace.hasFailed) trace.wantIn(again);
    again.readAll(this.#source.memory);
    const failed: number[] = [];
    for (const trace of traces) {
      if (!trace.hasFailed && isStill(trace, walk, again))
        this.#known.set(trace.address, { trace, task: trace.result() });
      else failed.push(trace.address);
    }
    return failed;
  }

  /** What is known now is copied at the next reading. `added`: tasks that may not have been known before. */
  #arrange(added: readonly number[]): void {
    const copies = this.#copies;
    if (copies.isSettled && --this.#arrangedFor > 0) {
      for (const task of added) this.#known.get(task)?.trace.wantIn(copies);
    } else {
      copies.clear();
      for (const { trace } of this.#known.values()) trace.wantIn(copies);
      this.#arrangedFor = arrangeEvery;
    }
    if (this.#kept.used > this.#mostWords) this.#dropWords();
  }

  /** Words of tasks that are not known any more are let go when they are more than the others. */
  #dropWords(): void {
    let count = 0;
    for (const { trace } of this.#known.values()) count += trace.keptCount;
    this.#mostWords = 2 * count + fewWords;
    if (this.#kept.used <= this.#mostWords) return;
    this.#kept = new KeptWords();
    for (const { trace } of this.#known.values()) trace.moveTo(this.#kept);
  }

  /** Whether something was known of others. */
  #dropAllBut(tasks: ReadonlySet<number>): boolean {
    const before = this.#known.size;
    for (const address of this.#known.keys()) if (!tasks.has(address)) this.#known.delete(address);
    return this.#known.size < before;
  }

  /** Of what is known only that stays which has the same bytes still. Returns the tasks that changed. */
  #dropChanged(walk: TaskWalk): number[] {
    this.#copies.readAll(this.#source.memory);
    const changed: number[] = [];
    for (const [address, { trace }] of this.#known) {
      if (isStill(trace, walk, this.#copies)) continue;
      this.#known.delete(address);
      changed.push(address);
    }
    return changed;
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
