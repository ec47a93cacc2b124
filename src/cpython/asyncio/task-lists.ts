import { PageCopies } from '../../memory/page-copies.js';
import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import { eachInSteps, type Steps } from '../../memory/steps.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { readInterpreters, readThreadStates } from '../interpreters.js';
import type { Layout } from '../layout.js';
import { dictEntries, dictValue } from '../objects/dicts.js';
import { attributeOf } from '../objects/instances.js';
import { type SetMembers, setMembers } from '../objects/sets.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import type { AsyncioDebug } from './debug-section.js';
import { ListedTasks } from './listed-tasks.js';

/** A thread of the target as asyncio knows it. */
export interface TaskThread {
  /** Address of the thread state. */
  readonly threadState: number;
  /** Loop that runs in it. */
  readonly loop: number;
}

export interface FoundTasks {
  readonly tasks: Set<number>;
  /** The list changed while it was read, or is longer than what is read. */
  readonly isComplete: boolean;
}

/** More than any program has; each takes some 500 bytes while it is read. */
const mostTasks = 100_000;
const mostModules = 50_000;
const mostGlobals = 2000;
/** Slots of the set behind a WeakSet, which has up to five times as many as members. */
const largestTable = 1 << 20;
/** Tasks that are looked up in one step. */
const perStep = 256;
/** Steps back in a list that changes while it is followed. */
const mostStepsBack = 2000;

/** Of what cannot be read. */
const nothing: SetMembers = { members: [], isWhole: false };

interface TaskSet {
  readonly address: number;
  /** It holds weak references to tasks. */
  readonly isWeak: boolean;
}

/** Where the tasks of an interpreter are listed. */
interface TaskSets {
  readonly interpreter: number;
  readonly sets: readonly TaskSet[];
  /** Up to 3.13: dict from loops to their current tasks; 0: none. */
  readonly current: number;
}

export interface ListsSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly asyncio: AsyncioLayout;
  /** Address of the runtime. */
  readonly runtime: number;
}

/**
 * All tasks of all loops that are not dropped, done ones among them:
 *
 *   3.8 to 3.11   `_all_tasks`, a WeakSet of `asyncio.tasks`
 *   3.12, 3.13    `_scheduled_tasks`, a WeakSet, and `_eager_tasks`, a set
 *   from 3.14     lists of threads and, for those of threads that ended, of interpreters; the sets have only those
 *                 written in Python
 */
export class TaskLists {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #asyncio: AsyncioLayout;
  readonly #runtime: number;
  /** Addresses of the interpreters; empty: not looked for. */
  #known: readonly number[] = [];
  /** Weak references to tasks. */
  readonly #references = new PageCopies();
  /** By the address of the interpreter, with how many modules it had then. */
  readonly #sets = new Map<number, { readonly modules: number; readonly found: TaskSets | undefined }>();

  constructor({ memory, layout, asyncio, runtime }: ListsSource) {
    this.#memory = memory;
    this.#layout = layout;
    this.#asyncio = asyncio;
    this.#runtime = runtime;
  }

  /** Interpreters are looked for again. */
  forget(): void {
    this.#known = [];
  }

  /** Whether asyncio is imported in an interpreter. */
  isThere(): boolean {
    return this.#interpreters().some((address) => this.#setsOf(address) !== undefined);
  }

  /**
   * `debug`: what is known of the lists, from 3.14. `nextOf`: place after that of a task whose bytes were just read;
   * NaN when they were not.
   */
  *reading(debug: AsyncioDebug | undefined, nextOf: (task: number) => number): Steps<FoundTasks> {
    const tasks = new Set<number>();
    let isComplete = true;
    for (const address of this.#interpreters()) {
      for (const set of this.#setsOf(address)?.sets ?? [])
        if (!(yield* this.#addMembers(set, tasks))) isComplete = false;
      if (debug && !(yield* this.#addListed(address, debug, { tasks, nextOf }))) isComplete = false;
    }
    return { tasks, isComplete };
  }

  /** What shows whether tasks are added from now on; `undefined`: they are too many, or cannot be read. */
  listed(debug: AsyncioDebug | undefined): ListedTasks | undefined {
    const listed = new ListedTasks({ memory: this.#memory, layout: this.#layout, asyncio: this.#asyncio });
    for (const address of this.#interpreters()) {
      for (const set of this.#setsOf(address)?.sets ?? []) listed.addSet(set.address, set.isWeak);
      for (const head of debug ? this.#heads(address, debug) : []) listed.addList(head, debug!.task.node);
    }
    return listed.keep() ? listed : undefined;
  }

  /** From 3.14: threads in which a loop runs. */
  threads({ thread }: AsyncioDebug): TaskThread[] {
    return this.#interpreters().flatMap((interpreter) =>
      readThreadStates(this.#memory, this.#layout, interpreter).flatMap(({ address }) => {
        const loop = readPointer(this.#memory, address + thread.loop);
        return isPointer(loop) ? [{ threadState: address, loop }] : [];
      }),
    );
  }

  /** Addresses of the tasks that are within a step. */
  running(debug: AsyncioDebug | undefined): number[] {
    return this.#interpreters().flatMap((address) => {
      if (debug)
        return readThreadStates(this.#memory, this.#layout, address).map((thread) =>
          readPointer(this.#memory, thread.address + debug.thread.task),
        );
      const current = this.#setsOf(address)?.current ?? 0;
      if (current === 0) return [];
      return dictEntries(this.#memory, this.#layout, current, mostGlobals).map(({ value }) => value);
    });
  }

  #interpreters(): readonly number[] {
    if (this.#known.length === 0)
      this.#known = readInterpreters(this.#memory, this.#layout, this.#runtime).map(({ address }) => address);
    return this.#known;
  }

  /** `undefined` while asyncio is not imported. Looked for again when there are more modules. */
  #setsOf(interpreter: number): TaskSets | undefined {
    const last = this.#sets.get(interpreter);
    if (last?.found) return last.found;
    const dict = readPointer(this.#memory, interpreter + this.#layout.interpreter.modules);
    const modules = readPointer(this.#memory, dict + this.#layout.dict.used);
    if (last?.modules === modules) return undefined;
    const found = this.#find(interpreter, dict);
    this.#sets.set(interpreter, { modules, found });
    return found;
  }

  #find(interpreter: number, dict: number): TaskSets | undefined {
    const modules = dictEntries(this.#memory, this.#layout, dict, mostModules);
    const sets = new Map<number, boolean>();
    let current = 0;
    for (const name of ['asyncio.tasks', '_asyncio']) {
      const module = dictValue(this.#memory, this.#layout, modules, name);
      if (module === 0) continue;
      // PyModuleObject: md_dict follows the object header.
      const globals = readPointer(this.#memory, module + this.#layout.object.type + 8);
      const entries = dictEntries(this.#memory, this.#layout, globals, mostGlobals);
      for (const list of ['_all_tasks', '_scheduled_tasks', '_eager_tasks']) {
        const address = dictValue(this.#memory, this.#layout, entries, list);
        const isWeak = list !== '_eager_tasks';
        const set =
          isWeak && address !== 0 ? attributeOf(this.#memory, this.#layout, address, 'data') : address;
        if (set !== 0) sets.set(set, isWeak);
      }
      current ||= dictValue(this.#memory, this.#layout, entries, '_current_tasks');
    }
    const found = [...sets].map(([address, isWeak]) => ({ address, isWeak }));
    return found.length === 0 ? undefined : { interpreter, sets: found, current };
  }

  /** False when there are more than are read. */
  *#addMembers({ address, isWeak }: TaskSet, tasks: Set<number>): Steps<boolean> {
    const limits = { most: mostTasks, largestTable };
    const { members, isWhole } = setMembers(this.#memory, this.#layout, address, limits) ?? nothing;
    if (!isWeak) for (const member of members) tasks.add(member);
    else yield* this.#addReferred(members, tasks);
    return isWhole && members.length < mostTasks;
  }

  *#addReferred(references: readonly number[], tasks: Set<number>): Steps<void> {
    const { weakReference } = this.#asyncio.other;
    const copies = this.#references;
    copies.clear();
    const want = (reference: number) => copies.want(reference + weakReference, 8);
    yield* eachInSteps(references, perStep, want);
    yield* copies.readingAll(this.#memory);
    yield* eachInSteps(references, perStep, (reference) => {
      const at = copies.at(reference + weakReference, 8);
      const task = at < 0 ? 0 : pointerAt(copies.words, at);
      if (isPointer(task)) tasks.add(task);
    });
  }

  /** From 3.14. False when the lists did not hold still. */
  *#addListed(interpreter: number, debug: AsyncioDebug, into: Listed): Steps<boolean> {
    let isComplete = true;
    for (const head of this.#heads(interpreter, debug))
      if (!(yield* this.#addChain(head, debug.task.node, into))) isComplete = false;
    return isComplete;
  }

  /** Of the lists of its threads, and of those that ended. */
  #heads(interpreter: number, debug: AsyncioDebug): number[] {
    const threads = readThreadStates(this.#memory, this.#layout, interpreter);
    return [
      ...threads.map(({ address }) => address + debug.thread.tasks),
      interpreter + debug.tasksOfInterpreter,
    ];
  }

  /**
   * A list is a ring through its head; each place is two pointers, the first to the next place. What was copied of a
   * place is older than the next one, which may be gone by now: then the list goes on where its places lead now.
   */
  *#addChain(head: number, node: number, { tasks, nextOf }: Listed): Steps<boolean> {
    const chain: number[] = [];
    const seen = new Set<number>();
    /** Places that were read now, not before. */
    const live = new Set<number>();
    const readNow = (at: number) => {
      live.add(at);
      return readPointer(this.#memory, at);
    };
    let place = readNow(head);
    // Before the first task of all, the head is zeros.
    if (place === 0) return true;
    for (let steps = mostStepsBack; place !== head && steps > 0 && seen.size < mostTasks; ) {
      if (isPointer(place) && !seen.has(place)) {
        chain.push(place);
        seen.add(place);
        if (seen.size % perStep === 0) yield;
        const copied = nextOf(place - node);
        place = Number.isNaN(copied) ? readNow(place) : copied;
        continue;
      }
      steps--;
      const last = chain.at(-1) ?? head;
      // That one leads nowhere: it is in no list any more.
      if (live.has(last) && chain.pop() !== undefined) seen.delete(last);
      place = readNow(chain.at(-1) ?? head);
    }
    for (const one of chain) tasks.add(one - node);
    return place === head;
  }
}

interface Listed {
  readonly tasks: Set<number>;
  readonly nextOf: (task: number) => number;
}
