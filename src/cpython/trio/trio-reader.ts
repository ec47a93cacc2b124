import { cachedMemory } from '../../memory/cached-memory.js';
import { KeptWords } from '../../memory/kept-words.js';
import { PageCopies } from '../../memory/page-copies.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { AsyncioLayout } from '../asyncio/asyncio-layout.js';
import { type ReadTask, type TaskFrame, TaskTrace } from '../asyncio/task-trace.js';
import { TaskWalk } from '../asyncio/task-walk.js';
import type { Layout } from '../layout.js';
import { attributeOf, typeName } from '../objects/instances.js';
import { readInt } from '../objects/integers.js';
import { setMembers } from '../objects/sets.js';
import { slotsOf } from '../objects/slots.js';
import { readString } from '../objects/strings.js';

/** A task of trio that is not done, at one moment. */
export interface ReadTrioTask {
  readonly address: number;
  readonly name: string;
  /** Address of the runner, which has the loop. */
  readonly runner: number;
  readonly state: ReadTask['state'];
  /** A cancel scope in which it is was cancelled. */
  readonly isCancelled: boolean;
  /** Address of the task in whose nursery it is; 0 for the outermost. */
  readonly parent: number;
  /** Innermost first; of a running one none. */
  readonly frames: readonly TaskFrame[];
  /** Frame of its own coroutine. */
  readonly outermostFrame: number;
  readonly coroutine: number;
  readonly truncated: boolean;
}

export interface TrioReading {
  readonly tasks: readonly ReadTrioTask[];
  /** Addresses of tasks that changed while they were read. */
  readonly unread: ReadonlySet<number>;
  readonly isComplete: boolean;
}

const mostTasks = 100_000;
const largestTable = 1 << 20;
const longestName = 200;

/** Whether the object at an address is what runs the tasks of trio in a thread. */
export function isTrioRunner(memory: TargetMemory, layout: Layout, address: number): boolean {
  return (
    isPointer(address) &&
    typeName(memory, layout, address) === 'Runner' &&
    attributeOf(memory, layout, address, 'tasks') !== 0
  );
}

/** The tasks of these runners. Two readings that are alike are of something that was there. */
export function readTrioTasks(
  memory: TargetMemory,
  layout: Layout,
  asyncio: AsyncioLayout,
  runners: readonly number[],
): TrioReading {
  const { found, isComplete } = listTrioTasks(memory, layout, runners);
  const kept = new KeptWords();
  const copy = cachedMemory(memory);
  const attributes = new TrioAttributes(copy, layout);
  const walk = new TaskWalk(memory, layout, asyncio, -1);
  const entries = found.map(({ address, runner }) => {
    const fields = trioFieldsOf(copy, layout, attributes, address);
    return { runner, fields, trace: new TaskTrace(address, kept) };
  });
  const copies = new PageCopies();
  walk.walkFrom(new Map(entries.map(({ trace, fields }) => [trace, fields.coroutine])), copies);
  copies.clear();
  for (const { trace } of entries) if (!trace.hasFailed) trace.wantIn(copies);
  copies.readAll(memory);
  const tasks: ReadTrioTask[] = [];
  const unread = new Set<number>();
  for (const { runner, fields, trace } of entries) {
    if (trace.hasFailed || !trace.isIn(copies)) unread.add(trace.address);
    else tasks.push(trioTaskOf(runner, fields, trace));
  }
  return { tasks, unread, isComplete };
}

/** Addresses of the tasks that runners have in their sets. */
export function listTrioTasks(memory: TargetMemory, layout: Layout, runners: readonly number[]) {
  const found: { readonly address: number; readonly runner: number }[] = [];
  let isComplete = true;
  for (const runner of runners) {
    const set = attributeOf(memory, layout, runner, 'tasks');
    const all = setMembers(memory, layout, set, { most: mostTasks, largestTable });
    if (!all?.isWhole || all.members.length >= mostTasks) isComplete = false;
    for (const address of all?.members ?? []) found.push({ address, runner });
  }
  return { found, isComplete };
}

/** What the attributes of a task, and a walk from its coroutine, say. */
export function trioTaskOf(runner: number, fields: TrioFields, trace: TaskTrace): ReadTrioTask {
  const { address, frames, state, outermostFrame, truncated } = trace;
  return {
    ...{ address, runner, outermostFrame, truncated, coroutine: fields.coroutine },
    ...{ name: fields.name, parent: fields.parent, isCancelled: fields.isCancelled },
    state: state === 'waiting' && fields.isScheduled ? 'ready' : state,
    frames: state === 'running' ? [] : frames.toReversed(),
  };
}

/** Of classes, by their addresses: where the slots of their objects are. */
export type TrioSlots = Map<number, ReadonlyMap<string, number>>;

/**
 * Attributes of many objects of few classes, in a copy of one moment. Most have slots: the classes are looked at once.
 * Many tasks have one nursery and one cancel scope, which are looked at once as well: of a thousand tasks that all ran,
 * half the time went there.
 */
export class TrioAttributes {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #slots: TrioSlots;
  readonly #typeNames = new Map<number, string | undefined>();
  readonly #others = new Map<number, Map<string, number>>();

  constructor(memory: TargetMemory, layout: Layout, slots: TrioSlots = new Map()) {
    this.#memory = memory;
    this.#layout = layout;
    this.#slots = slots;
  }

  typeNameOf(object: number): string | undefined {
    const type = isPointer(object) ? readPointer(this.#memory, object + this.#layout.object.type) : 0;
    if (!this.#typeNames.has(type)) this.#typeNames.set(type, typeName(this.#memory, this.#layout, object));
    return this.#typeNames.get(type);
  }

  /** Address of what the attribute holds; 0: there is none. */
  of(object: number, name: string): number {
    if (!isPointer(object)) return 0;
    const type = readPointer(this.#memory, object + this.#layout.object.type);
    let slots = this.#slots.get(type);
    if (!slots) {
      // Its own come before those of the classes that it is derived from.
      const found = slotsOf(this.#memory, this.#layout, type).reverse();
      slots = new Map(found.map(({ name: slot, offset }) => [slot, offset]));
      this.#slots.set(type, slots);
    }
    const offset = slots.get(name);
    if (offset === undefined) return this.#other(object, name);
    const value = readPointer(this.#memory, object + offset);
    return isPointer(value) ? value : 0;
  }

  #other(object: number, name: string): number {
    const known = this.#others.get(object) ?? new Map<string, number>();
    this.#others.set(object, known);
    let value = known.get(name);
    if (value === undefined) {
      value = attributeOf(this.#memory, this.#layout, object, name);
      known.set(name, value);
    }
    return value;
  }
}

export interface TrioFields {
  readonly coroutine: number;
  readonly name: string;
  readonly parent: number;
  readonly isScheduled: boolean;
  readonly isCancelled: boolean;
}

/** Of `Task`, an attrs class of trio/_core/_run.py. */
export function trioFieldsOf(
  memory: TargetMemory,
  layout: Layout,
  attributes: TrioAttributes,
  task: number,
): TrioFields {
  const next = attributes.of(task, '_next_send_fn');
  const cancelled = attributes.of(attributes.of(task, '_cancel_status'), 'effectively_cancelled');
  return {
    coroutine: attributes.of(task, 'coro'),
    name: readString(memory, layout, attributes.of(task, 'name'), longestName) ?? '',
    parent: attributes.of(attributes.of(task, '_parent_nursery'), '_parent_task'),
    isScheduled: next !== 0 && attributes.typeNameOf(next) !== 'NoneType',
    isCancelled: attributes.typeNameOf(cancelled) === 'bool' && readInt(memory, layout, cancelled) === 1,
  };
}

export function isSameTrioTask(a: ReadTrioTask, b: ReadTrioTask): boolean {
  return (
    a.address === b.address &&
    a.name === b.name &&
    a.state === b.state &&
    a.isCancelled === b.isCancelled &&
    a.parent === b.parent &&
    a.outermostFrame === b.outermostFrame &&
    a.truncated === b.truncated &&
    a.frames.length === b.frames.length &&
    a.frames.every(({ frame, code, instruction }, at) => {
      const other = b.frames[at]!;
      return frame === other.frame && code === other.code && instruction === other.instruction;
    })
  );
}
