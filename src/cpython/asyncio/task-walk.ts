import { PageCopies } from '../../memory/page-copies.js';
import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { mainInstruction } from '../bytecode-copies.js';
import type { Layout } from '../layout.js';
import { attributeOf } from '../objects/instances.js';
import { readInt } from '../objects/integers.js';
import { setMembers } from '../objects/sets.js';
import { readString } from '../objects/strings.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import { AwaitInstructions } from './await-instructions.js';
import { copiedCount, copiedText } from './copied-names.js';
import { byteAt, FrameFields, type SuspendedFrame, untagged } from './frame-fields.js';
import { isTask, type ObjectKind, ObjectKinds } from './kinds.js';
import type { TaskTrace } from './task-trace.js';

/** Frames of one task. A recursion of coroutines ends at Python's own limit, 1,000 unless it is raised. */
const deepestStack = 2000;
/** Objects followed at one reading, of all tasks: 10,000 tasks of 20 frames. Each takes up to 300 bytes. */
const mostObjects = 250_000;
/** Levels: an object, and up to two more for its frame and for what it awaits. */
const mostLevels = 3 * deepestStack;
const longestName = 200;
/** Characters of a name that come with the first read. */
const usualName = 48;

/** What is done with an object of which a copy is at byte `at` of all that was read. */
type Step = (trace: TaskTrace, address: number, at: number) => void;

interface Pending {
  readonly trace: TaskTrace;
  readonly address: number;
  readonly bytes: number;
  readonly step: Step;
}

/**
 * Follows what many tasks await, level by level: all tasks with one scatter read, all their coroutines with the next,
 * and so on. What is found is of several moments until `TaskTrace.isIn` has compared it.
 */
export class TaskWalk {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #asyncio: AsyncioLayout;
  /** Offset at which the list of tasks goes on in a task; -1: there is none. */
  readonly #node: number;
  readonly #fields: FrameFields;
  readonly #kinds: ObjectKinds;
  #instructions: AwaitInstructions;
  readonly #type: number;
  #pending: Pending[] = [];
  #copies = new PageCopies();
  #objectsLeft = mostObjects;

  constructor(memory: TargetMemory, layout: Layout, asyncio: AsyncioLayout, node: number) {
    this.#memory = memory;
    this.#layout = layout;
    this.#asyncio = asyncio;
    this.#node = node;
    this.#fields = new FrameFields(layout, asyncio);
    this.#kinds = new ObjectKinds(memory, layout);
    this.#instructions = new AwaitInstructions(memory, layout);
    this.#type = layout.object.type;
  }

  get kinds(): ObjectKinds {
    return this.#kinds;
  }

  /** Fills in the traces. `copies`: of now; they are completed. */
  walk(traces: readonly TaskTrace[], copies: PageCopies): void {
    const [bytes, step] = [this.#asyncio.task.size, this.#task];
    const first = traces.map((trace) => ({ trace, address: trace.address, bytes, step }));
    this.#follow(first, copies);
  }

  /** The same of tasks that are not of asyncio, by their coroutines: their frames, and whether they run. */
  walkFrom(tasks: readonly { readonly trace: TaskTrace; readonly coroutine: number }[]): void {
    const [bytes, step] = [this.#fields.objectBytes, this.#object];
    const first = tasks.map(({ trace, coroutine }) => ({ trace, address: coroutine, bytes, step }));
    this.#follow(first, new PageCopies());
  }

  #follow(first: readonly Pending[], copies: PageCopies): void {
    this.#objectsLeft = mostObjects;
    this.#instructions = new AwaitInstructions(this.#memory, this.#layout);
    this.#copies = copies;
    for (const { trace, address, bytes, step } of first)
      if (isPointer(address)) this.#ask(trace, address, bytes, step);
      else trace.hasFailed = true;
    for (let level = 0; this.#pending.length > 0 && level < mostLevels; level++) {
      const pending = this.#pending;
      this.#pending = [];
      this.#copies.read(this.#memory);
      for (const { trace, address, bytes, step } of pending) {
        const at = this.#copies.at(address, bytes);
        if (at >= 0) step(trace, address, at);
        else if (step !== this.#name) trace.hasFailed = true;
      }
    }
    for (const { trace } of this.#pending) trace.truncated = true;
    this.#pending = [];
  }

  /** `bytes` of the object at `address`, for `step`. */
  #ask(trace: TaskTrace, address: number, bytes: number, step: Step): void {
    if (this.#objectsLeft-- <= 0) {
      trace.truncated = true;
      return;
    }
    this.#copies.want(address, bytes);
    this.#pending.push({ trace, address, bytes, step });
  }

  #pointer(at: number): number {
    return pointerAt(this.#copies.words, at);
  }

  #int(at: number): number {
    return this.#copies.words[at >> 2]!;
  }

  #kind(at: number): ObjectKind | undefined {
    return this.#kinds.ofType(this.#pointer(at + this.#type));
  }

  /** The object must stay as it is from its type on, before which references are counted, up to byte `end`. */
  #keep(trace: TaskTrace, address: number, at: number, end: number): void {
    trace.keep(address + this.#type, address + end, this.#copies.words, at + this.#type);
  }

  readonly #task: Step = (trace, address, at) => {
    const { task, future } = this.#asyncio;
    const kind = this.#kind(at);
    if (kind && kind.kind !== 'task') return this.#pythonTask(trace, address, at);
    // A struct of another size has its fields elsewhere.
    if (!kind || kind.size !== task.size) {
      trace.hasFailed = true;
      return;
    }
    this.#keep(trace, address, at, this.#node < 0 ? task.size : Math.min(this.#node, task.size));
    trace.isDone = byteAt(this.#copies.words, at + future.state) !== 0;
    if (trace.isDone) return;
    trace.loop = this.#pointer(at + future.loop);
    // The first one has a place of its own, also when it was taken out of it and others are left.
    trace.callbacks = [future.callback, future.callbacks].map((field) => this.#pointer(at + field));
    trace.hasCallbacks = trace.callbacks.some((callback) => callback > 0);
    const cancels = task.cancels < 0 ? 0 : this.#int(at + task.cancels);
    trace.isCancelling = cancels > 0 || (this.#int(at + task.mustCancel) & task.mustCancelBit) !== 0;
    if (future.awaitedBy >= 0) {
      const awaitedBy = this.#pointer(at + future.awaitedBy);
      if (isPointer(awaitedBy) && byteAt(this.#copies.words, at + future.awaitedBySet) === 0)
        trace.awaitedBy = [awaitedBy];
      else if (isPointer(awaitedBy)) {
        trace.setOfAwaiting = awaitedBy;
        trace.awaitedBy = this.membersOf(awaitedBy);
      }
    }
    this.#go(trace, {
      coroutine: this.#pointer(at + task.coroutine),
      name: this.#pointer(at + task.name),
      waiter: this.#pointer(at + task.waiter),
    });
  };

  /** Written in Python, or in any other language: it has attributes. */
  #pythonTask(trace: TaskTrace, address: number, at: number): void {
    this.#keep(trace, address, at, this.#type + 8);
    // What a weak reference has whose task is gone.
    trace.isDone = this.#kind(at)?.name === 'NoneType';
    if (trace.isDone) return;
    const attributes = this.attributesOf(address);
    const [coroutine, waiter, name, loop, state, mustCancel] = attributes as [
      ...[number, number, number, number, number, number],
    ];
    if (coroutine === 0) {
      trace.hasFailed = true;
      return;
    }
    trace.attributes = attributes;
    // As long as it is pending, only its class says so.
    trace.isDone = state !== 0 && readString(this.#memory, this.#layout, state, 20) !== 'PENDING';
    if (trace.isDone) return;
    trace.loop = loop;
    trace.isCancelling = readInt(this.#memory, this.#layout, mustCancel) === 1;
    this.#go(trace, { coroutine, name, waiter });
  }

  /** Of a set of those who await a task. */
  membersOf(set: number): readonly number[] {
    return setMembers(this.#memory, this.#layout, set, mostAwaiting)?.members ?? [];
  }

  /** Of a task that is written in Python: addresses of what is named in `taskAttributes`. */
  attributesOf(address: number): number[] {
    return taskAttributes.map((name) => attributeOf(this.#memory, this.#layout, address, name));
  }

  #go(
    trace: TaskTrace,
    { coroutine, name, waiter }: { coroutine: number; name: number; waiter: number },
  ): void {
    if (isPointer(coroutine)) this.#ask(trace, coroutine, this.#fields.objectBytes, this.#object);
    else trace.hasFailed = true;
    if (isPointer(name)) this.#ask(trace, name, this.#layout.unicode.asciiSize + usualName, this.#name);
    const { future } = this.#asyncio;
    if (isPointer(waiter)) this.#ask(trace, waiter, future.state + 8, this.#waiter);
  }

  readonly #name: Step = (trace, address, at) => {
    const { words } = this.#copies;
    const { long, unicode } = this.#layout;
    // What is read must stay, too: another name may come to its address.
    if (this.#kind(at)?.name === 'int') {
      trace.name = `Task-${copiedCount(this.#layout, words, at)}`;
      this.#keep(trace, address, at, long.digits + 4);
      return;
    }
    const text = copiedText(this.#layout, words, at, usualName);
    trace.name = text ?? readString(this.#memory, this.#layout, address, longestName) ?? '';
    const compared = Math.min(usualName, this.#pointer(at + unicode.length));
    this.#keep(trace, address, at, unicode.asciiSize + Math.max(compared, 0));
  };

  readonly #waiter: Step = (trace, address, at) => {
    const kind = this.#kind(at);
    if (!kind) {
      trace.hasFailed = true;
      return;
    }
    const isC = kind.kind === 'task' || kind.kind === 'future';
    const { state } = this.#asyncio.future;
    this.#keep(trace, address, at, this.#type + 8);
    if (isC) {
      const word = state & ~3;
      trace.keep(address + word, address + word + 4, this.#copies.words, at + word);
    } else trace.stateOfWaiter = this.stateOf(address);
    trace.waiter = {
      address,
      kind: isTask(kind) ? 'task' : kind.name === 'asyncio.tasks._GatheringFuture' ? 'gather' : 'future',
      type: kind.name,
      isDone: isC ? byteAt(this.#copies.words, at + state) !== 0 : this.#isDoneInPython(address),
    };
  };

  /** Address of what a future that is written in Python says of its state; 0: only its class does. */
  stateOf(future: number): number {
    return attributeOf(this.#memory, this.#layout, future, '_state');
  }

  #isDoneInPython(address: number): boolean {
    const text = readString(this.#memory, this.#layout, this.stateOf(address), 20);
    return text !== undefined && text !== 'PENDING';
  }

  /** Something that is awaited, or the coroutine of a task. */
  readonly #object: Step = (trace, address, at) => {
    const kind = this.#kind(at);
    const { other } = this.#asyncio;
    switch (kind?.kind) {
      case undefined:
        trace.hasFailed = true;
        return;
      case 'coroutine':
      case 'generator':
      case 'async-generator':
        this.#generator(trace, address, at, kind);
        return;
      case 'step':
        this.#through(trace, address, at, other.asyncGenerator);
        return;
      case 'wrapper':
        this.#through(trace, address, at, other.wrapped);
        return;
      case 'future-iterator': {
        this.#keep(trace, address, at, other.futureOfIterator + 8);
        const future = this.#pointer(at + other.futureOfIterator);
        this.#ends(trace, isPointer(future) ? future : 0, '');
        return;
      }
      default:
        this.#keep(trace, address, at, this.#type + 8);
        this.#ends(trace, address, kind!.name);
    }
  };

  #ends(trace: TaskTrace, awaited: number, type: string): void {
    trace.awaited = awaited;
    trace.awaitedType = type;
  }

  /** An object that only stands for another. */
  #through(trace: TaskTrace, address: number, at: number, offset: number): void {
    this.#keep(trace, address, at, offset + 8);
    const inner = this.#pointer(at + offset);
    if (isPointer(inner)) this.#ask(trace, inner, this.#fields.objectBytes, this.#object);
    else this.#ends(trace, 0, '');
  }

  #generator(trace: TaskTrace, address: number, at: number, kind: ObjectKind): void {
    if (this.#asyncio.generator.embedded >= 0) {
      const found = this.#fields.embedded(address, this.#copies.words, at);
      this.#suspended(trace, { object: address, start: address, at, kind }, found);
      return;
    }
    const { frame: field } = this.#asyncio.generator;
    this.#keep(trace, address, at, field + 8);
    const frame = this.#fields.frameOf(this.#copies.words, at);
    if (!isPointer(frame)) {
      trace.hasFailed = true;
      return;
    }
    this.#ask(trace, frame, this.#fields.frameBytes, (_, __, atFrame) => {
      const found = this.#fields.separate(frame, this.#copies.words, atFrame);
      this.#suspended(trace, { object: address, start: frame, at: atFrame, kind }, found);
    });
  }

  /** `copy`: of what has the frame. */
  #suspended(trace: TaskTrace, copy: FrameCopy, found: SuspendedFrame | undefined): void {
    const isOutermost = trace.frames.length === 0;
    // A caller of what runs or is finished runs, too.
    const fits = found && (isOutermost || (found.state !== 'running' && found.state !== 'finished'));
    if (!fits || found.state === 'finished') {
      trace.hasFailed = true;
      return;
    }
    const { frame, code, slot, state } = found;
    if (isOutermost) {
      trace.coroutine = copy.object;
      trace.outermostFrame = frame;
    }
    if (state === 'running') {
      trace.state = 'running';
      this.#keep(trace, copy.start, copy.at, this.#type + 8);
      // Where it is changes all the time, but not that it runs.
      const word = this.#fields.stateWord;
      trace.keep(copy.start + word, copy.start + word + 4, this.#copies.words, copy.at + word);
      return;
    }
    const isNear = slot > 0 && slot + 8 - frame <= this.#fields.frameBytes;
    this.#keepFrame(trace, copy, frame, isNear ? slot + 8 : 0);
    if (isOutermost) trace.state = state === 'new' ? 'new' : 'waiting';
    const instruction = mainInstruction(this.#memory, this.#layout, code, found.instruction);
    trace.frames.push({ object: copy.object, frame, code, instruction });
    if (!this.#isAtAwait(copy.kind, found)) return;
    if (trace.frames.length >= deepestStack) trace.truncated = true;
    else if (isNear) this.#awaits(trace, this.#pointer(copy.at + slot - copy.start));
    else this.#askForSlot(trace, slot);
  }

  /** With its variables up to the address `end`; 0: without. */
  #keepFrame(trace: TaskTrace, { start, at }: FrameCopy, frame: number, end: number): void {
    const fieldsEnd = frame + this.#fields.fieldsEnd;
    const variables = frame + this.#layout.frame.localsPlus;
    // What lies between may be longer than all else: up to 3.10 the stack of blocks.
    const isSplit = end > 0 && variables - fieldsEnd > shortGap;
    this.#keep(trace, start, at, (isSplit || end === 0 ? fieldsEnd : end) - start);
    if (isSplit) trace.keep(variables, end, this.#copies.words, at + variables - start);
  }

  #isAtAwait({ kind }: ObjectKind, { state, slot, code, instruction }: SuspendedFrame): boolean {
    if (slot === 0) return false;
    if (state !== 'at-yield-or-await') return state === 'awaiting';
    return kind === 'coroutine' || this.#instructions.isAtAwait(code, instruction);
  }

  #askForSlot(trace: TaskTrace, slot: number): void {
    this.#ask(trace, slot, 8, (_, __, at) => {
      trace.keep(slot, slot + 8, this.#copies.words, at);
      this.#awaits(trace, this.#pointer(at));
    });
  }

  #awaits(trace: TaskTrace, reference: number): void {
    const object = untagged(reference);
    if (isPointer(object)) this.#ask(trace, object, this.#fields.objectBytes, this.#object);
    else trace.hasFailed = true;
  }
}

/** Up to 3.10 of a frame, from 3.11 of the coroutine in which it is. */
interface FrameCopy {
  /** The coroutine. */
  readonly object: number;
  /** Address of what was copied, and the byte at which it is in the copy. */
  readonly start: number;
  readonly at: number;
  readonly kind: ObjectKind;
}

/** Attributes of a task that is written in Python, in the order in which they are taken apart above. */
const taskAttributes = ['_coro', '_fut_waiter', '_name', '_loop', '_state', '_must_cancel'] as const;

/** Bytes that are compared along rather than left out. */
const shortGap = 64;
/** Who may await one task. */
const mostAwaiting = { most: 10_000, largestTable: 1 << 16 };
