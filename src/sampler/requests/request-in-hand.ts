import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import type { KnownBytes } from '../../memory/known-bytes.js';
import { noContext } from '../../model/context.js';
import type { ObjectContent } from './object-content.js';
import type { RequestName } from './request-reader.js';

/** Microseconds until a route that is not known is looked for again, at first. */
const firstRetryAfter = 1000;
/** The same at most. */
const retryAtMost = 1e6;

/** Numbers requests of all processes of a recording, from 1. */
export interface RequestNumbers {
  next: number;
}

/** A request as it was last seen. */
export interface RequestInHand {
  readonly number: string;
  /** When it was seen first; microseconds. */
  readonly beganAt: number;
  /**
   * Address of its outermost frame that is known to have it in hand, and that frame's reference to it; 0: not set yet.
   */
  readonly frame: number;
  reference: number;
  /** Address of the object that is another one for each request, 0 for none, and its beginning. */
  watched: number;
  content: ObjectContent | undefined;
  name: RequestName;
  /** What its route was read of: while that is the same, so is the route. */
  bytesOfRoute: KnownBytes | undefined;
  /** How many frames had it in hand when its name was read last; when to read it again. */
  framesRead: number;
  retryAt: number;
  retryAfter: number;
  /** The recording's number of it, and of what that is within. */
  context: number;
  within: number;
  /** Of a coroutine, the task that it is of, and its name; 0 while that is not known. */
  task: number;
  taskName: string;
  /** That task has no other request, since its own coroutine has this one in hand. */
  isWholeTask: boolean;
  /** When it was seen last, on a stack or among the tasks; microseconds. */
  seenAt: number;
  /** Of one that a worker thread works for: the future that this completes; 0: none. */
  future: number;
  /** What its task waits for while a thread works for it. */
  waiter: number;
  /** What it was within when it was seen on a thread. */
  labels: number;
}

/** One of which nothing is known yet. */
export function newRequest(number: string, frame: number, now: number): RequestInHand {
  return {
    ...{
      number,
      beganAt: now,
      frame,
      reference: 0,
      watched: 0,
      content: undefined,
      bytesOfRoute: undefined,
      future: 0,
      waiter: 0,
      seenAt: now,
    },
    ...{ name: { route: undefined, isFinal: false }, framesRead: 0, retryAt: 0, retryAfter: firstRetryAfter },
    ...{ context: 0, within: -1, labels: noContext, task: 0, taskName: '' },
    isWholeTask: false,
  };
}

export function isOfTask({ task, taskName }: RequestInHand, { address, name }: ReadTask): boolean {
  return task === address && taskName === name;
}

/** What was read of it now, when so many of its frames had it in hand. */
export function setName(request: RequestInHand, name: RequestName, frames: number, now: number): void {
  request.framesRead = Math.max(request.framesRead, frames);
  request.retryAt = now + request.retryAfter;
  request.retryAfter = Math.min(request.retryAfter * 4, retryAtMost);
  // What was known stays known: later frames may have less in hand.
  if (name.route === undefined || name.route === request.name.route) {
    request.name = { ...request.name, isFinal: request.name.isFinal || name.isFinal };
    return;
  }
  request.name = name;
  request.within = -1;
}

/** Whether its name is to be read: a frame further in may know more of it. */
export function isDue({ name, framesRead, retryAt }: RequestInHand, frames: number, now: number): boolean {
  return !name.isFinal && (now >= retryAt || frames > framesRead);
}
