import type { RequestInHand } from './request-in-hand.js';

/** What is known of the tasks that have requests in hand. */
export interface TasksOfRequests {
  /** Whether there are any. */
  readonly areThere: boolean;
  /** The request of the task that waits for a future, as far as that is known. `now`: microseconds. */
  awaiting(future: number, now: number): RequestInHand | undefined;
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
  runningWith: () => 0,
  nameOf: () => '',
  waiterOf: () => 0,
};
