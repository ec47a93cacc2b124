import type { Callback, Callbacks } from './callbacks.js';
import type { ReadTask } from './task-trace.js';

/** Futures between one and the task that it wakes in the end: `gather` of `shield` of a future of a thread is four. */
const longestChain = 16;
/** Futures looked at for one. */
const mostFutures = 1000;

/** Callbacks that refer to a future which they cancel, or look at, when the other one is done. */
const backwards: readonly string[] = ['_outer_done_callback', '_call_check_cancel'];

/**
 * Which tasks wait for a future in the end: directly, or by way of others that it completes, as `gather`, `wait`,
 * `wait_for`, `shield`, TaskGroup and executors make them.
 */
export class WakeUps {
  readonly #callbacks: Callbacks;
  /** By the address of what they wait for. */
  readonly #waiting = new Map<number, number[]>();

  constructor(callbacks: Callbacks, tasks: readonly ReadTask[]) {
    this.#callbacks = callbacks;
    for (const { address, waiter } of tasks) {
      if (!waiter) continue;
      const others = this.#waiting.get(waiter.address);
      if (others) others.push(address);
      else this.#waiting.set(waiter.address, [address]);
    }
  }

  /** Whether a task waits for this very object. */
  isWaitedFor(future: number): boolean {
    return this.#waiting.has(future);
  }

  /**
   * Addresses of the tasks that wait for the task, future or future of a thread pool at `future`, the parent of its
   * TaskGroup among them. Not those that wait for these in turn.
   */
  tasksAwaiting(future: number): readonly number[] {
    const found = new Set<number>();
    const seen = new Set<number>([future]);
    let level = [future];
    for (let length = 0; length < longestChain && level.length > 0; length++) {
      const next: number[] = [];
      for (const one of level) {
        for (const task of this.#waiting.get(one) ?? []) found.add(task);
        for (const callback of this.#callbacks.of(one)) this.#follow(callback, { found, seen, next });
      }
      level = next;
    }
    found.delete(future);
    return [...found];
  }

  #follow({ task, name, futures }: Callback, { found, seen, next }: Search): void {
    if (task !== 0) found.add(task);
    if (backwards.includes(name)) return;
    for (const other of futures) {
      if (seen.has(other) || seen.size >= mostFutures || !this.#callbacks.isFuture(other)) continue;
      // Those who wait for a task are its own affair.
      if (this.#callbacks.isTask(other)) continue;
      seen.add(other);
      next.push(other);
    }
  }
}

interface Search {
  readonly found: Set<number>;
  readonly seen: Set<number>;
  readonly next: number[];
}
