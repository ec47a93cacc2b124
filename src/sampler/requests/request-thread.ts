import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import type { NodeId } from '../../model/ids.js';
import type { ThreadActivity } from '../thread-activity.js';
import type { FoundAnchor } from './anchors-of-stacks.js';
import type { AskAgain } from './ask-again.js';
import type { RequestInHand } from './request-in-hand.js';

/** Requests of one thread that may come back. */
const mostBefore = 1000;

/** What a thread of a pool does, and for which task. */
export interface PoolCall {
  readonly anchored: FoundAnchor;
  /** Address of the frame that has the future in a variable. */
  readonly frame: number;
  /** The future that the thread completes; 0: it does nothing. */
  future: number;
  /** The task that waits for it, its name, and what it waits for itself; 0: there is none. */
  task: number;
  name: string;
  waiter: number;
  /** Of the copy in which the thread did this for certain. */
  provenAt: number;
}

/** A thread whose stack was found. */
export interface RequestThread {
  readonly stack: ThreadStack;
  readonly node: NodeId;
  readonly currentFrame: number;
  readonly activity: Pick<ThreadActivity, 'hasStood'>;
  request: RequestInHand | undefined;
  /** Of a thread of a pool, what it does; and the request that it was found to work for last. */
  pool: PoolCall | undefined;
  worksFor: RequestInHand | undefined;
  /**
   * Others that it had in hand, by their frames: a stack that was cut short does not have one, and greenlets take turns
   * on a thread. Only what tells one from the next says whether it is the same still.
   */
  readonly before: Map<number, RequestInHand>;
  readonly ask: AskAgain;
}

/** What the thread had in hand last in a frame. */
export function lastAt({ request, before }: RequestThread, frame: number): RequestInHand | undefined {
  return request?.frame === frame ? request : before.get(frame);
}

/** The thread has another request in hand, or none, and the one that it had may come back. */
export function setAside(thread: RequestThread, next: RequestInHand | undefined): void {
  const { request, before } = thread;
  thread.request = next;
  if (!request?.content || request === next || request.task !== 0) return;
  before.delete(request.frame);
  before.set(request.frame, request);
  if (before.size > mostBefore) before.delete(before.keys().next().value!);
}
