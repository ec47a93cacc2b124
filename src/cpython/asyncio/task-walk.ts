import { PageCopies } from '../../memory/page-copies.js';
import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { mainInstruction } from '../bytecode-copies.js';
import type { Layout } from '../layout.js';
import { readInt } from '../objects/integers.js';
import { readString } from '../objects/strings.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import { AwaitInstructions } from './await-instructions.js';
import { copiedName, usualName } from './copied-names.js';
import { byteAt, FrameFields, type SuspendedFrame, untagged } from './frame-fields.js';
import { isTask, type ObjectKind, ObjectKinds } from './kinds.js';
import { PythonFutures } from './python-futures.js';
import type { ShapeReaderParts } from './shape-reader.js';
import { setOfAwaiting, taskFields } from './task-fields.js';
import { type Found, ShapeDraft } from './task-shape.js';
import type { TaskTrace } from './task-trace.js';

/** Frames of one task. A recursion of coroutines ends at Python's own limit, 1,000 unless it is raised. */
const deepestStack = 2000;
/** Objects followed at one reading, of all tasks: 10,000 tasks of 20 frames. Each takes up to 300 bytes. */
const mostObjects = 250_000;
/** Levels: an object, and up to two more for its frame and for what it awaits. */
const mostLevels = 3 * deepestStack;
const longestName = 200;

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
  readonly python: PythonFutures;
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
    this.python = new PythonFutures(memory, layout);
    this.#type = layout.object.type;
  }

  /** Of what finds tasks of known shapes as this walk does. */
  get shapeParts(): ShapeReaderParts {
    return {
      memory: this.#memory,
      layout: this.#layout,
      asyncio: this.#asyncio,
      fields: this.#fields,
      kinds: this.#kinds,
      keptOfTask: this.#keptOfTask,
    };
  }

  get kinds(): ObjectKinds {
    return this.#kinds;
  }

  /** Bytes of a task, from the beginning, that must stay as they are. */
  get #keptOfTask(): number {
    const { size } = this.#asyncio.task;
    return this.#node < 0 ? size : Math.min(this.#node, size);
  }

  /** Fills in the traces. `copies`: of now; they are completed. */
  walk(traces: readonly TaskTrace[], copies: PageCopies): void {
    const [bytes, step] = [this.#asyncio.task.size, this.#task];
    const first = traces.map((trace) => ({ trace, address: trace.address, bytes, step }));
    this.#follow(first, copies);
  }

  /** The same of tasks that are not of asyncio, by their coroutines: their frames, and whether they run. */
  walkFrom(coroutines: ReadonlyMap<TaskTrace, number>, copies: PageCopies): void {
    const [bytes, step] = [this.#fields.objectBytes, this.#object];
    const first = Array.from(coroutines, ([trace, address]) => ({ trace, address, bytes, step }));
    this.#follow(first, copies);
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
        const whole = this.#copies.at(address, bytes);
        const at = whole >= 0 ? whole : this.#copies.atEndOfMemory(address, bytes);
        if (at >= 0) step(trace, address, at);
        else trace.hasFailed = true;
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
    this.#keep(trace, address, at, this.#keptOfTask);
    trace.isDone = byteAt(this.#copies.words, at + future.state) !== 0;
    if (trace.isDone) return;
    trace.take(taskFields(this.#asyncio, this.#copies.words, at));
    trace.setOfAwaiting = setOfAwaiting(this.#asyncio, this.#copies.words, at);
    if (trace.setOfAwaiting !== 0) trace.awaitedBy = this.python.membersOf(trace.setOfAwaiting);
    else if (trace.isNoted) trace.draft = new ShapeDraft(this.#pointer(at + this.#type));
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
    const attributes = this.python.attributesOf(address);
    const [coroutine, waiter, name, loop, state, mustCancel] = attributes as [
      ...[number, number, number, number, number, number],
    ];
    if (coroutine === 0) {
      trace.hasFailed = true;
      return;
    }
    trace.attributes = attributes;
    trace.isDone = this.python.isDone(state);
    if (trace.isDone) return;
    trace.loop = loop;
    trace.isCancelling = readInt(this.#memory, this.#layout, mustCancel) === 1;
    this.#go(trace, { coroutine, name, waiter });
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
    const isCount = this.#kind(at)?.name === 'int';
    const { text, end } = copiedName(this.#layout, words, at, isCount);
    trace.name = text ?? readString(this.#memory, this.#layout, address, longestName) ?? '';
    this.#keep(trace, address, at, end);
    if (trace.draft && text !== undefined) trace.draft.nameType = this.#pointer(at + this.#type);
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
    } else {
      trace.stateOfWaiter = this.python.stateOf(address);
      trace.draft = undefined;
    }
    const what = isTask(kind) ? 'task' : kind.name === 'asyncio.tasks._GatheringFuture' ? 'gather' : 'future';
    if (trace.draft) {
      trace.draft.waiterType = this.#pointer(at + this.#type);
      trace.draft.waiter = { kind: what, type: kind.name };
    }
    trace.waiter = {
      address,
      kind: what,
      type: kind.name,
      isDone: isC ? byteAt(this.#copies.words, at + state) !== 0 : this.python.isDone(trace.stateOfWaiter!),
    };
  };

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
        this.#note(trace, address, at, { end: other.futureOfIterator + 8, next: other.futureOfIterator });
        const future = this.#pointer(at + other.futureOfIterator);
        this.#ends(trace, isPointer(future) ? future : 0, '');
        return;
      }
      default:
        this.#keep(trace, address, at, this.#type + 8);
        this.#note(trace, address, at, { end: this.#type + 8, next: -1 });
        this.#ends(trace, address, kind!.name);
    }
  };

  #note(trace: TaskTrace, address: number, at: number, found: Found): void {
    trace.draft?.found({ address, at, words: this.#copies.words }, this.#fields, found);
  }

  #ends(trace: TaskTrace, awaited: number, type: string): void {
    trace.awaited = awaited;
    trace.awaitedType = type;
  }

  /** An object that only stands for another. */
  #through(trace: TaskTrace, address: number, at: number, offset: number): void {
    this.#keep(trace, address, at, offset + 8);
    const inner = this.#pointer(at + offset);
    this.#note(trace, address, at, { end: offset + 8, next: offset });
    if (isPointer(inner)) this.#ask(trace, inner, this.#fields.objectBytes, this.#object);
    else {
      trace.draft = undefined;
      this.#ends(trace, 0, '');
    }
  }

  #generator(trace: TaskTrace, address: number, at: number, kind: ObjectKind): void {
    if (this.#asyncio.generator.embedded >= 0) {
      const found = this.#fields.embedded(address, this.#copies.words, at);
      this.#suspended(trace, { object: address, start: address, at, kind }, found);
      return;
    }
    const { frame: field } = this.#asyncio.generator;
    this.#keep(trace, address, at, field + 8);
    trace.draft = undefined;
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
    const isAtAwait = this.#isAtAwait(copy.kind, found);
    if (!isNear && isAtAwait) trace.draft = undefined;
    this.#note(trace, copy.start, copy.at, {
      end: (isNear ? slot + 8 : frame + this.#fields.fieldsEnd) - copy.start,
      next: isAtAwait ? slot - copy.start : -1,
      frame: { code, instruction, own: found.instruction },
      isCoroutine: copy.kind.kind === 'coroutine',
    });
    if (!isAtAwait) return;
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

/** Bytes that are compared along rather than left out. */
const shortGap = 64;
