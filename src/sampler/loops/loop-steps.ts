import type { Layout } from '../../cpython/layout.js';
import { attributeOf, typeName } from '../../cpython/objects/instances.js';
import { FrameSearch } from '../../cpython/stack/frame-search.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import { parseAnchor } from '../../frameworks/request-anchors.js';
import { isPointer } from '../../memory/pointers.js';
import type { ReadPlan } from '../../memory/read-plan.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { NodeId } from '../../model/ids.js';
import { shortestStep } from '../../model/profile.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import {
  type AnchorCodes,
  AnchorsOfStacks,
  type CodeTree,
  type FoundAnchor,
} from '../requests/anchors-of-stacks.js';
import { isWaitOfLoop, LoopRest, restSince } from './loop-rest.js';
import { ReadyQueue } from './ready-queue.js';

const loopFunction = '_run_once';
const anchors = ['asyncio/events.py:_run', `asyncio/base_events.py:${loopFunction}`].map(
  (frame) => parseAnchor({ frame, route: 'self' })!,
);

export interface LoopStepsParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly tree: CodeTree;
  readonly codes: AnchorCodes;
  readonly encoder: Pick<RecordingEncoder, 'longStep'>;
}

/** A thread whose stack was found. */
export interface LoopThread {
  /** The recording's number of it. */
  readonly id: number;
  readonly stack: ThreadStack;
  readonly node: NodeId;
  readonly currentFrame: number;
}

interface LoopState {
  /** Address of the loop. */
  loop: number;
  queue: ReadyQueue;
  readonly rest: LoopRest;
  /** Within a step at the last look, which was at `seenAt`; when the step was seen first. Microseconds. */
  isInStep: boolean;
  seenAt: number;
  startedAt: number;
}

/**
 * Which steps keep an event loop of asyncio for long: a step is one callback that the loop runs, such as a part of a
 * coroutine between two awaits. That two samples are of the same step is not seen in their stacks, since many short
 * steps of one function look alike. But the loop takes each from a queue that counts what is done with it: when nothing
 * was taken between two samples that are both within a step, it is one.
 */
export class LoopSteps {
  readonly #parts: LoopStepsParts;
  readonly #search: FrameSearch;
  readonly #anchors: AnchorsOfStacks;
  readonly #states = new Map<LoopThread, LoopState>();
  readonly #addresses = new Float64Array(1);
  /** The plan of the next tick must be made again. */
  changed = false;

  constructor(parts: LoopStepsParts) {
    this.#parts = parts;
    this.#search = new FrameSearch(parts.layout);
    this.#anchors = new AnchorsOfStacks({ ...parts, anchors });
  }

  /** To be called when a thread's stack was found. `words`: the copy that it was found in, if it was. */
  find(thread: LoopThread, words: Uint32Array | undefined): void {
    const frames = this.#anchors.of(thread.node);
    if (frames.length === 0 && this.#states.size === 0) return;
    const known = this.#states.get(thread);
    // The innermost loop, and what it runs.
    const at = frames.findIndex(({ anchor }) => anchor.name === loopFunction);
    const loop = at >= 0 && words ? this.#loopOf(thread, words, frames[at]!) : 0;
    // Where the copy does not have that frame, a step that was seen before goes on.
    const isOf = known && (loop === known.loop || (loop === 0 && known.isInStep && at > 0));
    if (known && !isOf) this.#end(thread, known);
    const state = isOf ? known : loop === 0 ? undefined : this.#begin(thread, loop);
    if (!state) return;
    state.isInStep = at > 0;
    state.rest.isInStep = state.isInStep;
    state.rest.isWaiting = isWaitOfLoop(this.#parts.tree.codeOf(thread.node)?.info);
  }

  /** Address of the loop; 0: the copy does not have it. */
  #loopOf({ stack, currentFrame }: LoopThread, words: Uint32Array, { code, slots }: FoundAnchor): number {
    const slot = slots.get('self');
    if (!slot || this.#search.inCopy(stack.regions, words, currentFrame, [code], this.#addresses) === 0)
      return 0;
    const self = this.#search.variableInCopy(stack.regions, words, this.#addresses[0]!, slot.index);
    const loop = self - (self % 8);
    return isPointer(loop) ? loop : 0;
  }

  #begin(thread: LoopThread, loop: number): LoopState | undefined {
    const { memory, layout } = this.#parts;
    const queue = attributeOf(memory, layout, loop, '_ready');
    if (!isPointer(queue) || typeName(memory, layout, queue) !== 'collections.deque') return undefined;
    const state: LoopState = {
      ...{ loop, queue: new ReadyQueue(layout, queue), rest: new LoopRest(), isInStep: false },
      ...{ seenAt: Number.NaN, startedAt: Number.NaN },
    };
    this.#states.set(thread, state);
    this.changed = true;
    return state;
  }

  addTo(plan: ReadPlan): void {
    this.changed = false;
    for (const { queue } of this.#states.values()) queue.addTo(plan);
  }

  /** As `StackReader.drop`. */
  drop(address: number, length: number): boolean {
    for (const [thread, state] of this.#states)
      if (state.queue.isWithin(address, length)) {
        this.#end(thread, state);
        return true;
      }
    return false;
  }

  /**
   * To be called after each tick with its copy, unless that was held up. Threads that were not found have not moved.
   */
  look(time: number, threads: readonly LoopThread[], words: Uint32Array): void {
    for (const [thread, state] of this.#states) {
      if (!threads.includes(thread)) {
        this.#end(thread, state);
        continue;
      }
      const isSame = state.queue.isUntouched(words);
      state.rest.copied(isSame, time);
      if (isSame === undefined) continue;
      if (!isSame || !state.isInStep) this.#close(thread, state);
      if (state.isInStep) {
        if (Number.isNaN(state.startedAt)) state.startedAt = time;
        state.seenAt = time;
      }
    }
  }

  /** As `restSince`, of the loops that are known. */
  restSince(loops: ReadonlySet<number>): number {
    return restSince(this.#states.values(), loops);
  }

  /** Whether no thread is within a step, which is as long as it is looked at. */
  get isIdle(): boolean {
    for (const { isInStep } of this.#states.values()) if (isInStep) return false;
    return true;
  }

  finish(): void {
    for (const [thread, state] of this.#states) this.#close(thread, state);
  }

  /** The thread runs no loop any more. */
  #end(thread: LoopThread, state: LoopState): void {
    this.#close(thread, state);
    this.#states.delete(thread);
    this.changed = true;
  }

  #close({ id }: LoopThread, state: LoopState): void {
    const { startedAt, seenAt } = state;
    state.startedAt = Number.NaN;
    if (id >= 0 && seenAt - startedAt >= shortestStep)
      this.#parts.encoder.longStep(id, startedAt, seenAt - startedAt);
  }
}
