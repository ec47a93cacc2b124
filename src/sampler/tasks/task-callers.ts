import type { Callbacks } from '../../cpython/asyncio/callbacks.js';
import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import { WakeUps } from '../../cpython/asyncio/wake-ups.js';

/**
 * Microseconds, at least, after which it is read again who waits for a task, unless these are as they were: what is
 * called when it is done may be another object at the same address by now.
 */
const knownFor = 2e6;
/** Tasks of which is known who waits for them. */
const mostKnown = 100_000;

interface Known {
  readonly task: ReadTask;
  readonly until: number;
  readonly callers: readonly number[];
  /** These as they were. */
  readonly were: readonly (ReadTask | undefined)[];
}

/** A moment at which tasks were read. */
export interface ReadMoment {
  readonly now: number;
  /** A task as it was then; `undefined`: it was not read. */
  readonly find: (address: number) => ReadTask | undefined;
  /** Whether there is time to read who waits for one more task. */
  readonly hasTime: () => boolean;
}

/** Which tasks wait for a task. It takes some twenty reads to find out, and changes seldom while a task lives. */
export class TaskCallers {
  /** By the address of the task. */
  readonly #known = new Map<number, Known>();

  /** Addresses of tasks; none while it is not known. `callbacks`: of a copy of memory of now, made when needed. */
  of(task: ReadTask, { now, find, hasTime }: ReadMoment, callbacks: () => Callbacks): readonly number[] {
    if (!task.hasCallbacks && task.awaitedBy.length === 0) return none;
    const last = this.#known.get(task.address);
    const known = last && isSame(last.task, task) ? last : undefined;
    if (known && (now < known.until || areAsTheyWere(known, find))) return known.callers;
    if (!hasTime()) return none;
    const waking = new WakeUps(callbacks(), []).tasksAwaiting(task.address);
    const callers = [...new Set([...waking, ...task.awaitedBy])].filter((one) => one !== task.address);
    if (this.#known.size >= mostKnown) this.#known.clear();
    // Not all are due at the same time.
    const until = now + knownFor * (1 + Math.random());
    this.#known.set(task.address, { task, until, callers, were: callers.map(find) });
    return callers;
  }

  /** Forgets tasks that are no more; `tasks` are all that there are. */
  keepOnly(tasks: ReadonlyMap<number, ReadTask>): void {
    for (const address of this.#known.keys()) if (!tasks.has(address)) this.#known.delete(address);
  }
}

const none: readonly number[] = [];

function isSame(a: ReadTask, b: ReadTask): boolean {
  if (a === b) return true;
  return (
    a.name === b.name &&
    a.coroutine === b.coroutine &&
    a.callbacks.length > 0 &&
    isEqual(a.callbacks, b.callbacks) &&
    isEqual(a.awaitedBy, b.awaitedBy)
  );
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

function areAsTheyWere({ callers, were }: Known, find: ReadMoment['find']): boolean {
  return callers.length > 0 && callers.every((address, at) => were[at] && find(address) === were[at]);
}
