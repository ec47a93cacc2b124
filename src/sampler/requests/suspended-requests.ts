import { Callbacks } from '../../cpython/asyncio/callbacks.js';
import type { ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import { WakeUps } from '../../cpython/asyncio/wake-ups.js';
import type { Layout } from '../../cpython/layout.js';
import { MomentMemory } from '../../memory/moment-memory.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import { type CodeTable, hiddenFrame } from '../code-table.js';
import type { LookRecords, LookRow } from '../look-records.js';
import type { RequestFinder } from './request-finder.js';
import type { RequestInHand } from './request-in-hand.js';

/** Microseconds from one look at the tasks to the next, at least and at most, on the average. */
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
/**
 * New requests that are read before it is asked whether their tasks are as they were. To read one takes 0.3 ms, in
 * which a busy loop does some steps: of 84 that were asked for together none was.
 */
const confirmedTogether = 4;
/** Microseconds of a look for new requests whose tasks changed while all were read. */
const timeToReadAgain = 5000;
/** Microseconds after which the types of what tasks await are read anew. */
const typesLast = 1e6;
/** While there is no asyncio, or no request in a task. */
const lookForAsyncioEvery = 1e6;
/** Looks with tasks, and no request in any, until that is taken for how it is. */
const looksForRequests = 50;

type SuspendedTaskReader = Pick<
  TaskReader,
  'asyncio' | 'kinds' | 'read' | 'readOne' | 'renew' | 'unchanged' | 'runningWith' | 'nameOf' | 'waiterOf'
>;

type SuspendedRequestFinder = Pick<
  RequestFinder,
  'tasks' | 'hasResumed' | 'lastOfTask' | 'ofTask' | 'unconfirmed' | 'confirm' | 'endTasks' | 'contextWithin'
>;

interface ThreadInHand {
  readonly request: RequestInHand | undefined;
}

export interface SuspendedRequestsParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly reader: SuspendedTaskReader;
  readonly codes: Pick<CodeTable, 'frame'>;
  readonly encoder: Pick<RecordingEncoder, 'defineSlot' | 'defineStack'>;
  /** Of all processes. */
  readonly records: LookRecords;
  /** The recording's number of the process. */
  readonly process: number;
  readonly requests: SuspendedRequestFinder;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
  /** Not before this time, microseconds. */
  readonly firstLook: number;
}

/**
 * Requests whose tasks wait, on no thread's stack. Their tasks are looked at beside the ticks, more often the fewer
 * they are: each that is suspended counts for the time from the middle between the look before and this one to the
 * middle between this one and the next, as `SuspendedTasks` has it. One that runs at that moment is on its thread's
 * stack, and counts there.
 */
export class SuspendedRequests {
  readonly #parts: SuspendedRequestsParts;
  readonly #reader: SuspendedTaskReader;
  /** By the address of a task. */
  readonly #slots = new Map<number, number>();
  readonly #free: number[] = [];
  /** The stack of a task that is as it was: the reader gives the same object. */
  readonly #stacks = new WeakMap<ReadTask, number>();
  #lookAt: number;
  #lookedAt: number;
  /** What was seen at the last look, whose time is not over yet. */
  #rows: LookRow[] = [];
  /** Of the last record. */
  #recordedAt: number;
  /** There is a record, and the last one has rows. */
  #isBegun = false;
  #hadRows = false;
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
    this.#lookedAt = parts.clock();
    this.#recordedAt = this.#lookedAt;
    parts.records.knownUntil(parts.process, this.#recordedAt);
    this.#reader = parts.reader;
    const hasTasks = () => this.#hasTasks;
    parts.requests.tasks = {
      get areThere() {
        return hasTasks();
      },
      awaiting: (future, now, known) => this.#requestAwaiting(future, now, known),
      waitingNow: (now) => this.#waitingNow(now),
      allAwaiting: (future) => this.#tasksAwaiting(future),
      runningWith: (frame) => this.#reader.runningWith(frame),
      nameOf: (task) => this.#reader.nameOf(task),
      waiterOf: (task) => this.#reader.waiterOf(task),
    };
  }

  /** To be called at each tick: looks at the tasks when that is due. `threads`: what each has in hand in this tick. */
  look(now: number, threads: readonly ThreadInHand[]): void {
    // The first request after a while is seen on a thread's stack, and was in no task before.
    const isWoken = this.#rests && this.#parts.requests.hasResumed;
    if (isWoken) this.#lookedAt = Math.max(this.#lookedAt, now);
    if (now >= this.#lookAt || isWoken) this.#lookNow(now, threads);
    else if (this.#rests) this.#restUntil(now);
  }

  /** No more ticks come: what was suspended since the last look counts as well. */
  finish(now: number, threads: readonly ThreadInHand[]): void {
    this.#lookNow(now, threads, now);
    this.ended(now);
  }

  /** The process ended, or is left: what was suspended at the last look was until now. */
  ended(now: number): void {
    const { records, process } = this.#parts;
    this.#record(now);
    records.ended(process);
  }

  /** `last`: the recording ends then. */
  #lookNow(now: number, threads: readonly ThreadInHand[], last = Number.POSITIVE_INFINITY): void {
    const { requests, cpu, clock } = this.#parts;
    const began = cpu();
    if (now >= this.#typesUntil) {
      this.#reader.renew();
      this.#typesUntil = now + typesLast;
    }
    const readAt = clock();
    const { tasks, isComplete } = this.#reader.read();
    // The tick began earlier, and others took their time in between.
    const lookedAt = (readAt + clock()) / 2;
    this.#hasTasks = tasks.length > 0;
    if (this.#hasTasks) this.#begin();
    // What is there at the first look was before it.
    if (this.#looks > 0) this.#record(Math.min(last, (this.#lookedAt + lookedAt) / 2));
    this.#lookedAt = lookedAt;
    const found = this.#requestsOf(tasks, now);
    this.#rows = this.#rowsOf(found, new Set(threads.map(({ request }) => request)));
    requests.endTasks(tasks, isComplete, now);
    this.#looksInVain = found.size > 0 ? 0 : this.#looksInVain + 1;
    const isIdle = tasks.length === 0 || this.#looksInVain > looksForRequests;
    this.#rests = isIdle && !requests.hasResumed;
    const cost = cpu() - began;
    this.#cost += (cost - this.#cost) / (this.#cost === 0 ? 1 : averaged);
    const isFirst = this.#looks++ < firstLooks;
    const times = isFirst ? restPerFirstLook : this.#cost <= shortLook ? restPerShortLook : restPerLook;
    const rest = Math.min(lookAtLeastEvery, Math.max(lookEvery, this.#cost * times));
    // At random: what a program does every 20 ms must not be at the same place of it at each look.
    this.#lookAt = now + (this.#rests ? lookForAsyncioEvery : rest * (0.5 + Math.random()));
  }

  /** What was there from now on was not before: it is known since when it was looked. */
  #begin(): void {
    if (this.#isBegun) return;
    const { records, process } = this.#parts;
    this.#isBegun = true;
    records.add(process, this.#recordedAt, []);
  }

  /** Nothing was suspended for so long that other processes need not wait for what comes of this one. */
  #restUntil(now: number): void {
    this.#lookedAt = Math.max(this.#lookedAt, now - lookAtLeastEvery);
    this.#record(now - lookAtLeastEvery);
  }

  /** What was seen at the last look counts up to then. */
  #record(time: number): void {
    if (time <= this.#recordedAt) return;
    const { records, process } = this.#parts;
    const hasRows = this.#rows.length > 0;
    if (hasRows && !this.#hadRows) records.add(process, this.#recordedAt, []);
    if (hasRows || this.#hadRows) records.add(process, time, this.#rows);
    this.#hadRows = hasRows;
    this.#recordedAt = time;
    records.knownUntil(process, time);
  }

  #requestsOf(tasks: readonly ReadTask[], now: number): Map<ReadTask, RequestInHand> {
    const { requests } = this.#parts;
    const found = new Map<ReadTask, RequestInHand>();
    const lost: ReadTask[] = [];
    const confirm = () => {
      for (const task of this.#confirm(now)) {
        // One that was known before is so still.
        if (requests.lastOfTask(task.address) === found.get(task)) continue;
        found.delete(task);
        lost.push(task);
      }
    };
    for (const task of tasks) {
      const request = requests.ofTask(task, now);
      if (request) found.set(task, request);
      if (requests.unconfirmed.size >= confirmedTogether) confirm();
    }
    confirm();
    if (lost.length > 0) this.#readAgain(lost, found, now);
    return found;
  }

  /** One by one: of a hundred new requests many have gone on before the last one is read. */
  #readAgain(tasks: readonly ReadTask[], found: Map<ReadTask, RequestInHand>, now: number): void {
    const { requests, cpu } = this.#parts;
    const until = cpu() + timeToReadAgain;
    for (const { address } of tasks) {
      if (cpu() >= until) return;
      const task = this.#reader.readOne(address);
      const request = task && requests.ofTask(task, now);
      if (request && this.#confirm(now).length === 0) found.set(task, request);
    }
  }

  /**
   * What was read of a request is of a moment after that of its task's frames, when the next one may have been in the
   * same frames. Returns the tasks that changed meanwhile.
   */
  #confirm(now: number): ReadTask[] {
    const { requests } = this.#parts;
    const tasks = [...requests.unconfirmed.keys()];
    if (tasks.length === 0) return [];
    const same = this.#reader.unchanged(tasks);
    requests.confirm(same, now);
    return tasks.filter((task) => !same.has(task));
  }

  #rowsOf(
    found: ReadonlyMap<ReadTask, RequestInHand>,
    onThreads: ReadonlySet<RequestInHand | undefined>,
  ): LookRow[] {
    const { encoder, requests } = this.#parts;
    const seen = new Set<number>();
    const rows: LookRow[] = [];
    for (const [task, request] of found) {
      if (task.state === 'running' || task.frames.length === 0) continue;
      // A worker thread does its work meanwhile, and that time counts there.
      if (request.future !== 0 && onThreads.has(request)) continue;
      const stack = this.#stackOf(task);
      if (stack === 0) continue;
      let slot = this.#slots.get(task.address);
      if (slot === undefined) {
        slot = this.#free.pop() ?? encoder.defineSlot();
        this.#slots.set(task.address, slot);
      }
      seen.add(task.address);
      rows.push({ id: slot, stack, context: requests.contextWithin(request, request.labels) });
    }
    for (const [task, slot] of this.#slots) {
      if (seen.has(task)) continue;
      this.#slots.delete(task);
      this.#free.push(slot);
    }
    return rows;
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
  #requestAwaiting(
    future: number,
    now: number,
    tasks: readonly number[] = this.#tasksAwaiting(future),
  ): RequestInHand | 'unknown' | undefined {
    const { requests } = this.#parts;
    // Its task does not wait for it yet, or no more.
    let answer: 'unknown' | undefined =
      tasks.length === 0 && this.#callbacks()?.isFuture(future) ? 'unknown' : undefined;
    for (const task of tasks) {
      const known = requests.lastOfTask(task);
      // The next task may lie there by now, whose request that is.
      if (known && this.#isAwaiting(task, future)) return known;
      if (known) {
        answer = 'unknown';
        continue;
      }
      // It may be newer than the last look.
      const read = this.#reader.readOne(task);
      const request = read && requests.ofTask(read, now);
      const isChanged = this.#confirm(now).length > 0;
      if (request && !isChanged && this.#isAwaiting(task, future)) return request;
      if (!read || request || read.state === 'running') answer = 'unknown';
    }
    return answer;
  }

  #isAwaiting(task: number, future: number): boolean {
    return this.#reader.waiterOf(task) === future || this.#tasksAwaiting(future).includes(task);
  }

  /** No time counts by this: it comes when threads begin something, not at random. */
  #waitingNow(now: number): ReadonlyMap<number, readonly number[]> {
    const waiting = new Map<number, readonly number[]>();
    if (!this.#hasTasks || this.#cost > shortLook) return waiting;
    const { tasks } = this.#reader.read();
    this.#requestsOf(tasks, now);
    for (const { address, waiter } of tasks)
      if (waiter) waiting.set(waiter.address, [...(waiting.get(waiter.address) ?? []), address]);
    return waiting;
  }

  /** Addresses; of a future of a thread pool, too. */
  #tasksAwaiting(future: number): readonly number[] {
    const callbacks = this.#callbacks();
    return callbacks ? new WakeUps(callbacks, []).tasksAwaiting(future) : [];
  }

  /** Those of this moment. */
  #callbacks(): Callbacks | undefined {
    const { memory, layout } = this.#parts;
    const { asyncio } = this.#reader;
    // A pool of a program without tasks: nobody waits.
    if (!asyncio || !this.#hasTasks) return undefined;
    // They are many small objects, close together.
    const pages = new MomentMemory(memory, { now: 0 });
    return new Callbacks(pages, layout, asyncio, this.#reader.kinds);
  }
}
