import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import type { NodeId } from '../../model/ids.js';
import type { ThreadActivity } from '../thread-activity.js';
import type { AskAgain } from './ask-again.js';
import type { RequestInHand } from './request-in-hand.js';

/** Requests of one thread that may come back. */
const mostBefore = 1000;

/** A thread whose stack was found. */
export interface RequestThread {
  readonly stack: ThreadStack;
  readonly node: NodeId;
  readonly currentFrame: number;
  readonly activity: Pick<ThreadActivity, 'hasStood'>;
  request: RequestInHand | undefined;
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
