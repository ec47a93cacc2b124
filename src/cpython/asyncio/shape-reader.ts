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
const [taskPart, coroutinePart, namePart] = [0, 1, 2];

/** Reads tasks of known shapes in copies of memory, as `TaskWalk` would find them. */
export class ShapeReader {
  readonly #parts: ShapeReaderParts;
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

  /** Drops the shapes that would not be found now. `before`: the kinds of objects that they were found by. */
  dropOld(before: ObjectKinds): void {
    const { memory, layout, kinds } = this.#parts;
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
    let part = namePart + 1;
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
    return { trace: trace!, task: this.#task(shape, trace!) };
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

  #task(shape: TaskShape, trace: TaskTrace): ReadTask {
    const { asyncio, fields } = this.#parts;
    const { words } = this.#copies;
    const isWaiterDone =
      shape.waiterType === 0 ||
      byteAt(words, this.#places[namePart + 2]! * 4 + (asyncio.future.state & 3)) !== 0;
    const at = this.#places[taskPart]! * 4 - this.#type;
    const addresses = this.#addresses.map((address) => address - this.#type);
    trace.fields = taskFields(asyncio, words, at, trace.fields);
    const task = new ShapedTask(shape, trace.name, trace.fields, addresses, fields.embeddedAt);
    task.isWaiterDone = isWaiterDone;
    task.awaited = this.#awaited(shape, addresses);
    return task;
  }

  #awaited({ nodes }: TaskShape, addresses: readonly number[]): number {
    const { frame, next } = nodes.at(-1)!;
    if (frame) return 0;
    const part = nodes.length === 1 ? coroutinePart : addresses.length - 1;
    if (next < 0) return addresses[part]!;
    const referred = pointerAt(this.#copies.words, this.#places[part]! * 4 - this.#type + next);
    return isPointer(referred) ? referred : 0;
  }
}

/** What is asked for seldom is made when it is: of 1,000 tasks that run nearly all change between two looks. */
class ShapedTask implements ReadTask {
  readonly shape: TaskShape;
  readonly name: string;
  isWaiterDone = false;
  awaited = 0;
  /** Of its parts. */
  readonly #addresses: readonly number[];
  readonly #fields: TaskFields;
  /** Byte of a coroutine at which its frame is. */
  readonly #frameAt: number;
  #frames: readonly TaskFrame[] | undefined;

  constructor(
    shape: TaskShape,
    name: string,
    fields: TaskFields,
    addresses: readonly number[],
    frameAt: number,
  ) {
    this.shape = shape;
    this.name = name;
    this.#fields = fields;
    this.#addresses = addresses;
    this.#frameAt = frameAt;
  }

  get address(): number {
    return this.#addresses[taskPart]!;
  }

  get loop(): number {
    return this.#fields.loop;
  }

  get state(): TaskState {
    const { state } = this.shape;
    return state === 'waiting' && this.isWaiterDone ? 'ready' : state;
  }

  get isCancelling(): boolean {
    return this.#fields.isCancelling;
  }

  get coroutine(): number {
    return this.#addresses[coroutinePart]!;
  }

  get frames(): readonly TaskFrame[] {
    this.#frames ??= this.#makeFrames();
    return this.#frames;
  }

  #makeFrames(): TaskFrame[] {
    const addresses = this.#addresses;
    const { nodes, waiterType } = this.shape;
    const second = waiterType === 0 ? namePart + 1 : namePart + 3;
    const frames = nodes.flatMap(({ frame }, index) => {
      if (!frame) return [];
      const object = addresses[index === 0 ? coroutinePart : second + index - 1]!;
      return [{ object, frame: object + this.#frameAt, code: frame.code, instruction: frame.instruction }];
    });
    return frames.reverse();
  }

  get outermostFrame(): number {
    return this.coroutine + this.#frameAt;
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
    return { ...waiter, address: this.#addresses[namePart + 1]!, isDone: this.isWaiterDone };
  }

  get awaitedBy(): readonly number[] {
    return this.#fields.awaitedBy;
  }

  get hasCallbacks(): boolean {
    return this.#fields.hasCallbacks;
  }

  get callbacks(): readonly number[] {
    return this.#fields.callbacks;
  }
}

/** A task, and the bytes that say so. */
export interface Reading {
  trace: TaskTrace;
  task: ReadTask;
}
