import type { KeptWords } from '../../memory/kept-words.js';
import type { PageCopies } from '../../memory/page-copies.js';
import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { mainInstruction } from '../bytecode-copies.js';
import type { Layout } from '../layout.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import { copiedName, usualName } from './copied-names.js';
import { byteAt, type FrameFields, untagged } from './frame-fields.js';
import { isSameKind, type ObjectKinds } from './kinds.js';
import { setOfAwaiting, taskFields } from './task-fields.js';
import type { ShapeNode, TaskShape, TaskShapes } from './task-shape.js';
import {
  type ReadTask,
  type TaskFields,
  type TaskFrame,
  type TaskState,
  TaskTrace,
  type TaskWaiter,
} from './task-trace.js';

/**
 * Not put together by spreading: such objects were nothing that V8 had seen before, so that it compiled what uses them
 * again at each renewal, once a second.
 */
export interface ShapeReaderParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly asyncio: AsyncioLayout;
  readonly fields: FrameFields;
  /** Bytes of a task, from the beginning, that must stay as they are. */
  readonly keptOfTask: number;
  readonly kinds: ObjectKinds;
}

/** Parts of a trace: the task, its coroutine and its name come first. */
const [taskPart, coroutinePart, namePart, waiterPart] = [0, 1, 2, 3];

/** Reads tasks of known shapes in copies of memory, as `TaskWalk` would find them. */
export class ShapeReader {
  #parts: ShapeReaderParts;
  readonly #shapes: TaskShapes;
  readonly #type: number;
  /** Of the parts of what is read, in the order in which a walk keeps them. */
  readonly #addresses: number[] = [];
  readonly #places: number[] = [];
  readonly #counts: number[] = [];
  #copies!: PageCopies;

  constructor(parts: ShapeReaderParts, shapes: TaskShapes) {
    this.#parts = parts;
    this.#shapes = shapes;
    this.#type = parts.layout.object.type;
  }

  /**
   * The task at `address`, by the copies alone; `undefined`: it must be walked. `last`: how it was found before, which
   * is used again if it can be. What is found is of several moments.
   */
  read(
    address: number,
    last: TaskTrace | undefined,
    copies: PageCopies,
    kept: KeptWords,
  ): Reading | undefined {
    const { asyncio, fields } = this.#parts;
    const { task, future } = asyncio;
    this.#copies = copies;
    const at = copies.at(address, task.size);
    if (at < 0 || byteAt(copies.words, at + future.state) !== 0) return undefined;
    if (setOfAwaiting(asyncio, copies.words, at) !== 0) return undefined;
    const coroutine = pointerAt(copies.words, at + task.coroutine);
    const atCoroutine = copies.at(coroutine, fields.codeEnd);
    if (atCoroutine < 0) return undefined;
    const code = untagged(pointerAt(copies.words, atCoroutine + fields.codeEnd - 8));
    const own = last?.shape?.holds ? last.shape : undefined;
    if (own && this.#fits(own, address, at)) return this.#reading(own, last, kept);
    for (const shape of this.#shapes.ofCode(code))
      if (shape !== own && this.#fits(shape, address, at)) return this.#reading(shape, last, kept);
    return undefined;
  }

  /**
   * The same of a task of which all but what it waits for is as it was, in both copies, which are compared on the way;
   * `undefined`: it must be read. What is kept of it is half of what was and half of what is then.
   */
  readAgain(last: TaskTrace, copies: PageCopies): ReadTask | undefined {
    const { shape } = last;
    if (!shape?.holds) return undefined;
    const waiterWord = (this.#parts.asyncio.task.waiter - this.#type) >> 2;
    if (!last.isInBoth(taskPart, copies, waiterWord) || !last.isInBoth(namePart, copies)) return undefined;
    this.#copies = copies;
    for (const part of [taskPart, namePart]) {
      this.#addresses[part] = last.addressOf(part);
      this.#places[part] = last.placeOf(part);
    }
    const at = this.#places[taskPart]! * 4 - this.#type;
    const part = this.#rekeepWaiter(shape, last, at);
    if (part < 0 || !this.#rekeepNodes(shape, last, at, part)) return undefined;
    last.fields ??= taskFields(this.#parts.asyncio, copies.words, at);
    return this.#task(shape, last.name, last.fields);
  }

  /** Returns at which part what is awaited comes; -1: it is not in both copies. */
  #rekeepWaiter({ waiterType }: TaskShape, last: TaskTrace, at: number): number {
    const copies = this.#copies;
    const { task, future } = this.#parts.asyncio;
    const waiter = pointerAt(copies.words, at + task.waiter);
    if (isPointer(waiter) !== (waiterType !== 0)) return -1;
    if (waiterType === 0) return waiterPart;
    const atWaiter = copies.at(waiter, future.state + 4);
    if (atWaiter < 0 || pointerAt(copies.words, atWaiter + this.#type) !== waiterType) return -1;
    if (!this.#rekeep(last, waiterPart, waiter + this.#type, atWaiter + this.#type)) return -1;
    const word = future.state & ~3;
    if (!this.#rekeep(last, waiterPart + 1, waiter + word, atWaiter + word)) return -1;
    return waiterPart + 2;
  }

  #rekeepNodes({ nodes }: TaskShape, last: TaskTrace, at: number, second: number): boolean {
    const copies = this.#copies;
    let from = at + this.#parts.asyncio.task.coroutine;
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index]!;
      const object = untagged(pointerAt(copies.words, from));
      const part = index === 0 ? coroutinePart : second + index - 1;
      const atObject = copies.at(object, node.end);
      if (atObject < 0 || !this.#isNode(node, object, atObject)) return false;
      if (!this.#rekeep(last, part, object + this.#type, atObject + this.#type)) return false;
      from = atObject + node.next;
    }
    this.#places.length = this.#addresses.length = second + nodes.length - 1;
    return true;
  }

  /** A part is there, and at byte `at` of the copies; false: not of both. */
  #rekeep(last: TaskTrace, part: number, address: number, at: number): boolean {
    this.#addresses[part] = address;
    this.#places[part] = at >> 2;
    return last.rekeepBoth(part, address, this.#copies, at >> 2);
  }

  /** Types are read anew from now on, and shapes that would not be found now are dropped. */
  renew(parts: ShapeReaderParts): void {
    const before = this.#parts.kinds;
    this.#parts = parts;
    const { memory, layout, kinds } = parts;
    const isSame = (type: number) => type === 0 || isSameKind(kinds.ofType(type), before.ofType(type));
    this.#shapes.keepOnly(({ taskType, nameType, waiterType, nodes }) => {
      if (![taskType, nameType, waiterType, ...nodes.map(({ type }) => type)].every(isSame)) return false;
      return nodes.every(({ frame, isCoroutine }) => {
        if (!frame) return true;
        // Up to 3.12 the bytecode says whether a generator waits.
        const isKnown = isCoroutine || layout.minor > 12;
        return isKnown && mainInstruction(memory, layout, frame.code, frame.own) === frame.instruction;
      });
    });
  }

  #part(part: number, address: number, at: number, end: number): void {
    const type = this.#type;
    this.#addresses[part] = address + type;
    this.#places[part] = (at + type) >> 2;
    this.#counts[part] = (end - type + 3) >> 2;
  }

  /** Notes where the parts are. */
  #fits(shape: TaskShape, address: number, at: number): boolean {
    const copies = this.#copies;
    const { task, future } = this.#parts.asyncio;
    if (pointerAt(copies.words, at + this.#type) !== shape.taskType) return false;
    this.#part(taskPart, address, at, this.#parts.keptOfTask);
    const waiter = pointerAt(copies.words, at + task.waiter);
    if (isPointer(waiter) !== (shape.waiterType !== 0)) return false;
    let part = waiterPart;
    if (shape.waiterType !== 0) {
      const atWaiter = copies.at(waiter, future.state + 4);
      if (atWaiter < 0 || pointerAt(copies.words, atWaiter + this.#type) !== shape.waiterType) return false;
      this.#part(part++, waiter, atWaiter, this.#type + 8);
      const word = future.state & ~3;
      this.#addresses[part] = waiter + word;
      this.#places[part] = (atWaiter + word) >> 2;
      this.#counts[part++] = 1;
    }
    let from = at + task.coroutine;
    const { nodes } = shape;
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index]!;
      const object = untagged(pointerAt(copies.words, from));
      const atObject = copies.at(object, node.end);
      if (atObject < 0 || !this.#isNode(node, object, atObject)) return false;
      this.#part(index === 0 ? coroutinePart : part++, object, atObject, node.end);
      from = atObject + node.next;
    }
    this.#places.length = this.#addresses.length = this.#counts.length = part;
    return true;
  }

  #isNode(node: ShapeNode, address: number, at: number): boolean {
    const { words } = this.#copies;
    if (pointerAt(words, at + this.#type) !== node.type) return false;
    if (!node.frame) return true;
    const { state, stackEnd } = this.#parts.fields;
    if (byteAt(words, at + state) !== node.state) return false;
    const expected = node.words;
    for (let word = 0; word < expected.length; word += 2)
      if (words[(at + expected[word]!) >> 2] !== expected[word + 1]) return false;
    return stackEnd < 0 || pointerAt(words, at + stackEnd) - address === node.stackEnd;
  }

  #reading(shape: TaskShape, last: TaskTrace | undefined, kept: KeptWords): Reading | undefined {
    const text = this.#name(shape, last);
    if (text === undefined) return undefined;
    const words = this.#copies.words;
    let trace = last;
    if (last?.shape === shape && last.countOf(namePart) === this.#counts[namePart]) {
      for (let part = 0; part < this.#places.length; part++)
        last.rekeep(part, this.#addresses[part]!, words, this.#places[part]!);
    } else {
      trace = new TaskTrace(this.#addresses[taskPart]! - this.#type, kept);
      for (let part = 0; part < this.#places.length; part++) {
        const address = this.#addresses[part]!;
        trace.keep(address, address + 4 * this.#counts[part]!, words, 4 * this.#places[part]!);
        trace.placed(part, this.#places[part]!);
      }
      trace.shape = shape;
    }
    trace!.name = text;
    trace!.isArranged(this.#copies.arrangement);
    const at = this.#places[taskPart]! * 4 - this.#type;
    const of = taskFields(this.#parts.asyncio, words, at, trace!.fields);
    trace!.fields = of;
    return { trace: trace!, task: this.#task(shape, text, of) };
  }

  /** Also notes where it is; `undefined`: it is not in the copies. */
  #name(shape: TaskShape, last: TaskTrace | undefined): string | undefined {
    const { asyncio, layout, kinds } = this.#parts;
    const copies = this.#copies;
    const at = this.#places[taskPart]! * 4 - this.#type;
    const address = pointerAt(copies.words, at + asyncio.task.name);
    if (last?.shape && last.addressOf(namePart) === address + this.#type) {
      const count = last.countOf(namePart);
      const known = copies.at(address, this.#type + 4 * count);
      if (known >= 0 && last.hasPartAt(namePart, copies.words, (known + this.#type) >> 2)) {
        this.#part(namePart, address, known, this.#type + 4 * count);
        return last.name;
      }
    }
    const atName = copies.at(address, layout.unicode.asciiSize + usualName);
    if (atName < 0 || pointerAt(copies.words, atName + this.#type) !== shape.nameType) return undefined;
    const { text, end } = copiedName(
      layout,
      copies.words,
      atName,
      kinds.ofType(shape.nameType)?.name === 'int',
    );
    this.#part(namePart, address, atName, end);
    return text;
  }

  #task(shape: TaskShape, name: string, of: TaskFields): ReadTask {
    const { asyncio, fields } = this.#parts;
    const { words } = this.#copies;
    const isWaiterDone =
      shape.waiterType === 0 ||
      byteAt(words, this.#places[waiterPart + 1]! * 4 + (asyncio.future.state & 3)) !== 0;
    this.#addresses.push(this.#awaited(shape));
    const addresses = this.#addresses.slice();
    return new ShapedTask({ shape, name, isWaiterDone, of, fields, addresses });
  }

  #awaited({ nodes }: TaskShape): number {
    const { frame, next } = nodes.at(-1)!;
    if (frame) return 0;
    const part = nodes.length === 1 ? coroutinePart : this.#addresses.length - 1;
    if (next < 0) return this.#addresses[part]! - this.#type;
    const referred = pointerAt(this.#copies.words, this.#places[part]! * 4 - this.#type + next);
    return isPointer(referred) ? referred : 0;
  }
}

/** What is asked for seldom is made when it is: of 1,000 tasks that run nearly all change between two looks. */
class ShapedTask implements ReadTask {
  readonly shape: TaskShape;
  readonly name: string;
  readonly isWaiterDone: boolean;
  /** Of its parts, as they are kept; and of what it awaits in the end. One array costs less than a field for each. */
  readonly #addresses: readonly number[];
  readonly #of: TaskFields;
  readonly #fields: FrameFields;
  #frames: readonly TaskFrame[] | undefined;

  constructor({ shape, name, isWaiterDone, of, fields, addresses }: ShapedParts) {
    this.shape = shape;
    this.name = name;
    this.isWaiterDone = isWaiterDone;
    this.#of = of;
    this.#fields = fields;
    this.#addresses = addresses;
  }

  get address(): number {
    return this.#addresses[taskPart]! - this.#fields.type;
  }

  get awaited(): number {
    return this.#addresses.at(-1)!;
  }

  get loop(): number {
    return this.#of.loop;
  }

  get state(): TaskState {
    const { state } = this.shape;
    return state === 'waiting' && this.isWaiterDone ? 'ready' : state;
  }

  get isCancelling(): boolean {
    return this.#of.isCancelling;
  }

  get coroutine(): number {
    return this.#addresses[coroutinePart]! - this.#fields.type;
  }

  get frames(): readonly TaskFrame[] {
    this.#frames ??= framesOf(this.shape, this.#addresses, this.#fields);
    return this.#frames;
  }

  get outermostFrame(): number {
    return this.coroutine + this.#fields.embeddedAt;
  }

  get truncated(): boolean {
    return false;
  }

  get awaitedType(): string {
    return this.shape.awaitedType;
  }

  get waiter(): TaskWaiter | undefined {
    const { waiter } = this.shape;
    if (!waiter) return undefined;
    return {
      ...waiter,
      address: this.#addresses[waiterPart]! - this.#fields.type,
      isDone: this.isWaiterDone,
    };
  }

  get awaitedBy(): readonly number[] {
    return this.#of.awaitedBy;
  }

  get hasCallbacks(): boolean {
    return this.#of.hasCallbacks;
  }

  get callbacks(): readonly number[] {
    return this.#of.callbacks;
  }
}

/** No method of the class: one that is private makes each of its objects larger. */
function framesOf({ nodes, waiterType }: TaskShape, addresses: readonly number[], fields: FrameFields) {
  const { embeddedAt, type } = fields;
  const second = waiterType === 0 ? waiterPart : waiterPart + 2;
  const frames = nodes.flatMap(({ frame }, index): TaskFrame[] => {
    if (!frame) return [];
    const object = addresses[index === 0 ? coroutinePart : second + index - 1]! - type;
    return [{ object, frame: object + embeddedAt, code: frame.code, instruction: frame.instruction }];
  });
  return frames.reverse();
}

interface ShapedParts {
  readonly shape: TaskShape;
  readonly name: string;
  readonly isWaiterDone: boolean;
  readonly of: TaskFields;
  readonly fields: FrameFields;
  readonly addresses: readonly number[];
}

/** A task, and the bytes that say so. */
export interface Reading {
  trace: TaskTrace;
  task: ReadTask;
}
