import { KeptParts } from '../../memory/kept-parts.js';
import type { KeptWords } from '../../memory/kept-words.js';
import type { ShapeDraft, TaskShape, WaiterClass } from './task-shape.js';

/** A frame that waits, or that of a coroutine that has not begun. */
export interface TaskFrame {
  /** The coroutine, generator or async generator. */
  readonly object: number;
  readonly frame: number;
  readonly code: number;
  /**
   * As the frame has it (`code-unit.ts`), of an address the low half; in a copy of the bytecode, the same of the code
   * object.
   */
  readonly instruction: number;
}

/**
 * `running`: it is within a step; `ready`: its next step is due, since nothing is waited for or what was is done;
 * `waiting` for a future;
 * `new`: its coroutine has not begun.
 */
export type TaskState = 'running' | 'ready' | 'waiting' | 'new';

export interface TaskWaiter extends WaiterClass {
  readonly address: number;
  readonly isDone: boolean;
}

/** A task that is not done, at one moment. Addresses of objects are what they are known by. */
export interface ReadTask {
  readonly address: number;
  /** Empty when it cannot be read. */
  readonly name: string;
  readonly loop: number;
  readonly state: TaskState;
  /** It was asked to cancel, and has not finished doing so. */
  readonly isCancelling: boolean;
  /** What it runs; 0 when that is no coroutine with frames of Python. */
  readonly coroutine: number;
  /**
   * Innermost first. Of a running task none: they are on its thread's stack, the outermost of them is `outermostFrame`.
   */
  readonly frames: readonly TaskFrame[];
  /** Frame of its own coroutine; 0: none. */
  readonly outermostFrame: number;
  /** There are more frames than were followed. */
  readonly truncated: boolean;
  /** What the innermost frame awaits and is no frame of Python: a future, or any other object; 0: nothing. */
  readonly awaited: number;
  /** Full name of its class; empty without one. */
  readonly awaitedType: string;
  readonly waiter: TaskWaiter | undefined;
  /** From 3.14: tasks and futures that await it. */
  readonly awaitedBy: readonly number[];
  /** Something is called when it is done; true as well when that cannot be told. */
  readonly hasCallbacks: boolean;
  /** Addresses of the first thing that is called then, and of the list of the others; empty: not known. */
  readonly callbacks: readonly number[];
  /** Tasks of the same one have the same frames, but for addresses; `undefined`: not known. */
  readonly shape?: TaskShape | undefined;
}

/** What the struct of a task says by itself. */
export type TaskFields = Pick<ReadTask, 'loop' | 'callbacks' | 'hasCallbacks' | 'isCancelling' | 'awaitedBy'>;

/** What is found out of one task, and the bytes that it was found in. */
export class TaskTrace extends KeptParts {
  readonly address: number;
  name = '';
  loop = 0;
  state: TaskState = 'ready';
  isDone = false;
  isCancelling = false;
  coroutine = 0;
  /** Outermost first. */
  readonly frames: TaskFrame[] = [];
  outermostFrame = 0;
  truncated = false;
  awaited = 0;
  awaitedType = '';
  waiter: TaskWaiter | undefined;
  awaitedBy: readonly number[] = [];
  hasCallbacks = true;
  callbacks: readonly number[] = [];
  /** It was not what it should be: it changed, or is nothing that is known. */
  hasFailed = false;
  /** Written in Python, so that its fields are not in the regions: their addresses, to be compared. */
  attributes: readonly number[] | undefined;
  /** The set of those who await it, whose members are compared; 0: there is none. */
  setOfAwaiting = 0;
  /** Of a future that is written in Python, and that it waits for: what says its state. */
  stateOfWaiter: number | undefined;
  /** A walk is to note its shape: that takes as long as all else. */
  isNoted = false;
  /** What it noted so far; `undefined`: it has no shape. */
  draft: ShapeDraft | undefined;
  shape: TaskShape | undefined;
  /** What its struct said when it was found by a shape. */
  fields: TaskFields | undefined;

  constructor(address: number, kept: KeptWords) {
    super(kept);
    this.address = address;
  }

  /** What the struct of the task says. */
  take(of: TaskFields): void {
    this.loop = of.loop;
    this.callbacks = of.callbacks;
    this.hasCallbacks = of.hasCallbacks;
    this.isCancelling = of.isCancelling;
    this.awaitedBy = of.awaitedBy;
  }

  result(): ReadTask {
    const { waiter, state, frames } = this;
    return {
      address: this.address,
      name: this.name,
      loop: this.loop,
      state: state === 'waiting' && (!waiter || waiter.isDone) ? 'ready' : state,
      isCancelling: this.isCancelling,
      coroutine: this.coroutine,
      frames: state === 'running' ? [] : frames.toReversed(),
      outermostFrame: this.outermostFrame,
      truncated: this.truncated,
      awaited: this.awaited,
      awaitedType: this.awaitedType,
      waiter,
      awaitedBy: this.awaitedBy,
      hasCallbacks: this.hasCallbacks,
      callbacks: this.callbacks,
      shape: this.shape,
    };
  }
}
