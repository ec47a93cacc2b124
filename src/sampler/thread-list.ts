import {
  readInterpreters,
  readThreadStates,
  type ThreadStateInfo,
  threadStateBytes,
} from '../cpython/interpreters.js';
import type { Layout } from '../cpython/layout.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import type { FoundStrings } from '../cpython/objects/strings.js';
import { findActiveThreads, namesIn } from '../cpython/thread-names.js';
import { MomentMemory } from '../memory/moment-memory.js';
import { readPointer } from '../memory/pointers.js';
import { prefetchedMemory } from '../memory/prefetched-memory.js';
import { withReadBudget } from '../memory/read-budget.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { SampledThreads } from '../platform/target.js';
import { OtherThreads } from '../process/other-threads.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';
import { firstThread, InterpreterState } from './interpreter-state.js';
import { KernelThreadIds, noThread } from './kernel-thread-ids.js';
import { type SampledInterpreter, SampledThread } from './sampled-thread.js';
import { ActivityPace, ThreadActivity } from './thread-activity.js';

/**
 * While a thread has not begun, the list is looked at again after a millisecond, and then after an eighth of the time
 * that has passed: on a busy machine a thread may take 100 ms to begin, and some never do.
 */
const firstLookForBegun = 1000;
const pauseForBegun = 1 / 8;
/**
 * Microseconds after which some names are read again though no thread is new: a program may give one another name, but
 * that is rare. Each time twice as long, while none is another: of 40 processes that wait it was half of what their
 * lists cost. With 8 s at most it still was 0.3 % of a processor, and four tenths of all reads.
 */
const namesEvery = 1e6;
const namesAtLeastEvery = 32e6;
/** Names that one look reads, at most, or a tenth of those not known yet: each takes 0.1 ms, and ticks wait for it. */
const namesPerLook = 64;
/** The same for the first look, for which no tick waits. */
const namesAtFirst = 2000;
/**
 * The last Python (3.x) in which an interpreter's first thread state is used by whatever thread enters it, under the
 * ids of the one that made it.
 */
export const lastWithSharedStates = 12;
/** Microseconds from one look at the threads that run no Python to the next. */
const othersEvery = 1e6;
/**
 * Microseconds for each thread from one look to the next: a look takes 5 µs a thread, and others may start all the
 * time.
 */
const restPerThread = 50;

/**
 * Regions read of all interpreters at one look, twice what 20,000 ordinary threads need: memory made to mislead ends
 * there.
 */
const mostReads = 1_000_000;

export interface ThreadListOptions {
  readonly memory: TargetMemory;
  readonly location: RuntimeLocation;
  readonly encoder: RecordingEncoder;
  /** The recording's number of the process. */
  readonly process: number;
  /** What the operating system knows of its threads. */
  readonly kernel: SampledThreads;
  /** Whether names are left to the second look, so that the first takes less. */
  readonly namesLater?: boolean;
  /**
   * Where names of modules and attributes were found in any process: a forked child has them where its parent has, and
   * to search all modules for one takes 0.1 ms.
   */
  readonly foundStrings?: FoundStrings;
}

/** What is known before a look at one interpreter's threads; `copy` answers reads of the states of `old`. */
interface Look {
  readonly copy: TargetMemory;
  readonly old: Map<number, SampledThread>;
  readonly withNames: boolean;
  readonly timeMicros: number;
}

const noNames: ReadonlyMap<number, string> = new Map();

/** The threads of a process, as its lists of thread states were at the last look. */
export class ThreadList {
  threads: readonly SampledThread[] = [];
  interpreters: readonly SampledInterpreter[] = [];
  /** The head of a list is another one than at the last look. */
  headsMoved = false;
  readonly #options: ThreadListOptions;
  readonly #layout: Layout;
  readonly #runtime: number;
  readonly #ids: KernelThreadIds;
  readonly #others: OtherThreads;
  #othersLookedAt = Number.NEGATIVE_INFINITY;
  readonly #othersTold = new Map<string, number>();
  readonly pace = new ActivityPace();
  /** By address of interpreter: where the names of its threads are. */
  readonly #activeThreads = new Map<number, number>();
  /** Since when there are threads that have not begun, and when they are looked for next; microseconds. */
  #unbornSince = Number.POSITIVE_INFINITY;
  #lookForBegunAt = Number.POSITIVE_INFINITY;
  /** There was more than one interpreter at some time. */
  #isJoined = false;
  /** When some thread is to be looked at of which not all is known yet; microseconds. */
  #nextLook = Number.POSITIVE_INFINITY;
  #namesReadAt = Number.NEGATIVE_INFINITY;
  #namesPause = namesEvery;
  /** How many names were read again so far: whose turn is next. */
  #namesReread = 0;
  readonly #namePages: MomentMemory;
  readonly #foundStrings: FoundStrings;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ThreadListOptions) {
    this.#options = options;
    this.#layout = options.location.layout;
    this.#runtime = options.location.runtime;
    this.#foundStrings = options.foundStrings ?? new Map();
    this.#ids = new KernelThreadIds(options.memory, options.kernel.ids);
    this.#others = new OtherThreads(options.kernel);
    this.#namePages = new MomentMemory(options.memory, { now: 0 });
  }

  /** Whether another look is worth it at `time`: a thread was started or ended, or not all is known of one yet. */
  changed(time: number): boolean {
    const worthIt =
      this.headsMoved || time >= this.#nextLook || this.pace.someGone || time >= this.#lookForBegunAt;
    return worthIt && this.#isRested(time);
  }

  /** Until when, microseconds, `changed` is false as long as nothing is read. */
  get unchangedUntil(): number {
    if (this.headsMoved || this.pace.someGone) return Number.NEGATIVE_INFINITY;
    return Math.min(this.#nextLook, this.#lookForBegunAt);
  }

  /** Whether another thread may have taken some GIL between the copy before and this one. */
  get wasHandedOn(): boolean {
    for (const { state } of this.interpreters) if (state.handedOn) return true;
    return false;
  }

  /** Whether threads came or went as the last read says, so that a look would find it out for this tick. */
  movedNow(time: number): boolean {
    return this.headsMoved && this.#isRested(time);
  }

  /** Whether a look might find what nothing tells of: other names, or threads that run no Python. */
  mayFindMore(time: number): boolean {
    return (
      time >= this.#namesReadAt + this.#namesPause || this.#options.kernel.count() !== this.threads.length
    );
  }

  #isRested(time: number): boolean {
    return time - this.#lookedAt >= this.threads.length * restPerThread;
  }

  /**
   * Looks again: reports to the recording which threads came, went or have another name. False when all are the same.
   */
  refresh(timeMicros: number): boolean {
    const { memory, encoder } = this.#options;
    const before = { threads: this.threads, interpreters: this.interpreters };
    const { headsMoved } = this;
    this.headsMoved = false;
    let hasUnborn = false;
    this.pace.someGone = false;
    this.#ids.beginLook();
    const old = new Map(this.threads.map((thread) => [thread.state.address, thread]));
    const budgeted = withReadBudget(memory, mostReads);
    const copy = prefetchedMemory(budgeted, [...old.keys()], threadStateBytes(this.#layout));
    const interpreters: SampledInterpreter[] = [];
    const threads: SampledThread[] = [];
    const withNames = timeMicros - this.#namesReadAt >= this.#namesPause;
    if (withNames) {
      this.#namesReadAt = timeMicros;
      const isInTurns = old.size > namesPerLook;
      this.#namesPause = isInTurns ? namesEvery : Math.min(namesAtLeastEvery, this.#namesPause * 2);
    }
    for (const { id, address } of readInterpreters(budgeted, this.#layout, this.#runtime)) {
      // Before the list is read, so that what changes in it meanwhile is noticed.
      const interpreter = this.#sameInterpreter(id, address) ?? {
        address,
        id,
        state: new InterpreterState(memory, this.#layout, this.#runtime, address),
      };
      interpreters.push(interpreter);
      const begun = this.#refreshThreadsOf(interpreter, { copy, old, withNames, timeMicros }, threads);
      hasUnborn ||= !begun;
    }
    for (const gone of old.values()) {
      if (gone.id >= 0) encoder.threadEnded(gone.id, timeMicros);
      gone.activity.close();
    }
    this.#isJoined ||= interpreters.length > 1;
    this.threads = this.#isJoined ? this.#joined(threads) : threads;
    for (const thread of this.threads)
      if (thread.id < 0 && !thread.host && !thread.isShared) this.#define(thread);
    this.interpreters = interpreters;
    this.pace.threads = threads.length;
    this.#nextLook = Number.POSITIVE_INFINITY;
    for (const { isSettled, nextLook } of threads)
      if (!isSettled && nextLook < this.#nextLook) this.#nextLook = nextLook;
    this.#waitForUnborn(hasUnborn, headsMoved, timeMicros);
    this.#lookedAt = timeMicros;
    if (timeMicros - this.#othersLookedAt >= othersEvery) this.countOthers(timeMicros);
    return !(areSame(before.threads, this.threads) && areSame(before.interpreters, this.interpreters));
  }

  /** The interpreter as it was known, when its list of threads begins as before: its state is still valid. */
  #sameInterpreter(id: number, address: number): SampledInterpreter | undefined {
    const known = this.interpreters.find((other) => other.address === address && other.id === id);
    const head = firstThread(this.#options.memory, this.#layout, address);
    return known?.state.head === head ? known : undefined;
  }

  /** Adds to the recording what threads that run no Python have used since this was last asked. */
  countOthers(timeMicros: number): void {
    const { encoder, process } = this.#options;
    const python = new Set(this.threads.map(({ threadId }) => threadId));
    // Which of them run Python must be known.
    if (python.has(0)) return;
    this.#others.look(python, timeMicros - this.#othersLookedAt);
    this.#othersLookedAt = timeMicros;
    for (const [name, cpu] of this.#others.cpu) {
      if (this.#othersTold.get(name) === cpu) continue;
      this.#othersTold.set(name, cpu);
      encoder.otherThreads(process, name, cpu);
    }
  }

  #waitForUnborn(isThere: boolean, isNew: boolean, time: number): void {
    if (!isThere) {
      this.#lookForBegunAt = this.#unbornSince = Number.POSITIVE_INFINITY;
      return;
    }
    this.#unbornSince = isNew ? time : Math.min(this.#unbornSince, time);
    this.#lookForBegunAt = time + Math.max(firstLookForBegun, (time - this.#unbornSince) * pauseForBegun);
  }

  /**
   * Adds the interpreter's threads to `threads` and takes those that are known already out of `old`, by address.
   * Whether all have begun.
   */
  #refreshThreadsOf(
    interpreter: SampledInterpreter,
    { copy, old, withNames, timeMicros }: Look,
    threads: SampledThread[],
  ): boolean {
    const { memory, encoder } = this.#options;
    const states = readThreadStates(copy, this.#layout, interpreter.address);
    const begun = this.#begun(states);
    const known = begun.map((state) => {
      const thread = old.get(state.address);
      return thread?.is(state, interpreter.id) ? thread : undefined;
    });
    // Clocks first: what a thread used before its clock was read counts for nothing, and names take a while.
    const looked = begun.map((state, index) => {
      const thread = known[index];
      const isSettled = thread?.isSettled && !thread.activity.gone;
      const threadId = isSettled ? thread.threadId : this.#ids.of(state, states);
      const isKnown = threadId === noThread || thread?.threadId === threadId;
      return { threadId, activity: isKnown ? undefined : this.#activity(threadId, timeMicros) };
    });
    const isTooEarly = this.#options.namesLater === true && this.#lookedAt < 0;
    const names = isTooEarly ? noNames : this.#names(interpreter, begun, known, { withNames, timeMicros });
    for (const [index, state] of begun.entries()) {
      const thread = known[index];
      const name = names.get(state.ident) ?? thread?.name ?? '';
      const { threadId: found, activity } = looked[index]!;
      // A fork() in C leaves the thread states of all of the parent's threads, of which only one came along.
      const mayBeShared = this.#layout.minor <= lastWithSharedStates && interpreter.id !== 0;
      if (found === noThread && !mayBeShared) continue;
      const threadId = Math.max(0, found);
      if (thread?.threadId === threadId) {
        old.delete(state.address);
        if (name !== thread.name) {
          this.#namesPause = namesEvery;
          if (thread.id >= 0) encoder.renameThread(thread.id, name);
        }
        threads.push(Object.assign(thread, { interpreter, name }));
        thread.looked(timeMicros);
        continue;
      }
      const clock = activity ?? this.#activity(threadId, timeMicros);
      const facts = { state, interpreter, threadId, name, activity: clock };
      const added = new SampledThread(this.#layout, facts);
      this.#namesPause = namesEvery;
      added.looks = thread?.looks ?? 0;
      added.looked(timeMicros);
      added.stack.begin(memory);
      threads.push(added);
    }
    return begun.length === states.length;
  }

  /**
   * Whether a thread state still is the same thread's: the first one of an interpreter lies within it, and is made anew
   * there for each thread that enters. Otherwise another look is due.
   */
  isSame({ state }: SampledThread): boolean {
    const { threadId, nativeThreadId } = this.#layout.threadState;
    const { memory } = this.#options;
    const native = nativeThreadId < 0 ? 0 : readPointer(memory, state.address + nativeThreadId);
    const isSame = readPointer(memory, state.address + threadId) === state.ident && native === state.nativeId;
    if (!isSame) this.headsMoved = true;
    return isSame;
  }

  /** Makes the thread one of the recording. */
  #define(thread: SampledThread): void {
    const { encoder, process } = this.#options;
    const { name, interpreter, threadId } = thread;
    thread.id = encoder.defineThread({ process, threadId, name, interpreter: interpreter.id });
  }

  /** Joins the thread states of one thread of the kernel; those that have a host come first. */
  #joined(threads: readonly SampledThread[]): SampledThread[] {
    const outermost = new Map<number, SampledThread>();
    const outerFirst = [...threads].sort((a, b) => a.interpreter.id - b.interpreter.id);
    for (const thread of outerFirst) {
      const { threadId, interpreter } = thread;
      const outer = threadId > 0 ? outermost.get(threadId) : undefined;
      const isInner = outer
        ? outer.interpreter.id !== interpreter.id
        : threadId === 0 && interpreter.id !== 0;
      thread.inner.length = 0;
      thread.isShared = isInner && this.#layout.minor <= lastWithSharedStates;
      if (!thread.isShared) thread.host = isInner ? outer : undefined;
      else if (thread.host && !threads.includes(thread.host)) thread.host = undefined;
      if (threadId > 0 && !outer) outermost.set(threadId, thread);
    }
    for (const thread of outerFirst) thread.host?.inner.push(thread);
    return outerFirst.sort((a, b) => Number(b.isShared || !!b.host) - Number(a.isShared || !!a.host));
  }

  /** `time`: when it was first seen. */
  #activity(threadId: number, time: number): ThreadActivity {
    const { kernel } = this.#options;
    if (threadId <= 0) return new ThreadActivity(undefined, this.pace, 'from now');
    const isNew = this.#lookedAt >= 0 && kernel.wasBornWithin(threadId, time - this.#lookedAt);
    return new ThreadActivity(kernel.clock(threadId), this.pace, isNew ? 'from birth' : 'from now');
  }

  /** Names by ident: of threads whose name is not known yet, and `withNames` of some of the others, in turn. */
  #names(
    { address }: SampledInterpreter,
    states: readonly ThreadStateInfo[],
    known: readonly (SampledThread | undefined)[],
    { withNames: again, timeMicros }: Pick<Look, 'withNames' | 'timeMicros'>,
  ): ReadonlyMap<number, string> {
    const isDue = (thread?: SampledThread) => !thread || (!thread.isSettled && timeMicros >= thread.nextLook);
    const unsettled = states.filter((_, index) => isDue(known[index])).map(({ ident }) => ident);
    // The newest come first; those that were not had now come at the next look.
    const most = this.#lookedAt < 0 ? namesAtFirst : namesPerLook;
    const wanted = new Set(unsettled.slice(0, Math.max(most, unsettled.length / 10)));
    for (let count = 0; again && count < Math.min(namesPerLook, states.length); count++)
      wanted.add(states[this.#namesReread++ % states.length]!.ident);
    if (wanted.size === 0) return noNames;
    const { memory } = this.#options;
    let active = this.#activeThreads.get(address) ?? 0;
    if (active === 0 || again) active = findActiveThreads(memory, this.#layout, address, this.#foundStrings);
    this.#activeThreads.set(address, active);
    // Threads and their idents lie close together: a page holds many.
    const names = namesIn(this.#namePages, this.#layout, active, wanted, this.#foundStrings);
    this.#namePages.forget();
    return names;
  }

  /**
   * Without those that have not begun: their state is made by the parent, without ids from 3.12 on, before with those
   * of the parent, which are replaced one after the other.
   */
  #begun(states: readonly ThreadStateInfo[]): ThreadStateInfo[] {
    const hasNativeIds = this.#layout.threadState.nativeThreadId >= 0;
    const oldest = new Map(states.map(({ ident }, index) => [ident, index]));
    const oldestNative = new Map(states.map(({ nativeId }, index) => [nativeId, index]));
    const begun = states.filter(
      ({ ident, nativeId }, index) =>
        ident !== 0 &&
        oldest.get(ident) === index &&
        (!hasNativeIds || (nativeId !== 0 && oldestNative.get(nativeId) === index)),
    );
    return begun;
  }

  close(): void {
    for (const { activity } of this.threads) activity.close();
  }
}

function areSame<T>(before: readonly T[], now: readonly T[]): boolean {
  return before.length === now.length && before.every((each, index) => each === now[index]);
}
