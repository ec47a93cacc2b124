import { Callbacks } from '../../cpython/asyncio/callbacks.js';
import type { AsyncioDebug } from '../../cpython/asyncio/debug-section.js';
import { type ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import { WakeUps } from '../../cpython/asyncio/wake-ups.js';
import type { Layout } from '../../cpython/layout.js';
import { MomentMemory } from '../../memory/moment-memory.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { RunFlag } from '../../model/profile.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import { type CodeTable, hiddenFrame } from '../code-table.js';
import type { RequestFinder } from './request-finder.js';
import type { RequestInHand } from './request-in-hand.js';

/** Microseconds from one look at the tasks to the next, at least and at most. */
const lookEvery = 2000;
const lookAtLeastEvery = 100_000;
/**
 * Or so many times as long as the last looks took on the average: 3 % of a processor, and 6 % while there are few
 * tasks. A request is as long as the looks that saw it: with 3 %, those of 21 ms of FastAPI seemed to take 45.
 */
const restPerLook = 33;
const restPerShortLook = 16;
/** Microseconds. */
const shortLook = 2000;
/** Of so many looks. */
const averaged = 8;
/**
 * The first looks take five times as long as later ones, and would stay slow if they were rare: V8 compiles what runs
 * often. So for so many looks it is 12 % of a processor.
 */
const firstLooks = 200;
const restPerFirstLook = 8;
/** Microseconds after which the types of what tasks await are read anew. */
const typesLast = 1e6;
/** While there is no asyncio, or no request in a task. */
const lookForAsyncioEvery = 1e6;
/** Looks with tasks, and no request in any, until that is taken for how it is. */
const looksForRequests = 50;

export interface SuspendedRequestsParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly runtime: number;
  readonly findDebug: (() => AsyncioDebug | undefined) | undefined;
  readonly codes: CodeTable;
  readonly encoder: RecordingEncoder;
  /** The recording's number of the process. */
  readonly process: number;
  readonly requests: RequestFinder;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
  /** Not before this time, microseconds. */
  readonly firstLook: number;
}

/**
 * Requests whose tasks wait, on no thread's stack. Their tasks are looked at beside the ticks, more often the fewer
 * they are: each that is suspended counts for the time since the look before. One that runs at that moment is on its
 * thread's stack, and counts there.
 */
export class SuspendedRequests {
  readonly #parts: SuspendedRequestsParts;
  readonly #reader: TaskReader;
  /** By the address of a task. */
  readonly #slots = new Map<number, number>();
  readonly #free: number[] = [];
  /** The stack of a task that is as it was: the reader gives the same object. */
  readonly #stacks = new WeakMap<ReadTask, number>();
  #lookAt: number;
  #lookedAt = 0;
  #typesUntil = 0;
  /** Microseconds that a look takes. */
  #cost = 0;
  #looks = 0;
  #looksInVain = 0;
  /** No request was in any task of late. */
  #rests = false;
  #hasTasks = false;

  constructor(parts: SuspendedRequestsParts) {
    this.#parts = parts;
    this.#lookAt = parts.firstLook;
    const { memory, layout, runtime, findDebug } = parts;
    this.#reader = new TaskReader({ memory, layout, runtime, ...(findDebug ? { findDebug } : {}) });
    const hasTasks = () => this.#hasTasks;
    parts.requests.tasks = {
      get areThere() {
        return hasTasks();
      },
      awaiting: (future, now) => this.#requestAwaiting(future, now),
      runningWith: (frame) => this.#reader.runningWith(frame),
      nameOf: (task) => this.#reader.nameOf(task),
      waiterOf: (task) => this.#reader.waiterOf(task),
    };
  }

  /** To be called at each tick: looks at the tasks when that is due. `threads`: what each has in hand in this tick. */
  look(now: number, threads: readonly { readonly request: RequestInHand | undefined }[]): void {
    const { requests } = this.#parts;
    // The first request after a while is seen on a thread's stack.
    if (now < this.#lookAt && !(this.#rests && requests.hasResumed)) return;
    const { cpu, encoder, process } = this.#parts;
    const began = cpu();
    if (now >= this.#typesUntil) {
      this.#reader.renew();
      this.#typesUntil = now + typesLast;
    }
    const { tasks, isComplete } = this.#reader.read();
    this.#hasTasks = tasks.length > 0;
    const found = this.#requestsOf(tasks, now);
    if (found.size > 0 || this.#slots.size > 0) {
      encoder.beginSuspended(process, now);
      this.#sample(found, new Set(threads.map(({ request }) => request)));
      encoder.endSuspended();
    }
    this.#lookedAt = now;
    requests.endTasks(tasks, isComplete, now);
    this.#looksInVain = found.size > 0 ? 0 : this.#looksInVain + 1;
    const isIdle = tasks.length === 0 || this.#looksInVain > looksForRequests;
    this.#rests = isIdle && !requests.hasResumed;
    const cost = cpu() - began;
    this.#cost += (cost - this.#cost) / (this.#cost === 0 ? 1 : averaged);
    const isFirst = this.#looks++ < firstLooks;
    const times = isFirst ? restPerFirstLook : this.#cost <= shortLook ? restPerShortLook : restPerLook;
    const rest = Math.min(lookAtLeastEvery, Math.max(lookEvery, this.#cost * times));
    this.#lookAt = now + (this.#rests ? lookForAsyncioEvery : rest);
  }

  #requestsOf(tasks: readonly ReadTask[], now: number): Map<ReadTask, RequestInHand> {
    const { requests } = this.#parts;
    const found = new Map<ReadTask, RequestInHand>();
    for (const task of tasks) {
      const request = requests.ofTask(task, now);
      if (request) found.set(task, request);
    }
    for (const task of this.#confirm(now)) found.delete(task);
    return found;
  }

  /**
   * What was read of a request is of a moment after that of its task's frames, when the next one may have been in the
   * same frames. Returns the tasks that changed meanwhile.
   */
  #confirm(now: number): ReadTask[] {
    const { requests } = this.#parts;
    const tasks = [...requests.unconfirmed];
    if (tasks.length === 0) return [];
    const same = this.#reader.unchanged(tasks);
    requests.confirm(same, now);
    return tasks.filter((task) => !same.has(task));
  }

  #sample(
    found: ReadonlyMap<ReadTask, RequestInHand>,
    onThreads: ReadonlySet<RequestInHand | undefined>,
  ): void {
    const { encoder, requests } = this.#parts;
    const seen = new Set<number>();
    for (const [task, request] of found) {
      if (task.state === 'running' || task.frames.length === 0) continue;
      // A worker thread does its work meanwhile, and that time counts there.
      const { future, workedAt } = request;
      if (future !== 0 && (onThreads.has(request) || workedAt > this.#lookedAt)) continue;
      const stack = this.#stackOf(task);
      if (stack === 0) continue;
      let slot = this.#slots.get(task.address);
      if (slot === undefined) {
        slot = this.#free.pop() ?? encoder.defineSlot();
        this.#slots.set(task.address, slot);
      }
      seen.add(task.address);
      encoder.suspended(slot, stack, RunFlag.waiting, requests.contextWithin(request, request.labels));
    }
    for (const [task, slot] of this.#slots) {
      if (seen.has(task)) continue;
      this.#slots.delete(task);
      this.#free.push(slot);
    }
  }

  /** The recording's stack of a task's frames; 0: it has none that can be read. */
  #stackOf(task: ReadTask): number {
    const known = this.#stacks.get(task);
    if (known !== undefined) return known;
    const { codes, encoder } = this.#parts;
    let stack = 0;
    for (const { code, instruction } of task.frames.toReversed()) {
      const frame = codes.frame(code, instruction);
      if (frame === hiddenFrame) continue;
      if (frame < 0) break;
      stack = encoder.defineStack(stack, frame);
    }
    this.#stacks.set(task, stack);
    return stack;
  }

  /** The request of a task that waits for a future, such as one that a worker thread completes. */
  #requestAwaiting(future: number, now: number): RequestInHand | undefined {
    const { requests } = this.#parts;
    for (const task of this.#tasksAwaiting(future)) {
      const known = requests.lastOfTask(task);
      if (known) return known;
      // It may be newer than the last look.
      const read = this.#reader.readOne(task);
      const request = read && requests.ofTask(read, now);
      const isChanged = this.#confirm(now).length > 0;
      if (request && !isChanged && this.#tasksAwaiting(future).includes(task)) return request;
    }
    return undefined;
  }

  /** Addresses; of a future of a thread pool, too. */
  #tasksAwaiting(future: number): readonly number[] {
    const { memory, layout } = this.#parts;
    const { asyncio } = this.#reader;
    // A pool of a program without tasks: nobody waits.
    if (!asyncio || !this.#hasTasks) return [];
    // They are many small objects, close together.
    const pages = new MomentMemory(memory, { now: 0 });
    const callbacks = new Callbacks(pages, layout, asyncio, this.#reader.kinds);
    return new WakeUps(callbacks, []).tasksAwaiting(future);
  }
}
