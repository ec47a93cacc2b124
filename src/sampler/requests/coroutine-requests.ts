import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import type { RequestInHand } from './request-in-hand.js';

/** Requests whose frames are on no stack now but may be again. */
const mostSuspended = 10_000;

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

  /** Of all tasks that there are: the requests of others are over. */
  keepOnly(tasks: readonly ReadTask[], now: number): void {
    const names = new Map(tasks.map(({ address, name }) => [address, name]));
    for (const request of this.#byFrame.values()) {
      if (names.get(request.task) === request.taskName) continue;
      if (request.task === 0 && request.seenAt >= now) continue;
      this.delete(request);
    }
  }
}

export interface TaskName {
  readonly address: number;
  readonly name: string;
}
