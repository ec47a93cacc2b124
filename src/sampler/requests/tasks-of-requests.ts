import type { RequestInHand } from './request-in-hand.js';

/** What is known of the tasks that have requests in hand. */
export interface TasksOfRequests {
  /** Whether there are any. */
  readonly areThere: boolean;
  /**
   * The request of the task that waits for a future; `undefined`: there is none, `unknown`: it changed while it was
   * read. `known`: the tasks that wait for it, where that is known.
   */
  awaiting(future: number, known?: readonly number[]): RequestInHand | 'unknown' | undefined;
  /**
   * Looks at all tasks and learns their requests, where that takes no longer than for a few of them: addresses of tasks
   * by what they wait for at this moment. `now`: microseconds.
   */
  waitingNow(now: number): ReadonlyMap<number, readonly number[]>;
  /** Addresses of the tasks that wait for a future. */
  allAwaiting(future: number): readonly number[];
  /** Address of the task that runs and whose outermost frame that is; 0: none. */
  runningWith(frame: number): number;
  /** Empty when it cannot be read. */
  nameOf(task: number): string;
  /** Address of the future that the task waits for at this moment; 0: none. */
  waiterOf(task: number): number;
}

/** Of a Python without asyncio. */
export const noTasks: TasksOfRequests = {
  areThere: false,
  awaiting: () => undefined,
  waitingNow: () => new Map(),
  allAwaiting: () => [],
  runningWith: () => 0,
  nameOf: () => '',
  waiterOf: () => 0,
};
