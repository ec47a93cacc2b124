import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import { allOf, eachInSteps, type Steps } from '../../memory/steps.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { readInt } from '../objects/integers.js';
import { readString } from '../objects/strings.js';
import { versionOf } from '../versions.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import type { AsyncioDebug } from './debug-section.js';
import type { ObjectKinds } from './kinds.js';
import { KnownTasks } from './known-tasks.js';
import type { ListedTasks } from './listed-tasks.js';
import { TaskLists, type TaskThread } from './task-lists.js';
import type { ReadTask } from './task-trace.js';
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

/** Tasks that are looked at in one step. */
const perStep = 1024;
/** UTF-16 units. */
const longestName = 100;

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
  /** Made once there is asyncio. */
  #knownTasks: KnownTasks | undefined;
  /** Knows the types of what it met. */
  #walk: TaskWalk | undefined;

  constructor(source: TaskSource) {
    const { memory, layout, runtime } = source;
    this.#source = source;
    this.#asyncio = versionOf(layout)?.asyncio;
    this.#lists = this.#asyncio && new TaskLists({ memory, layout, runtime, asyncio: this.#asyncio });
  }

  get #known(): KnownTasks {
    this.#knownTasks ??= new KnownTasks(this.#source.memory);
    return this.#knownTasks;
  }

  /** Where the fields lie; `undefined` up to 3.7. */
  get asyncio(): AsyncioLayout | undefined {
    return this.#asyncio;
  }

  /** What was read before and has not changed since is the very same object. */
  read(): TaskReading {
    return allOf(this.reading({ together: Number.POSITIVE_INFINITY }));
  }

  /**
   * The same in steps, between which other methods may be called. `together`: how many tasks of which nothing is known
   * are found out about in one. `onCopied`: what was known has been copied, and what tasks there are.
   */
  *reading({ together, onCopied }: { together: number; onCopied?: () => void }): Steps<TaskReading> {
    if (!this.#lists?.isThere()) return nothing;
    const { layout } = this.#source;
    this.#askForDebug();
    const debug = this.#debug;
    const walk = this.#walkNow();
    const known = this.#known;
    const listing = this.#lists.reading(debug, (task) => this.#copiedNext(task));
    const { tasks, isComplete } = yield* known.copying(listing);
    onCopied?.();
    // A list that changed while it was read lacks some that are there; what is taken out of it leads nowhere.
    if (debug)
      yield* eachInSteps(known.addresses, perStep, (task) => {
        if (!tasks.has(task) && isPointer(this.#copiedNext(task))) tasks.add(task);
      });
    if (isComplete) yield* known.keepOnly(tasks);
    const unread = yield* known.compare(walk, tasks, together);
    return {
      tasks: known.tasks,
      unread,
      isComplete: isComplete && (debug !== undefined || layout.minor < firstWithLists),
    };
  }

  /** What shows whether tasks are added from now on; `undefined`: that cannot be known. */
  listed(): ListedTasks | undefined {
    if (!this.#lists?.isThere()) return undefined;
    this.#askForDebug();
    return this.#lists.listed(this.#debug);
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
    const known = this.#known.readNow(this.#walkNow(), address);
    return known && !known.trace.isDone ? known.task : undefined;
  }

  /** One task as it is now: as it was read before, if it has not changed since. */
  current(address: number): ReadTask | undefined {
    const known = this.#known.at(address);
    if (known && !known.trace.isDone && this.unchanged([known.task]).size > 0) return known.task;
    return this.readOne(address);
  }

  /** Those of tasks that were read which have the same bytes still. */
  unchanged(tasks: Iterable<ReadTask>): Set<ReadTask> {
    return this.#known.unchanged(this.#walkNow(), tasks);
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
    if (this.#walk) return this.#walk;
    const { memory, layout } = this.#source;
    const walk = new TaskWalk(memory, layout, this.#asyncio!, this.#debug?.task.node ?? -1);
    this.#known.walkWith(walk);
    this.#walk = walk;
    return walk;
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
  #copiedNext(task: number): number {
    const { copies } = this.#known;
    const at = copies.at(task + this.#debug!.task.node, 8);
    return at < 0 ? Number.NaN : pointerAt(copies.words, at);
  }

  #askForDebug(): void {
    if (this.#hasAsked || this.#source.layout.minor < firstWithLists) return;
    this.#hasAsked = true;
    this.#debug = this.#source.findDebug?.();
    if (!this.#debug) return;
    this.#asyncio = withDebug(this.#asyncio!, this.#debug);
    this.#walk = undefined;
  }
}

/** The tasks of a target at this moment; empty up to 3.7. */
export function readTasks(source: TaskSource): TaskReading {
  return new TaskReader(source).read();
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
