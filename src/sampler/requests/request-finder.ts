import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import type { Layout } from '../../cpython/layout.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import type { Anchor } from '../../frameworks/request-anchors.js';
import { PathNames } from '../../frameworks/route-names.js';
import type { ReadPlan } from '../../memory/read-plan.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { requestContext, routeContext } from '../../model/context.js';
import type { NodeId } from '../../model/ids.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import type { CodeTable } from '../code-table.js';
import { ObjectWatch } from '../evidence/object-watch.js';
import { emptyNode, type StackTree } from '../stacks/stack-tree.js';
import {
  type AnchoredFrames,
  AnchorsOfStacks,
  type FoundAnchor,
  slotThatTells,
} from './anchors-of-stacks.js';
import { contentOf, isSameContent, mostContent } from './object-content.js';
import {
  firstRetryAfter,
  isDue,
  isOfTask,
  newRequest,
  type RequestInHand,
  type RequestNumbers,
  setName,
  setTask,
} from './request-in-hand.js';
import { RequestReader } from './request-reader.js';
import { isStillThere } from './still-there.js';
import { noTasks, type TasksOfRequests } from './tasks-of-requests.js';

/** Objects that are watched at once: one for each thread that serves a request. */
const mostWatched = 64;
/** Requests whose frames are on no stack now but may be again: those of coroutines. */
const mostSuspended = 10_000;

/** Futures that are remembered as nobody's. */
const mostVain = 1000;

export interface RequestFinderParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly tree: StackTree;
  readonly codes: CodeTable;
  readonly encoder: Pick<RecordingEncoder, 'defineContext'>;
  readonly numbers: RequestNumbers;
  readonly anchors: readonly Anchor[];
  /** Microseconds, as the times of ticks. */
  readonly clock: () => number;
}

/** A thread whose stack was found. */
export interface RequestThread {
  readonly stack: ThreadStack;
  readonly node: NodeId;
  readonly currentFrame: number;
  request: RequestInHand | undefined;
  /** The one before its stack had none in hand, which a stack that was cut short does not have. */
  before: RequestInHand | undefined;
}

/**
 * Says at each sample which request a thread has in hand.
 *
 * Which stacks have a frame with a request is known (`AnchorsOfStacks`), where that frame lies is seen in the tick's
 * copy, and so is the reference in its variable. While frame and reference are the same, so is the request, but for one
 * thing: the next request finds all its objects where those of this one were. So the object that differs is copied with
 * every tick and compared, where the anchor names one.
 */
export class RequestFinder {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #search: FrameSearch;
  readonly #parts: RequestFinderParts;
  readonly #encoder: RequestFinderParts['encoder'];
  readonly #numbers: RequestNumbers;
  readonly #anchors: AnchorsOfStacks;
  readonly #reader: RequestReader;
  readonly #watch = new ObjectWatch(mostContent, mostWatched);
  readonly #addresses = new Float64Array(16);
  readonly #codes = new WeakMap<AnchoredFrames, readonly number[]>();
  /** Those in coroutines, by address of the frame, the longest known first. */
  readonly #suspended = new Map<number, RequestInHand>();

  /** Readings of tasks whose route was compared with that of their request. */
  readonly #verified = new WeakSet<ReadTask>();
  /** By the address of a future of which it was not found who waits for it: when to look again. */
  readonly #vainUntil = new Map<number, number>();

  constructor(parts: RequestFinderParts) {
    const { memory, layout, encoder, numbers } = parts;
    this.#memory = memory;
    this.#layout = layout;
    this.#search = new FrameSearch(layout);
    this.#parts = parts;
    this.#encoder = encoder;
    this.#numbers = numbers;
    this.#anchors = new AnchorsOfStacks(parts);
    this.#reader = new RequestReader(memory, layout, new PathNames());
  }

  tasks: TasksOfRequests = noTasks;

  /** Whether some request is in a coroutine. */
  get hasResumed(): boolean {
    return this.#suspended.size > 0;
  }

  /** Whether the plan of the next tick must be made again. */
  get changed(): boolean {
    return this.#watch.changed;
  }

  addTo(plan: ReadPlan): void {
    this.#watch.addTo(plan);
  }

  /** As `StackReader.drop`. */
  drop(address: number, length: number): boolean {
    return this.#watch.drop(address, length);
  }

  review(now: number): void {
    this.#watch.review(now);
  }

  /**
   * The context of a thread's sample; `within`: the one that it has anyway. `words`: the copy in which its stack was
   * found, `undefined` when it was read again after that.
   */
  contextOf(thread: RequestThread, words: Uint32Array | undefined, within: number, now: number): number {
    const frames = thread.node > emptyNode ? this.#anchors.of(thread.node) : noFrames;
    if (frames.length === 0) {
      // Of others it could not be told whether it is the same or the next one.
      if (thread.request?.content) thread.before = thread.request;
      thread.request = undefined;
      return within;
    }
    // The stack is one of a moment before, and the next request may have begun.
    if (!this.#locate(thread, words, frames)) return this.#unknownWithin(within);
    const found = this.#requestOf(thread, words, frames, now);
    const isKnown = found === undefined || (found === thread.request && found.task !== 0);
    const request = isKnown ? found : this.#orNext(found, frames, now);
    const isNew = request !== undefined && request !== thread.request;
    thread.request = request;
    if (!request) return within;
    if (isNew && !isStillThere(this.#parts, thread, now)) {
      thread.request = undefined;
      return this.#unknownWithin(within);
    }
    if (isDue(request, frames.length, now)) {
      // It takes longer than all else. What comes too late is asked for again with the next sample.
      const name = this.#reader.read(frames, this.#addresses);
      if (isStillThere(this.#parts, thread, now)) setName(request, name, frames.length, now);
    }
    request.seenAt = now;
    request.labels = within;
    return this.contextWithin(request, within);
  }

  #locate(
    { stack, currentFrame }: RequestThread,
    words: Uint32Array | undefined,
    frames: AnchoredFrames,
  ): boolean {
    let codes = this.#codes.get(frames);
    if (!codes) {
      codes = frames.map(({ code }) => code);
      this.#codes.set(frames, codes);
    }
    const found = words
      ? this.#search.inCopy(stack.regions, words, currentFrame, codes, this.#addresses)
      : this.#search.inMemory(this.#memory, stack.threadState, codes, this.#addresses);
    return found === codes.length;
  }

  #requestOf(
    thread: RequestThread,
    words: Uint32Array | undefined,
    frames: AnchoredFrames,
    now: number,
  ): RequestInHand | undefined {
    let at = frames.length - 1;
    // A thread of a pool: what it runs may itself be a server.
    while (at > 0 && frames[at]!.anchor.future) at--;
    const outermost = frames[at]!;
    const frame = this.#addresses[at]!;
    if (outermost.anchor.future) return this.#requestOfFuture(thread, outermost, frame, now);
    const reference = this.#reference(thread, words, outermost, frame);
    const last = outermost.isResumed ? this.#suspended.get(frame) : lastAt(thread, frame);
    // Not set yet, so it is set now.
    if (last?.reference === 0 && reference > 0) {
      this.#setReference(last, reference, outermost);
      if (!isStillThere(this.#parts, thread, now)) last.reference = 0;
      if (last.reference === 0) return last;
    }
    const isSame =
      last && this.#isSame(last, reference, words, now) && (last === thread.request || this.#isContent(last));
    if (!outermost.isResumed) return isSame ? last : this.#begin(reference, outermost, frame, now);
    return this.#requestOfCoroutine(isSame ? last : undefined, reference, outermost, frame, now);
  }

  /**
   * The next coroutine has its frame where that of the one before was, but its task has another name. Only a task that
   * runs with this frame proves that: the stack is one of a moment before.
   */
  #requestOfCoroutine(
    last: RequestInHand | undefined,
    reference: number,
    outermost: FoundAnchor,
    frame: number,
    now: number,
  ): RequestInHand {
    if (last && last.task !== 0 && this.tasks.nameOf(last.task) === last.taskName) return last;
    const task = this.tasks.runningWith(frame);
    const name = task === 0 ? '' : this.tasks.nameOf(task);
    const isNext = last && name !== '' && last.task !== 0;
    const request = last && !isNext ? last : this.#begin(reference, outermost, frame, now);
    if (name !== '') setTask(request, task, name);
    return request;
  }

  /** This request, or the next one in its frame: the route that was chosen is another one. */
  #orNext(request: RequestInHand, frames: AnchoredFrames, now: number): RequestInHand {
    const outermost = frames.at(-1)!;
    if (!outermost.isResumed || !request.name.isFinal) return request;
    const { route, isFinal } = this.#reader.read(frames, this.#addresses);
    if (!isFinal || route === request.name.route) return request;
    const frame = this.#addresses[frames.length - 1]!;
    return this.#begin(this.#referenceNow(outermost, frame), outermost, frame, now);
  }

  /** That of the task which waits for what a worker thread does, as far as it is known. */
  #requestOfFuture(
    thread: RequestThread,
    anchored: FoundAnchor,
    frame: number,
    now: number,
  ): RequestInHand | undefined {
    const future = this.#reader.objectAt(anchored, frame, anchored.anchor.future);
    const last = thread.request;
    if (last?.future === future && this.isStill(last) && this.tasks.waiterOf(last.task) === last.waiter) {
      last.workedAt = now;
      return last;
    }
    if (future === 0 || now < (this.#vainUntil.get(future) ?? 0)) return undefined;
    const request = this.tasks.awaiting(future);
    if (request) {
      request.future = future;
      request.waiter = this.tasks.waiterOf(request.task);
      request.workedAt = now;
    } else {
      if (this.#vainUntil.size >= mostVain) this.#vainUntil.clear();
      this.#vainUntil.set(future, now + firstRetryAfter);
    }
    return request;
  }

  /**
   * The request of a task; `undefined`: it has none in hand. Of a task that runs, the one that was found on its
   * thread's stack.
   */
  ofTask(task: ReadTask, now: number): RequestInHand | undefined {
    if (task.state === 'running') {
      const running = this.#suspended.get(task.outermostFrame);
      if (running?.task === 0) setTask(running, task.address, task.name);
      return running && isOfTask(running, task) ? running : undefined;
    }
    const frames = this.#anchors.ofCodes(task.frames.map(({ code }) => code));
    const outermost = frames.at(-1);
    if (!outermost) return undefined;
    for (const [at, { index }] of frames.entries()) this.#addresses[at] = task.frames[index]!.frame;
    const anchored = frames.map(({ found }) => found);
    const frame = this.#addresses[frames.length - 1]!;
    const known = this.#suspended.get(frame);
    if (known?.task === 0) setTask(known, task.address, task.name);
    // A task may have one request after another.
    const isSame = known && isOfTask(known, task) && this.#isContent(known);
    // One that is as it was has the same request.
    const isVerified = this.#verified.has(task);
    this.#verified.add(task);
    const request = isSame
      ? isVerified
        ? known
        : this.#orNext(known, anchored, now)
      : this.#begin(this.#referenceNow(outermost.found, frame), outermost.found, frame, now);
    setTask(request, task.address, task.name);
    request.seenAt = now;
    if (isDue(request, anchored.length, now))
      setName(request, this.#reader.read(anchored, this.#addresses), anchored.length, now);
    return request;
  }

  /** The requests of tasks that are no more are over. `isComplete`: these are all tasks. */
  endTasks(tasks: readonly ReadTask[], isComplete: boolean, now: number): void {
    // Coroutines of another library are none of its tasks.
    if (!isComplete || tasks.length === 0) return;
    const names = new Map(tasks.map(({ address, name }) => [address, name]));
    for (const [frame, request] of this.#suspended) {
      if (names.get(request.task) === request.taskName) continue;
      if (request.task === 0 && request.seenAt >= now) continue;
      this.#suspended.delete(frame);
    }
  }

  /** The reference in the variable that tells requests apart. */
  #reference(
    thread: RequestThread,
    words: Uint32Array | undefined,
    anchored: FoundAnchor,
    frame: number,
  ): number {
    const slot = slotThatTells(anchored);
    if (!slot) return 0;
    const { regions } = thread.stack;
    const copied = words ? this.#search.variableInCopy(regions, words, frame, slot.index) : -1;
    return copied >= 0 ? copied : this.#referenceNow(anchored, frame);
  }

  #referenceNow(anchored: FoundAnchor, frame: number): number {
    const slot = slotThatTells(anchored);
    return slot ? this.#search.variable(this.#memory, frame, slot.index) || 0 : 0;
  }

  #isSame(last: RequestInHand, reference: number, words: Uint32Array | undefined, now: number): boolean {
    if (reference !== last.reference) return false;
    const { watched, content } = last;
    if (!content) return true;
    const [low, high] = [watched % 0x1_0000_0000, Math.floor(watched / 0x1_0000_0000)];
    const at = this.#watch.offsetOf(low >>> 0, high);
    this.#watch.use(low >>> 0, high, now);
    if (at < 0 || !words) return this.#isContent(last);
    return isSameContent(content, words, at, this.#layout);
  }

  /** Whether the request of a task is not over, read now. */
  isStill(request: RequestInHand): boolean {
    const { task, taskName } = request;
    return this.#isContent(request) && (task === 0 || this.tasks.nameOf(task) === taskName);
  }

  /** Whether the object that differs is still the same, read now. */
  #isContent({ watched, content }: RequestInHand): boolean {
    if (!content) return true;
    const now = contentOf(this.#memory, this.#layout, watched);
    return now !== undefined && now.length === content.length && isSameContent(content, now, 0, this.#layout);
  }

  #begin(reference: number, outermost: FoundAnchor, frame: number, now: number): RequestInHand {
    const request = newRequest(`${this.#numbers.next++}`, frame, now);
    if (reference > 0) this.#setReference(request, reference, outermost);
    if (!outermost.isResumed) return request;
    // For when its frame is entered again.
    this.#suspended.delete(frame);
    this.#suspended.set(frame, request);
    if (this.#suspended.size > mostSuspended) this.#suspended.delete(this.#suspended.keys().next().value!);
    return request;
  }

  #setReference(request: RequestInHand, reference: number, anchor: FoundAnchor): void {
    request.reference = reference;
    const watched = this.#reader.objectAt(anchor, request.frame, anchor.anchor.differs);
    request.content = contentOf(this.#memory, this.#layout, watched);
    request.watched = request.content ? watched : 0;
  }

  /** The recording's number of some request, it is not known which. */
  #unknownWithin(outer: number): number {
    return this.#encoder.defineContext({ kind: requestContext, values: {}, outer });
  }

  /** The recording's number of a request within another context. */
  contextWithin(request: RequestInHand, within: number): number {
    if (request.within === within) return request.context;
    const { route } = request.name;
    const ofRoute =
      route === undefined
        ? within
        : this.#encoder.defineContext({ kind: routeContext, values: { route }, outer: within });
    const values = { request: request.number };
    request.context = this.#encoder.defineContext({ kind: requestContext, values, outer: ofRoute });
    request.within = within;
    return request.context;
  }
}

const noFrames: AnchoredFrames = [];

function lastAt({ request, before }: RequestThread, frame: number): RequestInHand | undefined {
  return [request ?? before].find((last) => last?.frame === frame);
}
