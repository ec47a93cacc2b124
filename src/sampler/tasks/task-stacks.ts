import { Callbacks } from '../../cpython/asyncio/callbacks.js';
import type { ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import { TaskWaits } from '../../cpython/asyncio/waits.js';
import type { Layout } from '../../cpython/layout.js';
import { cachedMemory } from '../../memory/cached-memory.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import type { CodeTable } from '../code-table.js';
import { type ReadMoment, TaskCallers } from './task-callers.js';
import { noFrame, TaskFrames } from './task-frames.js';

/** Tasks that wait for each other in a row. */
const longestChain = 100;

export interface TaskStacksParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly reader: Pick<TaskReader, 'asyncio' | 'kinds'>;
  readonly codes: Pick<CodeTable, 'at' | 'frame'>;
  readonly encoder: RecordingEncoder;
  /** Whether a task has a request in hand. */
  readonly hasRequest: (task: ReadTask) => boolean;
}

/** The stacks of tasks: their own frames below those of the tasks that wait for them. */
export class TaskStacks {
  readonly frames: TaskFrames;
  readonly #callers = new TaskCallers();
  readonly #parts: TaskStacksParts;

  constructor(parts: TaskStacksParts) {
    this.#parts = parts;
    this.frames = new TaskFrames(parts.codes, parts.encoder, parts.hasRequest);
  }

  /** What is read of one moment. */
  at(moment: ReadMoment): TaskMoment {
    return new TaskMoment(this.#parts, this.frames, this.#callers, moment);
  }

  keepOnly(tasks: ReadonlyMap<number, ReadTask>): void {
    this.#callers.keepOnly(tasks);
  }
}

export class TaskMoment {
  readonly #parts: TaskStacksParts;
  readonly #frames: TaskFrames;
  readonly #callers: TaskCallers;
  readonly #moment: ReadMoment;
  readonly #callerOf = new Map<ReadTask, ReadTask | undefined>();
  /** By the task that waits for others. */
  readonly #under = new Map<ReadTask, number>();
  #callbacks: Callbacks | undefined;
  #waits: TaskWaits | undefined;

  constructor(parts: TaskStacksParts, frames: TaskFrames, callers: TaskCallers, moment: ReadMoment) {
    this.#parts = parts;
    this.#frames = frames;
    this.#callers = callers;
    this.#moment = moment;
  }

  /** What was read of memory so far is old by now. */
  readAnew(): void {
    this.#callbacks = undefined;
    this.#waits = undefined;
  }

  /** The task that waits for this one, of several the first that does nothing else; `undefined`: there is none. */
  callerOf(task: ReadTask): ReadTask | undefined {
    if (this.#callerOf.has(task)) return this.#callerOf.get(task);
    const found = this.#findCaller(task);
    this.#callerOf.set(task, found);
    return found;
  }

  #findCaller(task: ReadTask): ReadTask | undefined {
    const { find } = this.#moment;
    let first: ReadTask | undefined;
    for (const address of this.#callers.of(task, this.#moment, this.#makeCallbacks)) {
      const caller = find(address);
      if (!caller) continue;
      if (this.isWaitingForTasks(caller)) return caller;
      first ??= caller;
    }
    return first;
  }

  /** As `TaskFrames.readLeaf`. */
  readLeaf(task: ReadTask): boolean {
    return this.#frames.readLeaf(task, () => this.#waitsNow());
  }

  isWaitingForTasks(task: ReadTask): boolean {
    return this.#frames.isWaitingForTasks(task, () => this.#waitsNow());
  }

  /** The tasks that wait for it, the nearest first. */
  chainOf(task: ReadTask): ReadTask[] {
    const chain: ReadTask[] = [];
    for (let at = this.callerOf(task); at && !chain.includes(at); at = this.callerOf(at)) {
      if (at === task || chain.length === longestChain) break;
      chain.push(at);
    }
    return chain;
  }

  /** Whether it waits, by others, for itself. */
  isInCycle(task: ReadTask): boolean {
    return this.callerOf(this.chainOf(task).at(-1) ?? task) === task;
  }

  /** The recording's stack of what stands above the tasks that `caller` waits for; 0: nothing. */
  under(caller: ReadTask | undefined): number {
    if (!caller) return 0;
    const known = this.#under.get(caller);
    if (known !== undefined) return known;
    let stack = 0;
    for (const outer of [caller, ...this.chainOf(caller)].reverse()) {
      // What runs is on its thread's stack: where it is is not known.
      if (outer.state === 'running') stack = 0;
      const { frames, outer: count } = this.#frames.of(outer);
      stack = this.#below(stack, frames.slice(0, count));
    }
    this.#under.set(caller, stack);
    return stack;
  }

  /** The recording's stack of a suspended task below what stands above it; 0: it has no frames. */
  stackOf(task: ReadTask, above: number): number {
    const { frames } = this.#frames.of(task);
    if (frames.length === 0) return 0;
    const stack = this.#below(above, frames);
    const leaf = this.#frames.leaf(task);
    return leaf === noFrame ? stack : this.#parts.encoder.defineStack(stack, leaf);
  }

  #below(stack: number, frames: readonly number[]): number {
    const { encoder } = this.#parts;
    return frames.reduce((parent, frame) => encoder.defineStack(parent, frame), stack);
  }

  readonly #makeCallbacks = (): Callbacks => {
    const { memory, layout, reader } = this.#parts;
    this.#callbacks ??= new Callbacks(cachedMemory(memory), layout, reader.asyncio!, reader.kinds);
    return this.#callbacks;
  };

  #waitsNow(): TaskWaits {
    const { memory, layout, reader, codes } = this.#parts;
    this.#waits ??= new TaskWaits({
      ...{ memory: cachedMemory(memory), layout, asyncio: reader.asyncio! },
      codeAt: (address) => codes.at(address)?.info,
      nameOf: () => undefined,
    });
    return this.#waits;
  }
}
