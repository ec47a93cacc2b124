import type { ThreadStateInfo } from '../cpython/interpreters.js';
import type { Layout } from '../cpython/layout.js';
import { ThreadStack } from '../cpython/stack/thread-stack.js';
import { noContext } from '../model/context.js';
import type { NodeId } from '../model/ids.js';
import { RunFlag } from '../model/profile.js';
import { ReadingCount } from './evidence/proven-calls.js';
import type { InterpreterState } from './interpreter-state.js';
import { CheckedStack } from './name-check.js';
import { AskAgain } from './requests/ask-again.js';
import type { RequestInHand } from './requests/request-in-hand.js';
import type { PoolCall } from './requests/request-thread.js';
import { LastStack } from './stacks/last-stack.js';
import { emptyNode, noNode } from './stacks/stack-tree.js';
import type { StackOwner } from './stacks/take-reading.js';
import type { ThreadActivity } from './thread-activity.js';

/**
 * Looks at a new thread until it is taken for one without a name, each after four times the time of the one before,
 * 21 ms in all: a look takes 0.3 ms, and many a program imports `threading`, which has the names, long after it began.
 */
const looksAtNewThread = 4;
/** Microseconds from the first of these looks to the second. */
const firstPause = 1000;

/** Bits of `SampledThread.callState`. */
export const inCall = 1;
export const blocked = 2;
export const runs = 4;

export interface SampledInterpreter {
  readonly address: number;
  readonly id: number;
  readonly state: InterpreterState;
}

/** What is known of a thread when it is found in a list of thread states. */
export interface ThreadFacts {
  readonly state: ThreadStateInfo;
  readonly interpreter: SampledInterpreter;
  readonly threadId: number;
  readonly name: string;
  readonly activity: ThreadActivity;
}

/** A thread of the sampled process and what is known of it from one sample to the next. */
export class SampledThread implements StackOwner {
  readonly stack: ThreadStack;
  readonly last = new LastStack();
  readonly checked = new CheckedStack();
  readonly readings = new ReadingCount();
  readonly state: ThreadStateInfo;
  readonly activity: ThreadActivity;
  readonly threadId: number;
  /** The recording's number of the thread; -1: it has none, since it is part of its host or was not sampled yet. */
  id = -1;
  /** The same thread of the kernel in an outer interpreter, which this one runs within. */
  host: SampledThread | undefined;
  /** The other way round, outer ones first. */
  readonly inner: SampledThread[] = [];
  /**
   * Up to 3.12 the first thread state of an inner interpreter is used by whatever thread enters it: which one that is
   * is seen from stacks.
   */
  isShared = false;
  interpreter: SampledInterpreter;
  name: string;
  /** How often it was looked for in the list of threads until all that can be known of it was. */
  looks = 0;
  /** When it is to be looked for next, while not all is known of it; microseconds. */
  nextLook = 0;
  followedAt = Number.NEGATIVE_INFINITY;
  /** Node of the last sample; -1 while not known. */
  node: NodeId = noNode;
  /** Address of the current frame at the last sample. */
  currentFrame = -1;
  /** In this tick, what runs within it moved. */
  innerMoved = false;
  /** Ticks in a row in which no call was found that was not known. */
  quietTicks = 0;
  /** Of the current tick. */
  flags = 0;
  /** The recording's number of what it works for, and of the labels that this is within. */
  context = noContext;
  labels = noContext;
  taskStack = 0;
  task: string | undefined;
  /** The request that it has in hand. */
  request: RequestInHand | undefined;
  pool: PoolCall | undefined;
  worksFor: RequestInHand | undefined;
  readonly before = new Map<number, RequestInHand>();
  readonly ask = new AskAgain();
  /** What was known of the call that it stands at when its stack was found. */
  callState = 0;

  /**
   * Whether frames show which calls go on. Where they do not and there is no GIL, a thread that waits may do so between
   * two calls, until the collector lets it go on.
   */
  readonly #knowsCalls: boolean;

  constructor(layout: Layout, facts: ThreadFacts) {
    this.#knowsCalls = layout.frame.stackPointer >= 0;
    this.stack = new ThreadStack(layout, facts.state.address);
    this.state = facts.state;
    this.interpreter = facts.interpreter;
    this.threadId = facts.threadId;
    this.name = facts.name;
    this.activity = facts.activity;
  }

  /** A thread that is just starting has no id and no name yet: it is looked at again, a few times. */
  get isSettled(): boolean {
    return (this.threadId > 0 && this.name !== '') || this.looks >= looksAtNewThread;
  }

  /** To be called when it was found in the list again. */
  looked(timeMicros: number): void {
    if (timeMicros < this.nextLook) return;
    this.nextLook = timeMicros + firstPause * 4 ** this.looks++;
  }

  is({ ident, nativeId }: ThreadStateInfo, interpreterId: number): boolean {
    return (
      this.state.ident === ident && this.state.nativeId === nativeId && this.interpreter.id === interpreterId
    );
  }

  /**
   * Looks at its activity and at the GIL: sets the flags of its sample at `time`, `passed` microseconds after the one
   * before. `moved`: its current frame is another one.
   */
  noteActivity(time: number, passed: number, moved: boolean): void {
    let { interpreter } = this;
    let holdsGil = this.stack.threadState === interpreter.state.holder;
    for (const { stack, node, interpreter: innerInterpreter } of this.inner) {
      if (node > emptyNode) interpreter = innerInterpreter;
      if (stack.threadState === innerInterpreter.state.holder) holdsGil = true;
    }
    const { state } = interpreter;
    // Which thread's clock that would be is not known.
    this.flags = this.isShared ? 0 : this.activity.flags(time, passed, moved, holdsGil, state);
    if (holdsGil) this.flags |= RunFlag.holdsGil | (state.collecting ? RunFlag.collecting : 0);
  }

  /** Whether its current frame is another one than at the sample before, by a copy. */
  frameMoved(copy: Uint32Array): boolean {
    const frame = this.stack.currentFrame(copy, 'before');
    const moved = frame !== this.currentFrame;
    this.currentFrame = frame;
    return moved;
  }

  /** What is known of the call that it stands at, by its activity in this tick. */
  get callStateNow(): number {
    const { activity, flags, interpreter } = this.host ?? this;
    // A thread that was stopped by a signal, or that waits for a page, may be between two calls.
    const isBlocked =
      activity.isInSystemCall && (flags & (RunFlag.waiting | RunFlag.waitsForGil)) === RunFlag.waiting;
    const isRunning = (flags & (RunFlag.holdsGil | RunFlag.collecting)) === RunFlag.holdsGil;
    return (
      (activity.maybeBetweenCalls ? 0 : inCall) |
      (isBlocked && (this.#knowsCalls || interpreter.state.hasGil) ? blocked : 0) |
      (isRunning ? runs : 0)
    );
  }
}
