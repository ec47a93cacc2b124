import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import { eachInSteps, type Steps } from '../../memory/steps.js';
import type { RequestInHand } from './request-in-hand.js';

/** Requests whose frames are on no stack now but may be again. */
const mostSuspended = 10_000;
/** That are looked up in one step. */
const lookedUpTogether = 1024;

/** The requests that coroutines have in hand, by the frame that has it and by the task. */
export class CoroutineRequests {
  /** By address of the frame, the longest known first. */
  readonly #byFrame = new Map<number, RequestInHand>();
  /** By address of the task. */
  readonly #byTask = new Map<number, RequestInHand>();

  get size(): number {
    return this.#byFrame.size;
  }

  at(frame: number): RequestInHand | undefined {
    return this.#byFrame.get(frame);
  }

  /** The last one that a task had in hand, or one that lay there before it. */
  ofTask(task: number): RequestInHand | undefined {
    return this.#byTask.get(task);
  }

  /** From now on its frame is of this one. */
  add(request: RequestInHand): void {
    this.delete(this.#byFrame.get(request.frame));
    this.#byFrame.set(request.frame, request);
    if (this.#byFrame.size > mostSuspended) this.delete(this.#byFrame.values().next().value);
  }

  /** `isWhole`: its frame is that of the task's own coroutine. */
  setTask(request: RequestInHand, { address, name }: ReadTask | TaskName, isWhole: boolean): void {
    request.task = address;
    request.taskName = name;
    request.isWholeTask = isWhole;
    this.#byTask.set(address, request);
  }

  delete(request: RequestInHand | undefined): void {
    if (!request) return;
    if (this.#byFrame.get(request.frame) === request) this.#byFrame.delete(request.frame);
    if (this.#byTask.get(request.task) === request) this.#byTask.delete(request.task);
  }

  /** Of all tasks that there were at the tick of that time: the requests of others are over. */
  *keepOnly(tasks: readonly ReadTask[], now: number): Steps<void> {
    const names = new Map<number, string>();
    yield* eachInSteps(tasks, lookedUpTogether, ({ address, name }) => names.set(address, name));
    yield* eachInSteps(this.#byFrame.values(), lookedUpTogether, (request) => {
      if (names.get(request.task) === request.taskName) return;
      if (request.seenAt > now || (request.task === 0 && request.seenAt >= now)) return;
      this.delete(request);
    });
  }
}

export interface TaskName {
  readonly address: number;
  readonly name: string;
}
