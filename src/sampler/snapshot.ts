import { callInProgress } from '../cpython/calls/call-in-progress.js';
import { type CodeCalls, readCodeCalls } from '../cpython/calls/code-calls.js';
import { type Gil, readGil } from '../cpython/gil.js';
import {
  isFinalizing,
  readInterpreters,
  readThreadStates,
  type ThreadStateInfo,
} from '../cpython/interpreters.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import {
  type FoundFrame,
  type FoundFrames,
  FrameBudget,
  framesHold,
  readFrames,
} from '../cpython/read-frames.js';
import { readThreadNames } from '../cpython/thread-names.js';
import type { ValueLimits } from '../cpython/values/value-source.js';
import { reloaderOf } from '../frameworks/reloaders.js';
import { cachedMemory } from '../memory/cached-memory.js';
import { withReadBudget } from '../memory/read-budget.js';
import type { FrameSnapshot, ProcessSnapshot, ThreadSnapshot, ThreadState } from '../model/snapshot.js';
import type { Target, ThreadActivity } from '../platform/target.js';
import { linuxTarget } from '../process/linux-target.js';
import type { Attached } from './attach.js';
import { GreenletSnapshots } from './greenlet-snapshots.js';
import { entersInterpreter } from './inner-stacks.js';
import { KernelThreadIds, noThread } from './kernel-thread-ids.js';
import { ThreadRequests } from './requests/thread-requests.js';
import { ShownFrames } from './shown-frames.js';
import { TaskSnapshots, type ThreadFrames } from './task-snapshots.js';
import { lastWithSharedStates } from './thread-list.js';
import { TrioSnapshots } from './trio-snapshots.js';

export type { ValueLimits } from '../cpython/values/value-source.js';

export interface SnapshotOptions {
  /** Variables are read as far as this; absent: not at all. */
  readonly variables?: ValueLimits;
  /** What the process's clock says now, seconds since 1970; absent where it does not go on, as in a core file. */
  readonly now?: () => number;
}

/**
 * Regions read for the interpreters, their threads and these threads' names: 20,000 ordinary threads need a quarter.
 */
const mostReadsForThreads = 2_000_000;
/**
 * Frames read of all threads, of which two readings must agree: 2,000 threads of 100 frames take a third. A second or
 * two.
 */
const mostFrames = 2_000_000;
/**
 * Readings of a thread whose code is new to us, or was dropped meanwhile: the second one has names, unless code comes
 * and goes all the time.
 */
const namingAttempts = 8;

/** What every thread of a process does now. The process goes on meanwhile; a stopped one is read all the same. */
export function takeSnapshot(
  pid: number,
  { live, location }: Attached,
  options: SnapshotOptions,
): ProcessSnapshot {
  const now = () => Date.now() / 1000;
  return snapshotOf(linuxTarget(pid, live.memory), location, { now, ...options });
}

/** The same of any target. */
export function snapshotOf(
  target: Target,
  location: RuntimeLocation,
  options: SnapshotOptions,
): ProcessSnapshot {
  return new Snapshot(target, location, options).take();
}

/** Of a thread that the kernel cannot be asked about. */
const unknownActivity: ThreadActivity = { state: '?', waitChannel: '' };

interface FoundThread {
  readonly state: ThreadStateInfo;
  readonly interpreter: { readonly id: number; readonly address: number };
  readonly threadId: number;
  readonly activity: ThreadActivity;
  readonly name: string;
}

class Snapshot {
  readonly #target: Target;
  readonly #location: RuntimeLocation;
  readonly #options: SnapshotOptions;
  readonly #shown: ShownFrames;
  readonly #calls = new Map<number, CodeCalls>();
  readonly #frameBudget = new FrameBudget(mostFrames);
  readonly #requests: ThreadRequests;
  /** What the threads had, for the tasks that they run. */
  readonly #ofThreads: ThreadFrames[] = [];

  constructor(target: Target, location: RuntimeLocation, options: SnapshotOptions) {
    this.#target = target;
    this.#location = location;
    this.#options = options;
    this.#shown = new ShownFrames(target, location, options.variables);
    this.#requests = new ThreadRequests({
      ...{ memory: target.memory, layout: location.layout, budget: this.#frameBudget },
      codeAt: (address) => this.#shown.codes.at(address),
      now: options.now,
    });
  }

  take(): ProcessSnapshot {
    const { memory } = this.#target;
    const { layout, runtime, version } = this.#location;
    const threads = this.#threads();
    // States come before the GIL: who had to wait for it may have it by then, but not the other way round.
    const gils = new Map<number, Gil>();
    for (const { interpreter } of threads)
      if (!gils.has(interpreter.address))
        gils.set(interpreter.address, readGil(memory, layout, runtime, interpreter.address));
    const found = threads.map((thread) => this.#thread(thread, gils.get(thread.interpreter.address)!));
    const shown = layout.minor <= lastWithSharedStates ? withHosts(found) : found;
    return {
      ...this.#target.facts,
      pythonVersion: version,
      hasGil: layout.freeThreading === undefined || [...gils.values()].some(({ isEnabled }) => isEnabled),
      finalizing: isFinalizing(memory, layout, runtime),
      reloader: reloaderAmong(shown),
      threads: shown,
      ...this.#withoutThreads(),
    };
  }

  /** Stacks that no thread has; absent where there are none. */
  #withoutThreads(): Pick<ProcessSnapshot, 'tasks' | 'trio' | 'greenlets'> {
    const source = [this.#target, this.#location, this.#shown] as const;
    const tasks = new TaskSnapshots(...source).read(this.#ofThreads);
    const trio = new TrioSnapshots(...source).read(this.#ofThreads);
    const greenlets = new GreenletSnapshots(...source).read(this.#ofThreads);
    return { ...(tasks ? { tasks } : {}), ...(trio ? { trio } : {}), ...(greenlets ? { greenlets } : {}) };
  }

  /** The main interpreter's threads first, and the oldest of each. */
  #threads(): FoundThread[] {
    const memory = withReadBudget(this.#target.memory, mostReadsForThreads);
    const { layout, runtime } = this.#location;
    const ids = new KernelThreadIds(memory, this.#target.threads?.ids);
    const found: FoundThread[] = [];
    for (const interpreter of readInterpreters(memory, layout, runtime).reverse()) {
      const copy = cachedMemory(memory);
      const names = readThreadNames(copy, layout, interpreter.address);
      const states = readThreadStates(copy, layout, interpreter.address).reverse();
      for (const state of states) {
        const threadId = ids.of(state, states);
        if (threadId === noThread) continue;
        const activity = this.#target.threads?.activity(threadId) ?? unknownActivity;
        found.push({ state, interpreter, threadId, activity, name: names.get(state.ident) ?? '' });
      }
    }
    return found;
  }

  #thread({ state, interpreter, threadId, activity, name }: FoundThread, gil: Gil): ThreadSnapshot {
    const { memory } = this.#target;
    const { layout } = this.#location;
    const holdsGil = gil.holder === state.address;
    const threadState = stateOf(activity, gil, holdsGil);
    const { found, areNamed } = this.#namedFrames(state.address, threadState === 'waiting');
    const { frames, ends } = this.#frames(found, threadState === 'waiting', gil.isEnabled);
    this.#ofThreads.push({ ...state, threadId, frames, found: found.frames, ends });
    const request = areNamed ? this.#requests.of(state.address, found.frames) : undefined;
    const held =
      found.stable &&
      areNamed &&
      (this.#options.variables === undefined ||
        framesHold(memory, layout, state.address, found, this.#frameBudget));
    return {
      threadId,
      ident: state.ident,
      name,
      interpreter: interpreter.id,
      state: threadState,
      waitingFor: threadState === 'waiting' ? (this.#target.threads?.waitingFor(activity) ?? '') : '',
      holdsGil,
      ...(request ? { request } : {}),
      moving: !held,
      truncated: found.truncated,
      frames,
    };
  }

  /** The frames of a thread, and whether the names that are read of their code are those of the code that ran. */
  #namedFrames(
    threadState: number,
    blocked: boolean,
  ): { readonly found: FoundFrames; readonly areNamed: boolean } {
    const { memory } = this.#target;
    for (let attempt = 1; ; attempt++) {
      const begin = performance.now();
      const found = readFrames(memory, this.#location.layout, threadState, this.#frameBudget);
      // What a blocked thread runs cannot be dropped.
      if (blocked || this.#shown.codes.lastedSince(begin, found.frames)) return { found, areNamed: true };
      this.#calls.clear();
      this.#shown.forgetVariables();
      if (attempt === namingAttempts) return { found, areNamed: false };
    }
  }

  /** `ends`: how many of them each of the found frames and those that it called are. */
  #frames(
    found: FoundFrames,
    blocked: boolean,
    hasGil: boolean,
  ): { readonly frames: FrameSnapshot[]; readonly ends: number[] } {
    this.#shown.readValuesIn(found.memory);
    const frames: FrameSnapshot[] = [];
    const ends: number[] = [];
    for (const frame of found.frames) {
      // Below an outer frame may run what the interpreter runs between two calls, such as a signal's handler; without a
      // GIL a thread also waits there, until the collector lets it go on.
      const mayBeOver = !hasGil || frame !== found.frames[0];
      const called = this.#called(frame, found, { blocked, mayBeOver });
      if (called !== undefined) frames.push(cFrame(called));
      const shown = this.#shown.of(frame);
      if (shown) frames.push(this.#shown.withVariables(shown, frame, frames.length));
      ends.push(frames.length);
    }
    return { frames, ends };
  }

  /** The C function that a frame is calling. */
  #called(
    frame: FoundFrame,
    { memory }: FoundFrames,
    state: { readonly blocked: boolean; readonly mayBeOver: boolean },
  ): string | undefined {
    const { layout } = this.#location;
    const calls = this.#calls.get(frame.code) ?? readCodeCalls(this.#target.memory, layout, frame.code);
    if (!calls) return undefined;
    this.#calls.set(frame.code, calls);
    const { address, instruction } = frame;
    return callInProgress(memory, layout, calls, { frame: address, instruction, ...state });
  }
}

/**
 * Up to 3.12 the first thread state of an interpreter has the ids of the thread that made it. It is run by the thread
 * that stands in the call that enters an interpreter; of several, it is not known by which.
 */
function withHosts(threads: readonly ThreadSnapshot[]): ThreadSnapshot[] {
  const outer = new Map<number, number>();
  for (const { threadId, interpreter } of threads)
    outer.set(threadId, Math.min(interpreter, outer.get(threadId) ?? interpreter));
  const isShared = ({ threadId, interpreter }: ThreadSnapshot) => outer.get(threadId) !== interpreter;
  const entering = threads.filter(
    ({ frames: [inner] }) => inner?.kind === 'c' && entersInterpreter(inner.qualifiedName),
  );
  const active = threads.filter((thread) => isShared(thread) && thread.frames.length > 0);
  const host = entering.length === 1 && active.length === 1 ? entering[0] : undefined;
  return threads.map((thread) => {
    if (!isShared(thread) || thread.frames.length === 0) return thread;
    const { threadId, state, waitingFor } = host ?? {
      threadId: 0,
      state: 'unknown' as const,
      waitingFor: '',
    };
    return { ...thread, threadId, state, waitingFor };
  });
}

function reloaderAmong(threads: readonly ThreadSnapshot[]): string {
  for (const { frames } of threads)
    for (const { file, name } of frames) {
      const reloader = reloaderOf(file, name);
      if (reloader !== undefined) return reloader;
    }
  return '';
}

function cFrame(qualifiedName: string): FrameSnapshot {
  const name = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
  return { kind: 'c', name, qualifiedName, file: '', shortFile: '', line: 0, firstLine: 0 };
}

function stateOf({ state, systemCall }: ThreadActivity, gil: Gil, holdsGil: boolean): ThreadState {
  if (state === 'R') return 'running';
  if (state === 'T' || state === 't') return 'stopped';
  if (state !== 'S' && state !== 'D' && state !== 'I') return 'unknown';
  const address = systemCall?.name === 'futex' ? systemCall.args[0]! : 0;
  if (!(address >= gil.start && address < gil.end)) return 'waiting';
  return holdsGil ? 'running' : 'waiting-for-gil';
}
