import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import type { Layout } from '../../cpython/layout.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { Anchor } from '../../frameworks/request-anchors.js';
import { PathNames } from '../../frameworks/route-names.js';
import type { Steps } from '../../memory/steps.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { requestContext, routeContext } from '../../model/context.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import type { CodeTable } from '../code-table.js';
import type { StackTree } from '../stacks/stack-tree.js';
import {
  type AnchoredFrames,
  AnchorsOfStacks,
  codesOf,
  type FoundAnchor,
  outermostOf,
  slotThatTells,
} from './anchors-of-stacks.js';
import { CoroutineRequests } from './coroutine-requests.js';
import { PoolRequests } from './pool-requests.js';
import { RequestContents } from './request-contents.js';
import {
  isDue,
  isOfTask,
  newRequest,
  type RequestInHand,
  type RequestNumbers,
  setName,
} from './request-in-hand.js';
import { type RequestName, RequestReader } from './request-reader.js';
import { lastAt, type RequestThread, setAside } from './request-thread.js';
import { type LookMoment, ThreadProofs } from './still-there.js';
import { noTasks, type TasksOfRequests } from './tasks-of-requests.js';

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
  readonly moment: LookMoment;
}

/**
 * Says at each sample which request a thread has in hand.
 *
 * Which stacks have a frame with a request is known (`AnchorsOfStacks`), where that frame lies is seen in the tick's
 * copy, and so is the reference in its variable. While frame and reference are the same, so is the request, but for one
 * thing: the next request finds all its objects where those of this one were. So the object that differs is copied with
 * every tick and compared, where the anchor names one. Elsewhere the route is, if there is one.
 */
export class RequestFinder {
  readonly #memory: TargetMemory;
  readonly #search: FrameSearch;
  readonly #encoder: RequestFinderParts['encoder'];
  readonly #numbers: RequestNumbers;
  readonly #anchors: AnchorsOfStacks;
  readonly #reader: RequestReader;
  readonly contents: RequestContents;
  readonly #proofs: ThreadProofs;
  tasks: TasksOfRequests = noTasks;
  readonly #addresses = new Float64Array(16);
  readonly #coroutines = new CoroutineRequests();
  /** Readings of tasks whose route was compared with that of their request. */
  readonly #verified = new WeakSet<ReadTask>();
  /** What was read of a task's request after its frames, so that it may be of another one. */
  readonly #unconfirmed = new Map<ReadTask, Unconfirmed>();
  readonly pools: PoolRequests;

  constructor(parts: RequestFinderParts) {
    const { memory, layout, encoder, numbers } = parts;
    this.#memory = memory;
    this.#search = new FrameSearch(layout);
    this.#encoder = encoder;
    this.#numbers = numbers;
    this.#anchors = new AnchorsOfStacks(parts);
    this.#reader = new RequestReader(memory, layout, new PathNames());
    const { pages } = this.#reader;
    this.contents = new RequestContents(memory, pages, layout);
    this.#proofs = new ThreadProofs({ ...parts, pages });
    this.pools = new PoolRequests({
      ...{ memory, search: this.#search, reader: this.#reader, contents: this.contents },
      ...{ clock: parts.clock, moment: parts.moment },
      tasks: () => this.tasks,
    });
  }

  /** Whether some request is in a coroutine. */
  get hasResumed(): boolean {
    return this.#coroutines.size > 0;
  }

  /**
   * The context of a thread's sample; `within`: the one that it has anyway. `words`: the copy in which its stack was
   * found, `undefined` when it was read again after that.
   */
  contextOf(thread: RequestThread, words: Uint32Array | undefined, within: number, now: number): number {
    const frames = this.#anchors.of(thread.node);
    if (frames.length === 0) {
      setAside(thread, undefined);
      thread.ask.found();
      return within;
    }
    const found = this.#inHand(thread, words, frames, now);
    const request = found === 'unknown' ? undefined : found;
    setAside(thread, request);
    if (request?.name.route === undefined)
      thread.ask.missed(
        this.pools.missing || thread.currentFrame,
        now,
        found === 'unknown' ? found : undefined,
      );
    else thread.ask.found();
    if (!request) return found === 'unknown' ? this.#unknownWithin(within) : within;
    request.seenAt = now;
    request.labels = within;
    return this.contextWithin(request, within);
  }

  /** `unknown`: it has one, it is not known which; `undefined`: it works for nobody. */
  #inHand(
    thread: RequestThread,
    words: Uint32Array | undefined,
    frames: AnchoredFrames,
    now: number,
  ): RequestInHand | 'unknown' | undefined {
    this.pools.begin();
    this.#reader.beginMoment();
    this.#proofs.begin();
    // The stack is one of a moment before, and the next request may have begun.
    if (!this.#locate(thread, words, frames)) return 'unknown';
    const found = this.#requestOf(thread, words, frames, now);
    if (!found || found === 'unknown') return found;
    const isSeen = found === thread.request && found.task !== 0;
    const request = isSeen ? found : this.#orNext(found, frames, now);
    // Frames that were not found in the copy may by now be those of another greenlet.
    const isProven = (request === thread.request && words !== undefined) || this.pools.isProven;
    if (!isProven && !this.#proofs.isStillThere(thread, now)) return 'unknown';
    if (isDue(request, frames.length, now)) {
      // It takes longer than all else. What comes too late is asked for again with the next sample.
      this.#proofs.readAhead(thread, frames[outermostOf(frames)]!.anchor);
      const name = this.#reader.read(frames, this.#addresses);
      // Its thread may be back in the same functions meanwhile, for another request.
      const isOfThis =
        this.#proofs.isStillThere(thread, now) &&
        this.#proofs.areThere(thread, codesOf(frames), this.#addresses);
      if (isOfThis && this.isStill(request, this.#proofs.memoryOf(thread)))
        setName(request, name, frames.length, now);
    }
    return request;
  }

  #locate(
    { stack, currentFrame }: RequestThread,
    words: Uint32Array | undefined,
    frames: AnchoredFrames,
  ): boolean {
    const codes = codesOf(frames);
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
  ): RequestInHand | 'unknown' | undefined {
    const at = outermostOf(frames);
    const outermost = frames[at]!;
    const frame = this.#addresses[at]!;
    if (outermost.anchor.future) return this.pools.of(thread, words, outermost, frame, now);
    const reference = this.#reference(thread, words, outermost, frame);
    const last = outermost.isResumed ? this.#coroutines.at(frame) : lastAt(thread, frame);
    // Not set yet, so it is set now.
    if (last?.reference === 0 && reference > 0) {
      this.#setReference(last, reference, outermost);
      if (!this.#proofs.isStillThere(thread, now)) last.reference = 0;
      if (last.reference === 0) return last;
    }
    const isSame =
      last?.reference === reference &&
      this.contents.isIn(last, words, now) &&
      (last === thread.request || this.contents.isStill(last));
    if (!outermost.isResumed) {
      if (isSame) return last;
      this.#proofs.readAhead(thread, outermost);
      return this.#begin(reference, outermost, frame, now);
    }
    return this.#requestOfCoroutine(isSame ? last : undefined, reference, outermost, frame, now);
  }

  /**
   * The next coroutine has its frame where that of the one before was, but its task has another name. Of one whose task
   * is not known, nothing but its content tells that it is still the same.
   */
  #requestOfCoroutine(
    last: RequestInHand | undefined,
    reference: number,
    outermost: FoundAnchor,
    frame: number,
    now: number,
  ): RequestInHand | 'unknown' {
    const { tasks } = this;
    if (last && last.task !== 0 && tasks.nameOf(last.task) === last.taskName) return last;
    const task = tasks.runningWith(frame);
    const name = task === 0 ? '' : tasks.nameOf(task);
    const isSame = last && last.task === 0 && (last.content !== undefined || !tasks.areThere);
    // Its step is over, or it is within another coroutine: it is known once it is seen among the tasks.
    if (name === '' && !isSame && tasks.areThere) return 'unknown';
    const request = isSame ? last : this.#begin(reference, outermost, frame, now);
    if (name !== '') this.#coroutines.setTask(request, { address: task, name }, true);
    return request;
  }

  /** This request, or the next one in its frame: where nothing else tells, the route that was chosen does. */
  #orNext(request: RequestInHand, frames: AnchoredFrames, now: number): RequestInHand {
    if (request.isWholeTask || request.content) return request;
    const at = outermostOf(frames);
    const outermost = frames[at]!;
    if (!isRouteKnown(request, frames, outermost.isResumed)) return request;
    if (request.bytesOfRoute?.areIn(this.#memory)) return request;
    const { route, isFinal } = this.#reader.read(frames, this.#addresses);
    if (route === request.name.route && !outermost.isResumed)
      request.bytesOfRoute = this.#reader.bytesOfRoute(frames, this.#addresses);
    if (route === undefined || route === request.name.route) return request;
    if (outermost.isResumed ? !isFinal : !this.#isRoute(route, frames)) return request;
    const frame = this.#addresses[at]!;
    return this.#begin(this.#referenceNow(outermost, frame), outermost, frame, now);
  }

  /** Read once more: it may have been written just then. */
  #isRoute(route: string, frames: AnchoredFrames): boolean {
    this.#reader.beginMoment();
    return this.#reader.read(frames, this.#addresses).route === route;
  }

  /** The last request that was seen in the hands of a task at that address, if it is not over. */
  lastOfTask(task: number): RequestInHand | undefined {
    const last = this.#coroutines.ofTask(task);
    return last && this.isStill(last) ? last : undefined;
  }

  /**
   * The request of a task as it was read `now`, microseconds, or lately; `undefined`: it has none in hand. Of a task
   * that runs, the one that was found on its thread's stack. To be confirmed, where it is among the `unconfirmed`.
   */
  ofTask(task: ReadTask, now: number): RequestInHand | undefined {
    if (task.state === 'running') {
      const running = this.#coroutines.at(task.outermostFrame);
      return running && isOfTask(running, task) ? running : undefined;
    }
    const frames = this.#anchors.ofCodes(task.frames.map(({ code }) => code));
    const outermost = frames.at(-1);
    if (!outermost) return undefined;
    this.#reader.beginMoment();
    for (const [at, { index }] of frames.entries()) this.#addresses[at] = task.frames[index]!.frame;
    const anchored = frames.map(({ found }) => found);
    const frame = this.#addresses[frames.length - 1]!;
    const isWhole = frame === task.outermostFrame;
    const known = this.#coroutines.at(frame);
    // A thread was seen to begin it there meanwhile: the task had another one.
    if (known && known.beganAt > now) return undefined;
    if (known?.task === 0 && known.content) this.#coroutines.setTask(known, task, isWhole);
    // A task may have one request after another.
    const isSame = known && isOfTask(known, task) && this.contents.isStill(known);
    // One that is as it was has the same request.
    const isVerified = this.#verified.has(task);
    this.#verified.add(task);
    const request = isSame
      ? isVerified
        ? known
        : this.#orNext(known, anchored, now)
      : this.#begin(this.#referenceNow(outermost.found, frame), outermost.found, frame, now);
    this.#coroutines.setTask(request, task, isWhole);
    request.seenAt = now;
    const name = isDue(request, anchored.length, now) && this.#reader.read(anchored, this.#addresses);
    if (request !== known || name)
      this.#unconfirmed.set(task, { request, isNew: request !== known, name, frames: anchored.length });
    return request;
  }

  /** Tasks of which something was read that is of their requests only if they are as they were. */
  get unconfirmed(): ReadonlyMap<ReadTask, unknown> {
    return this.#unconfirmed;
  }

  /** `same`: tasks that are as they were, after what was read of their requests. */
  confirm(same: ReadonlySet<ReadTask>, now: number): void {
    for (const [task, { request, isNew, name, frames }] of this.#unconfirmed) {
      if (!same.has(task)) {
        if (isNew) this.#coroutines.delete(request);
      } else if (name) setName(request, name, frames, now);
    }
    this.#unconfirmed.clear();
  }

  /** The requests of tasks that are no more are over. `isComplete`: these were all tasks at the tick of that time. */
  *endTasks(tasks: readonly ReadTask[], isComplete: boolean, now: number): Steps<void> {
    // Coroutines of another library are none of its tasks.
    if (isComplete && tasks.length > 0) yield* this.#coroutines.keepOnly(tasks, now);
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

  /** Whether the request of a task is not over, read now; its content, as that memory has it. */
  isStill(request: RequestInHand, memory?: TargetMemory): boolean {
    const { task, taskName } = request;
    return this.contents.isStill(request, memory) && (task === 0 || this.tasks.nameOf(task) === taskName);
  }

  #begin(reference: number, outermost: FoundAnchor, frame: number, now: number): RequestInHand {
    this.#reader.pages.fetch(outermost);
    const request = newRequest(`${this.#numbers.next++}`, frame, now);
    if (reference > 0) this.#setReference(request, reference, outermost);
    // For when its frame is entered again.
    if (outermost.isResumed) this.#coroutines.add(request);
    return request;
  }

  #setReference(request: RequestInHand, reference: number, anchor: FoundAnchor): void {
    request.reference = reference;
    const watched = this.#reader.objectAt(anchor, request.frame, anchor.anchor.differs);
    this.contents.set(request, watched);
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

/**
 * Whether these frames say what the route is, so that another one is that of another request. Of a function that runs
 * from its beginning to its end that is so once its framework chose, and with as many frames as its name was read of:
 * a server knows less, and an application that is called within may have routes of its own.
 */
function isRouteKnown(
  { name, framesRead }: RequestInHand,
  frames: AnchoredFrames,
  isResumed: boolean,
): boolean {
  if (isResumed) return name.isFinal;
  const hasRoutes = frames.some(({ anchor }) => anchor.route.length > 0);
  return hasRoutes && name.route !== undefined && framesRead === frames.length;
}

interface Unconfirmed {
  readonly request: RequestInHand;
  /** It was not known before. */
  readonly isNew: boolean;
  /** What was read of it. */
  readonly name: RequestName | false;
  /** How many frames had it in hand. */
  readonly frames: number;
}
