import { cachedMemory } from '../../memory/cached-memory.js';
import { KeptParts } from '../../memory/kept-parts.js';
import { KeptWords } from '../../memory/kept-words.js';
import { PageCopies } from '../../memory/page-copies.js';
import { readPointer } from '../../memory/pointers.js';
import { againByFewer, eachInSteps, type Steps } from '../../memory/steps.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { AsyncioLayout } from '../asyncio/asyncio-layout.js';
import { TaskTrace } from '../asyncio/task-trace.js';
import { TaskWalk } from '../asyncio/task-walk.js';
import type { Layout } from '../layout.js';
import { readString } from '../objects/strings.js';
import {
  isTrioRunner,
  listTrioTasks,
  type ReadTrioTask,
  TrioAttributes,
  type TrioSlots,
  trioFieldsOf,
  trioTaskOf,
} from './trio-reader.js';

/** Tasks that are read together: all of them, and those that changed meanwhile. */
const readTogether = [32, 4, 1];
const comparedTogether = 64;
/** Looks after which pages on which nothing lies any more are forgotten, and words that are not needed. */
const arrangeEvery = 32;
/** A `Task` of trio is an object of some 30 attributes. */
const largestTask = 1024;
const longestName = 200;

interface Known {
  readonly task: ReadTrioTask;
  /** The object itself: what it says changes whenever it runs. */
  readonly object: KeptParts;
  readonly trace: TaskTrace;
}

interface OneLook {
  readonly walk: TaskWalk;
  readonly slots: TrioSlots;
  /** By the address of a task. */
  readonly runnerOf: ReadonlyMap<number, number>;
  readonly name: NameTrioTasks;
}

/** Names tasks: what is read of memory in between counts only for those that stay as they are. */
export type NameTrioTasks = (tasks: readonly ReadTrioTask[], memory: TargetMemory) => void;

export interface TrioLook {
  /** Those that were the same before and after they were named. One is the same object as long. */
  readonly tasks: readonly ReadTrioTask[];
  readonly unread: number;
}

/** The tasks of trio, at one look after the other: what has the same bytes as before is not followed again. */
export class KnownTrioTasks {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #asyncio: AsyncioLayout;
  readonly #known = new Map<number, Known>();
  readonly #copies = new PageCopies();
  readonly #again = new PageCopies();
  /** Of what is walked: room for them is not made anew each time. */
  readonly #walked = new PageCopies();
  #kept = new KeptWords();
  #arrangedFor = 0;

  constructor(memory: TargetMemory, layout: Layout, asyncio: AsyncioLayout) {
    this.#memory = memory;
    this.#layout = layout;
    this.#asyncio = asyncio;
  }

  /** `onCopied` is called when those that are known were copied. */
  *look(runners: readonly number[], name: NameTrioTasks, onCopied: () => void): Steps<TrioLook> {
    const memory = this.#memory;
    const { found } = listTrioTasks(memory, this.#layout, runners);
    const runnerOf = new Map(found.map(({ address, runner }) => [address, runner]));
    for (const address of this.#known.keys()) if (!runnerOf.has(address)) this.#known.delete(address);
    yield* this.#arrange();
    yield* this.#copies.readingAll(memory);
    onCopied();
    const changed: number[] = [];
    yield* eachInSteps(runnerOf.keys(), comparedTogether, (address) => {
      const known = this.#known.get(address);
      if (!known?.object.isIn(this.#copies) || !known.trace.isIn(this.#copies)) changed.push(address);
    });
    const walk = new TaskWalk(memory, this.#layout, this.#asyncio, -1);
    const slots: TrioSlots = new Map();
    const read = (some: readonly number[]) => this.#read({ walk, slots, runnerOf, name }, some);
    const left = yield* againByFewer(changed, readTogether, read);
    return { tasks: [...this.#known.values()].map(({ task }) => task), unread: left.length };
  }

  isRunner(address: number): boolean {
    return isTrioRunner(this.#memory, this.#layout, address);
  }

  /** Whether a task that was read has the same coroutine and name: another one may lie there by now. */
  isStill({ address, coroutine, name }: ReadTrioTask): boolean {
    const attributes = new TrioAttributes(this.#memory, this.#layout);
    if (attributes.of(address, 'coro') !== coroutine) return false;
    const now = readString(this.#memory, this.#layout, attributes.of(address, 'name'), longestName);
    return (now ?? '') === name;
  }

  /** Returns those that changed meanwhile. */
  #read({ walk, slots, runnerOf, name }: OneLook, addresses: readonly number[]): number[] {
    const copy = cachedMemory(this.#memory);
    const attributes = new TrioAttributes(copy, this.#layout, slots);
    const entries = addresses.map((address) => {
      const fields = trioFieldsOf(copy, this.#layout, attributes, address);
      const object = this.#keepObject(copy, address);
      return { address, fields, object, trace: new TaskTrace(address, this.#kept) };
    });
    this.#walked.clear();
    walk.walkFrom(new Map(entries.map(({ trace, fields }) => [trace, fields.coroutine])), this.#walked);
    const read = entries.flatMap(({ address, fields, object, trace }): Known[] => {
      this.#known.delete(address);
      if (!object || trace.hasFailed) return [];
      return [{ task: trioTaskOf(runnerOf.get(address)!, fields, trace), object, trace }];
    });
    name(
      read.map(({ task }) => task),
      copy,
    );
    const again = this.#again;
    again.clear();
    for (const one of read) wantIn(again, one);
    again.readAll(this.#memory);
    for (const one of read) {
      if (!one.object.isIn(again) || !one.trace.isIn(again)) continue;
      this.#known.set(one.task.address, one);
      wantIn(this.#copies, one);
    }
    return addresses.filter((address) => !this.#known.has(address));
  }

  #keepObject(copy: TargetMemory, address: number): KeptParts | undefined {
    const { object, type } = this.#layout;
    const size = readPointer(copy, readPointer(copy, address + object.type) + type.basicSize);
    if (!(size > object.size && size <= largestTask)) return undefined;
    const length = (size - object.type) & ~7;
    const bytes = copy.read(address + object.type, length);
    if (!bytes) return undefined;
    const parts = new KeptParts(this.#kept);
    const from = address + object.type;
    parts.keep(from, from + length, new Uint32Array(bytes.slice().buffer), 0);
    return parts;
  }

  *#arrange(): Steps<void> {
    if (--this.#arrangedFor > 0) return;
    this.#arrangedFor = arrangeEvery;
    this.#copies.clear();
    this.#kept = new KeptWords();
    yield* eachInSteps(this.#known.values(), comparedTogether, (one) => {
      one.object.moveTo(this.#kept);
      one.trace.moveTo(this.#kept);
      wantIn(this.#copies, one);
    });
  }
}

function wantIn(copies: PageCopies, { object, trace }: Known): void {
  object.wantIn(copies);
  trace.wantIn(copies);
}
