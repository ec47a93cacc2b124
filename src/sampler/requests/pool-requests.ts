import type { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { FoundAnchor } from './anchors-of-stacks.js';
import type { RequestContents } from './request-contents.js';
import type { RequestInHand } from './request-in-hand.js';
import type { RequestReader } from './request-reader.js';
import type { PoolCall, RequestThread } from './request-thread.js';
import { isInTime, type LookMoment } from './still-there.js';
import type { TasksOfRequests } from './tasks-of-requests.js';

/**
 * Of the frames that a thread of a pool has within the one that has the future, so many of the innermost may have been
 * left or entered since the copy; but the two outermost not, which are the framework's and the handler's.
 */
const mayChange = 2;

export interface PoolRequestsParts {
  readonly memory: TargetMemory;
  readonly search: Pick<FrameSearch, 'variableInCopy' | 'codesWithin' | 'codesWithinInCopy'>;
  readonly reader: Pick<RequestReader, 'beginMoment' | 'objectAt'>;
  readonly contents: Pick<RequestContents, 'isStill'>;
  readonly tasks: () => TasksOfRequests;
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
  readonly moment: LookMoment;
}

/**
 * Requests for which threads of a pool work: those of the tasks that wait for what the threads do.
 *
 * A future lies where one of a request before did, so who waits for it must be known soon after the copy. To learn what
 * a request is takes a millisecond, which the next thread would be too late by: on a busy machine, with eight threads,
 * half of their time had no request. So it is looked first for whom each thread works; what that is may come later.
 */
export class PoolRequests {
  readonly #parts: PoolRequestsParts;
  /** Of the thread that was asked for last, the future of which it is not known who waits for it; 0: none. */
  missing = 0;
  /** Of the request that was found last, it is certain that the thread worked for it when it was copied. */
  isProven = false;

  constructor(parts: PoolRequestsParts) {
    this.#parts = parts;
  }

  /** To be called before a thread is asked for. */
  begin(): void {
    this.missing = 0;
    this.isProven = false;
  }

  /** To be called right after a copy, before other things are read. `isRead`: whether the copy has the thread. */
  look<T extends RequestThread>(
    threads: readonly T[],
    isRead: (thread: T) => boolean,
    words: Uint32Array,
    copiedAt: number,
  ): void {
    const { reader } = this.#parts;
    reader.beginMoment();
    let changed: RequestThread[] | undefined;
    for (const thread of threads) {
      const { pool, ask } = thread;
      if (!pool || !isRead(thread)) continue;
      const future = this.#futureOf(thread, words, pool);
      // Who waited for it at an earlier copy, and does so still, waited for it at this one.
      if (future !== 0 && future === pool.future && this.#isStill(pool)) pool.provenAt = copiedAt;
      else {
        pool.future = future;
        pool.task = 0;
        if (future === 0 || ask.isTooEarly(future, copiedAt)) continue;
        changed ??= [];
        changed.push(thread);
      }
    }
    if (changed) this.#findTasks(changed, words, copiedAt);
  }

  #findTasks(threads: readonly RequestThread[], words: Uint32Array, copiedAt: number): void {
    const { reader } = this.#parts;
    const tasks = this.#parts.tasks();
    const waiting = tasks.waitingNow(copiedAt);
    reader.beginMoment();
    for (const thread of threads) {
      const pool = thread.pool!;
      const [task = 0, ...others] = waiting.get(pool.future) ?? tasks.allAwaiting(pool.future);
      if (task === 0 || others.length > 0) continue;
      pool.name = tasks.nameOf(task);
      pool.waiter = tasks.waiterOf(task);
      if (pool.name === '' || pool.waiter === 0) continue;
      // Else the next task lies there by now, and name and waiter are that one's.
      if (pool.waiter !== pool.future && !tasks.allAwaiting(pool.future).includes(task)) continue;
      pool.task = task;
      const isSame =
        this.#futureOf(thread, undefined, pool) === pool.future && this.#isWithin(thread, pool, words);
      if (isSame && isInTime(this.#parts, thread.activity, copiedAt)) pool.provenAt = copiedAt;
    }
  }

  /**
   * Whether a thread is within what it was within in the copy. Its future alone does not tell: that of the next request
   * lies where this one's did, as a rule.
   */
  #isWithin({ stack, currentFrame }: RequestThread, { frame }: PoolCall, words: Uint32Array): boolean {
    const { memory, search } = this.#parts;
    const before = search.codesWithinInCopy(stack.regions, words, currentFrame, frame);
    const now = before && search.codesWithin(memory, stack.threadState, frame);
    if (!now) return false;
    const same = Math.min(before.length, Math.max(mayChange, before.length - mayChange));
    for (let from = 1; from <= same; from++) if (before.at(-from) !== now.at(-from)) return false;
    return true;
  }

  /** `frame`: the one that has the future. `unknown`: the thread works for some request. */
  of(
    thread: RequestThread,
    words: Uint32Array | undefined,
    anchored: FoundAnchor,
    frame: number,
    now: number,
  ): RequestInHand | 'unknown' | undefined {
    if (thread.pool?.frame !== frame) thread.pool = newCall(anchored, frame);
    const { pool, worksFor, ask } = thread;
    const future = this.#futureOf(thread, words, pool);
    if (future === 0) return undefined;
    const isLooked = pool.provenAt === now && pool.future === future;
    // What was read again after the copy is between that and now.
    const isInCopy = words !== undefined;
    if (worksFor?.future === future && this.#isFor(worksFor, isLooked && isInCopy ? pool : undefined)) {
      this.isProven = isInCopy || isLooked;
      return worksFor;
    }
    this.missing = future;
    if (ask.isTooEarly(future, now)) return ask.answer;
    const tasks = this.#parts.tasks();
    const request = tasks.awaiting(future, isLooked ? [pool.task] : undefined);
    if (!request || request === 'unknown') return request;
    // Another request of the same task may be in its hands by now.
    this.isProven =
      isLooked && request.isWholeTask && isOf(request, pool) && (isInCopy || this.#isStill(pool));
    // Or the thread works for the next one.
    if (!this.isProven && this.#futureOf(thread, undefined, pool) !== future) return 'unknown';
    request.future = future;
    request.waiter = tasks.waiterOf(request.task);
    thread.worksFor = request;
    return request;
  }

  /** Whether the request is that of the task which waits for the thread. `pool`: which one that is. */
  #isFor(request: RequestInHand, pool: PoolCall | undefined): boolean {
    const { contents } = this.#parts;
    if (!contents.isStill(request)) return false;
    if (pool) return isOf(request, pool);
    const tasks = this.#parts.tasks();
    return tasks.nameOf(request.task) === request.taskName && tasks.waiterOf(request.task) === request.waiter;
  }

  #isStill({ task, name, waiter }: PoolCall): boolean {
    const tasks = this.#parts.tasks();
    return task !== 0 && tasks.waiterOf(task) === waiter && tasks.nameOf(task) === name;
  }

  /** In the copy, as far as that has it. */
  #futureOf({ stack }: RequestThread, words: Uint32Array | undefined, { anchored, frame }: PoolCall): number {
    const { search, reader } = this.#parts;
    const path = anchored.anchor.future;
    const slot = path && anchored.slots.get(path.variable);
    const copied = words && slot ? search.variableInCopy(stack.regions, words, frame, slot.index) : -1;
    return reader.objectAt(anchored, frame, path, copied < 0 ? undefined : copied);
  }
}

function newCall(anchored: FoundAnchor, frame: number): PoolCall {
  return { anchored, frame, future: 0, task: 0, name: '', waiter: 0, provenAt: -1 };
}

function isOf({ task, taskName }: RequestInHand, pool: PoolCall): boolean {
  return task === pool.task && taskName === pool.name;
}
