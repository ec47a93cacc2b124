import { Callbacks } from '../../cpython/asyncio/callbacks.js';
import type { ListedTasks } from '../../cpython/asyncio/listed-tasks.js';
import type { ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import { WakeUps } from '../../cpython/asyncio/wake-ups.js';
import type { Layout } from '../../cpython/layout.js';
import { MomentMemory } from '../../memory/moment-memory.js';
import { allOf, type Steps } from '../../memory/steps.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { LookRecords } from '../look-records.js';
import { LookTurns, type LookTurnsParts } from '../look-turns.js';
import { type FoundAtLook, LookPace, lookAtLeastEvery } from './look-pace.js';
import { QuickLook, type QuickLookParts, withoutEnded } from './quick-look.js';
import type { RequestFinder } from './request-finder.js';
import type { RequestInHand } from './request-in-hand.js';
import { SuspendedRecord } from './suspended-record.js';
import {
  isEqual,
  type SuspendedRow,
  SuspendedRows,
  type SuspendedRowsParts,
  type ThreadInHand,
  withoutThreads,
} from './suspended-rows.js';
import type { TasksOfRequests } from './tasks-of-requests.js';

/**
 * New requests that are read before it is asked whether their tasks are as they were. To read one takes 0.3 ms, in
 * which a busy loop does some steps: of 84 that were asked for together none was.
 */
const confirmedTogether = 4;
/** Microseconds of a look for new requests whose tasks changed while all were read. */
const timeToReadAgain = 5000;
/** Microseconds after which the types of what tasks await are read anew. */
const typesLast = 1e6;
/** Tasks of which nothing is known that are found out about within one step of a look. */
const newTogether = 32;
/** Tasks that are asked for their requests in one step. */
const askedTogether = 32;
/** Looks with tasks, and no request in any, until that is taken for how it is. */
const looksForRequests = 50;

type SuspendedTaskReader = Pick<
  TaskReader,
  | 'asyncio'
  | 'kinds'
  | 'read'
  | 'reading'
  | 'readOne'
  | 'renew'
  | 'unchanged'
  | 'runningWith'
  | 'nameOf'
  | 'waiterOf'
> & { listed(): Pick<ListedTasks, 'isSame'> | undefined };

type SuspendedRequestFinder = Pick<
  RequestFinder,
  'tasks' | 'hasResumed' | 'lastOfTask' | 'ofTask' | 'unconfirmed' | 'confirm' | 'endTasks' | 'contextWithin'
> &
  QuickLookParts['requests'];

/** Since when none of these loops has begun or ended a step, microseconds; infinite: one may have. */
export type RestSince = (loops: ReadonlySet<number>) => number;

export interface SuspendedRequestsParts extends LookTurnsParts, SuspendedRowsParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly reader: SuspendedTaskReader;
  /** Of all processes. */
  readonly records: LookRecords;
  /** The recording's number of the process. */
  readonly process: number;
  readonly requests: SuspendedRequestFinder;
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
  readonly #rowsOf: SuspendedRows;
  readonly #turns: LookTurns;
  readonly #pace: LookPace;
  /** When what was seen at the last look was so still, and that look's tick. */
  #lookedAt: number;
  #lookTick = 0;
  readonly #quick: QuickLook;
  /** What was seen at the last look, and of that what counts: the time of the others is that of threads. */
  #seen: readonly SuspendedRow[] = [];
  #rows: readonly SuspendedRow[] = [];
  /** The loops of all tasks. */
  readonly #loops = new Set<number>();
  readonly #recorded: SuspendedRecord;
  #typesUntil = 0;
  #looksInVain = 0;
  /** No request: not of late. */
  #found: FoundAtLook = 'requests';
  readonly #tasks: { -readonly [Part in keyof TasksOfRequests]: TasksOfRequests[Part] };

  constructor(parts: SuspendedRequestsParts) {
    this.#parts = parts;
    this.#rowsOf = new SuspendedRows(parts);
    this.#turns = new LookTurns(parts);
    this.#pace = new LookPace(parts.firstLook);
    this.#lookedAt = parts.clock();
    this.#recorded = new SuspendedRecord(parts.records, parts.process, this.#lookedAt);
    this.#quick = new QuickLook(parts);
    this.#reader = parts.reader;
    this.#tasks = {
      // Not by a getter: see `LinuxTarget`.
      areThere: false,
      awaiting: (future, known) => this.#requestAwaiting(future, known),
      waitingNow: (now) => this.#waitingNow(now),
      allAwaiting: (future) => this.#tasksAwaiting(future),
      runningWith: (frame) => this.#reader.runningWith(frame),
      nameOf: (task) => this.#reader.nameOf(task),
      waiterOf: (task) => this.#reader.waiterOf(task),
    };
    parts.requests.tasks = this.#tasks;
  }

  /**
   * To be called at each tick: looks at the tasks when that is due and they may have moved, or goes on with it.
   * `threads`: what each has in hand in this tick. `restSince`: as `LoopSteps.restSince`.
   */
  look(now: number, threads: readonly ThreadInHand[], restSince: RestSince): void {
    if (!this.#turns.isUnderWay) {
      if (this.#rests) this.#restUntil(now);
      // The first request after a while is seen on a thread's stack, and was in no task before.
      const isWoken = this.#rests && this.#parts.requests.hasResumed;
      if (isWoken) this.#lookedAt = Math.max(this.#lookedAt, now);
      const news = this.#newsAt(now, restSince);
      if (news === 'none') this.#goOnAsSeen(now, threads);
      else if (this.#pace.isDue(now) || isWoken || news === 'some')
        this.#turns.begin(this.#lookInSteps(now, threads, restSince(this.#loops)), this.#pace.isFirst);
    }
    this.#goOn();
  }

  /** No request was in any task of late. */
  get #rests(): boolean {
    return this.#found !== 'requests';
  }

  /** Whether requests began or ended since the last look; `undefined`: it is not known, and too dear to ask. */
  #newsAt(now: number, restSince: RestSince): 'none' | 'some' | undefined {
    if (this.#pace.isOld(this.#lookTick, now)) return undefined;
    if (this.#quick.isSameSince(restSince(this.#loops))) return 'none';
    if (this.#rests || !this.#quick.isWorthIt || !this.#pace.mayBorrow(now, true)) return undefined;
    const began = this.#parts.cpu();
    const isSame = this.#quick.isSame(now);
    this.#pace.spent(this.#parts.cpu() - began);
    if (isSame) return 'none';
    return this.#pace.mayBorrow(now, false) ? 'some' : undefined;
  }

  /** Looked at now, the tasks would be as they were; but other threads may work for them. */
  #goOnAsSeen(now: number, threads: readonly ThreadInHand[]): void {
    const rows = withoutThreads(this.#seen, threads);
    if (rows !== this.#rows && !isEqual(rows, this.#rows)) {
      this.#record((this.#lookedAt + now) / 2);
      this.#rows = rows;
    }
    this.#lookedAt = Math.max(this.#lookedAt, now);
    // So other processes need not wait for what comes of this one.
    if (rows.length === 0) this.#record(now);
  }

  /** Nothing is looked at while the process stands: there was nothing, and there is nothing new. */
  get isResting(): boolean {
    return this.#rests && !this.#turns.isUnderWay;
  }

  /** In place of `look`, at a tick of a process that stands, while it is resting. */
  rest(now: number): void {
    if (this.#parts.records.isWaiting) this.#restUntil(now);
  }

  /** No more ticks come: what was suspended since the last look counts as well. */
  finish(now: number, threads: readonly ThreadInHand[]): void {
    this.#goOn(Number.POSITIVE_INFINITY);
    this.#turns.begin(this.#lookInSteps(now, threads, now, now), false);
    this.#goOn(Number.POSITIVE_INFINITY);
    this.ended(now);
  }

  /** As `LookTurns.goOn`. */
  #goOn(most?: number): void {
    const cost = this.#turns.goOn(most);
    if (cost !== undefined) this.#pace.looked(cost, this.#found);
  }

  /** The process ended, or is left: what was suspended at the last look was until now. */
  ended(now: number): void {
    this.#turns.stop();
    this.#record(now);
    this.#recorded.end();
  }

  /** `rest`: since when the loops have begun and ended no step. `last`: the recording ends then. */
  *#lookInSteps(
    now: number,
    threads: readonly ThreadInHand[],
    rest: number,
    last = Number.POSITIVE_INFINITY,
  ): Steps<void> {
    const { requests, clock } = this.#parts;
    const inHand = threads.map(({ request }) => ({ request }));
    this.#pace.begin(now, this.#rests);
    this.#lookTick = now;
    const news = this.#quick.begin(now);
    if (now >= this.#typesUntil) {
      this.#reader.renew();
      this.#typesUntil = now + typesLast;
    }
    const began = clock();
    let copied = began;
    const listed = this.#reader.listed();
    const { tasks, isComplete } = yield* this.#reader.reading({
      together: newTogether,
      onCopied: () => {
        copied = clock();
      },
    });
    // The tick began earlier, and others took their time in between.
    const lookedAt = (began + copied) / 2;
    this.#tasks.areThere = tasks.length > 0;
    if (this.#tasks.areThere) this.#recorded.begin();
    const found = yield* this.#requestsOf(tasks, copied);
    if (news) {
      this.#record((this.#lookedAt + news.at) / 2);
      this.#rows = withoutEnded(this.#rows, news, found);
      this.#lookedAt = news.at;
    }
    // What is there at the first look was before it.
    const until = rest > this.#lookedAt ? Math.min(rest, lookedAt) : lookedAt;
    if (this.#pace.looks > 0) this.#record(Math.min(last, (this.#lookedAt + until) / 2));
    this.#lookedAt = lookedAt;
    this.#seen = yield* this.#rowsOf.now(found);
    this.#rows = withoutThreads(this.#seen, inHand);
    this.#quick.looked({ listed, tasks, requests: found });
    yield* requests.endTasks(tasks, isComplete, now);
    this.#looksInVain = found.size > 0 ? 0 : this.#looksInVain + 1;
    const isIdle = tasks.length === 0 || this.#looksInVain > looksForRequests;
    if (!isIdle || requests.hasResumed) this.#found = 'requests';
    else this.#found = this.#tasks.areThere ? 'no requests' : 'no tasks';
  }

  /** Nothing was suspended for so long that other processes need not wait for what comes of this one. */
  #restUntil(now: number): void {
    this.#lookedAt = Math.max(this.#lookedAt, now - lookAtLeastEvery);
    this.#record(now - lookAtLeastEvery);
  }

  /** What was seen at the last look counts up to then. */
  #record(time: number): void {
    this.#recorded.upTo(time, this.#rows);
  }

  /** `readAt`: when the tasks were read; microseconds. */
  *#requestsOf(tasks: readonly ReadTask[], readAt: number): Steps<Map<ReadTask, RequestInHand>> {
    const found = new Map<ReadTask, RequestInHand>();
    const lost: ReadTask[] = [];
    this.#loops.clear();
    for (let from = 0; from < tasks.length; from += askedTogether) {
      this.#ask(tasks.slice(from, from + askedTogether), readAt, found, lost);
      yield;
    }
    if (lost.length > 0) yield* this.#readAgain(lost, found);
    return found;
  }

  /** `lost`: those that changed while their requests were read. */
  #ask(
    tasks: readonly ReadTask[],
    readAt: number,
    found: Map<ReadTask, RequestInHand>,
    lost: ReadTask[],
  ): void {
    const { requests } = this.#parts;
    const confirm = () => {
      for (const task of this.#confirm(readAt)) {
        // One that was known before is so still.
        if (requests.lastOfTask(task.address) === found.get(task)) continue;
        found.delete(task);
        lost.push(task);
      }
    };
    for (const task of tasks) {
      this.#loops.add(task.loop);
      const request = requests.ofTask(task, readAt);
      if (request) found.set(task, request);
      if (requests.unconfirmed.size >= confirmedTogether) confirm();
    }
    // Threads may have their turn now, and ask for requests of their own.
    confirm();
  }

  /** One by one: of a hundred new requests many have gone on before the last one is read. */
  *#readAgain(tasks: readonly ReadTask[], found: Map<ReadTask, RequestInHand>): Steps<void> {
    const { cpu } = this.#parts;
    let left = timeToReadAgain;
    for (const { address } of tasks) {
      if (left <= 0) return;
      const began = cpu();
      const task = this.#reader.readOne(address);
      const { request, isSame } = this.#ofTaskNow(task);
      if (task && request && isSame) found.set(task, request);
      left -= cpu() - began;
      yield;
    }
  }

  /** Of a task that was just read; whether it is the same after that. */
  #ofTaskNow(task: ReadTask | undefined) {
    const { requests, clock } = this.#parts;
    const now = clock();
    const request = task && requests.ofTask(task, now);
    return { request, isSame: this.#confirm(now).length === 0 };
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

  /** The request of a task that waits for a future, such as one that a worker thread completes. */
  #requestAwaiting(
    future: number,
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
      const { request, isSame } = this.#ofTaskNow(read);
      if (request && isSame && this.#isAwaiting(task, future)) return request;
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
    // Of all tasks there is one reading at a time.
    if (!this.#tasks.areThere || !this.#pace.isShort || this.#turns.isUnderWay) return waiting;
    const { tasks } = this.#reader.read();
    allOf(this.#requestsOf(tasks, now));
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
    if (!asyncio || !this.#tasks.areThere) return undefined;
    // They are many small objects, close together.
    const pages = new MomentMemory(memory, { now: 0 });
    return new Callbacks(pages, layout, asyncio, this.#reader.kinds);
  }
}
