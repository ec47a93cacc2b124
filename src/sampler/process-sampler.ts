import { readInterpreters } from '../cpython/interpreters.js';
import type { Layout } from '../cpython/layout.js';
import { ReadPlan } from '../memory/read-plan.js';
import { processEnded, type TargetMemory } from '../memory/target-memory.js';
import { cpuShareOf } from '../model/profile.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';
import type { CodeTable } from './code-table.js';
import { mostLate } from './name-check.js';
import { ReadAllPace } from './read-all-pace.js';
import { SameTicks } from './same-ticks.js';
import { sampleJoined } from './sample-joined.js';
import { blocked, inCall, runs, type SampledThread } from './sampled-thread.js';
import { newMoment, StackReader, type StackReaderOptions } from './stack-reader.js';
import { Standing } from './standing.js';
import { makeContexts, type ThreadContexts, type ThreadContextsOptions } from './thread-contexts.js';
import { ThreadList, type ThreadListOptions } from './thread-list.js';

type ReaderOptions = Omit<StackReaderOptions, 'memory' | 'layout' | 'encoder' | 'threads' | 'most'>;

export interface ProcessSamplerOptions extends ThreadListOptions, ThreadContextsOptions, ReaderOptions {
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
}

/**
 * Ticks without a call that was not known until the pointer to a thread's current frame is read only once. It costs a
 * region a thread, but a function that is seen once in a while can only be told from an accident by it.
 */
const ticksOfDoubt = 512;
/** How long (µs) the GIL and GC state of a single-threaded process may be reused: at 20,000 a second it never is. */
const readStateEvery = 50;

/** Microseconds that a copy takes for each of its regions, at most. */
const copyPerRegion = 1;

/** Regions that vanished under one read before the threads are listed anew, and before the process is asked for. */
const [lostRegions, mostLostRegions] = [8, 32];

/** Samples one process: one scatter read per tick for all its threads, then a walk in the copy. */
export class ProcessSampler {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #runtime: number;
  readonly #encoder: RecordingEncoder;
  readonly #process: number;
  readonly #contexts: ThreadContexts;
  readonly #isRead = (thread: SampledThread): boolean => this.#mayHaveMoved(thread);
  readonly #plan = new ReadPlan();
  readonly #reader: StackReader;
  readonly #list: ThreadList;
  readonly #standing: Standing;
  /** To be asked before `tick`. */
  readonly same: SameTicks;
  /** Microseconds of CPU time that the samples of all its threads have been given. */
  recordedCpu = 0;
  readonly #clock: () => number;
  /** When the tick's copy began to be made, microseconds. */
  #copiedAt = 0;
  /** How much longer than others of its size it took. */
  #copyDelay = 0;
  #lastTick = 0;
  #reviewedAt = Number.NEGATIVE_INFINITY;
  #planned = false;
  /** Whether the state of interpreters may be left out of a read; when it was read. */
  #stateMayWait = false;
  #stateReadAt = Number.NEGATIVE_INFINITY;
  /** Whether the plan has all threads, or only those that had the GIL last. */
  #plansAll = true;
  readonly #readAll = new ReadAllPace();
  /** Since before all threads were read, none but those that had the GIL last can have moved. */
  #quiet = false;
  #buffer = new Uint8Array(1 << 12);
  #copy = new Uint32Array(this.#buffer.buffer);
  readonly #moment = newMoment(this.#copy);

  constructor(options: ProcessSamplerOptions) {
    this.#memory = options.memory;
    this.#layout = options.location.layout;
    this.#runtime = options.location.runtime;
    this.#encoder = options.encoder;
    this.#process = options.process;
    this.#list = new ThreadList(options);
    this.#clock = options.clock;
    this.#reader = new StackReader({
      ...options,
      layout: this.#layout,
      threads: () => this.#threads,
    });
    this.#contexts = makeContexts(options, this.#reader);
    const rest = (time: number) => this.#contexts.rest(time);
    const { labels, requests } = options;
    this.same = new SameTicks({ ...options, labels, records: requests?.suspended, rest });
    this.#standing = new Standing(() => options.kernel.count(), this.same);
  }

  get codes(): CodeTable {
    return this.#reader.codes;
  }

  get #threads(): readonly SampledThread[] {
    return this.#list.threads;
  }

  /** Since when it has stood (`Standing`), microseconds. */
  get standsSince(): number {
    return this.#standing.since;
  }

  get threadCount(): number {
    return this.#threads.length;
  }

  /** Learns what its threads run, a piece at each step; samples are right without that, but the first one is slow. */
  learnAhead(): Generator<void, void> {
    return this.#reader.learnAhead(this.#threads.map(({ stack }) => stack.threadState));
  }

  /** Looks for threads that came or went, and for new names. Not on every tick: it reads lists one by one. */
  refreshThreads(timeMicros: number): void {
    if (this.#threads.length === 0) this.#lastTick = timeMicros;
    if (!this.#list.refresh(timeMicros)) return;
    this.#contexts.label(this.#threads, 'all');
    const { innerStacks } = this.#reader;
    if (this.#list.interpreters.length > 1 && !innerStacks.isOn) {
      // Known stacks were not noted.
      innerStacks.isOn = true;
      this.#reader.forgetStacks();
    }
    // The interpreters' state is new, and unknown before it is read.
    this.#stateReadAt = Number.NEGATIVE_INFINITY;
    this.#planned = false;
    this.#forgetQuiet();
    this.#plansAll = true;
  }

  /** Whether to look at the threads again; `isDue`: also when nothing tells that some came or went. */
  needsLook(timeMicros: number, isDue: boolean): boolean {
    return this.#list.changed(timeMicros) || (isDue && this.#list.mayFindMore(timeMicros));
  }

  /** Housekeeping that need not happen on every tick, nor while nothing is read. */
  review(timeMicros: number): void {
    if (this.standsSince <= this.#reviewedAt) return;
    this.#reviewedAt = timeMicros;
    if (this.#reader.review(timeMicros)) this.#forgetQuiet();
    this.#contexts.review(timeMicros);
  }

  /** Housekeeping for now and then: objects that were called may have gone, and others be in their place. */
  checkCalls(): void {
    this.#reader.checkCalls();
  }

  /** To be called before the last tick. */
  settle(): void {
    this.same.end();
    this.#list.pace.isLast = true;
  }

  /**
   * To be called at the end, as long as the process is there: what its threads without Python used since they were last
   * asked.
   */
  finish(timeMicros: number): void {
    this.#contexts.finish(timeMicros, this.#threads);
    this.#list.countOthers(timeMicros);
  }

  close(): void {
    this.#contexts.ended(Math.max(this.#lastTick, this.same.last));
    this.#list.close();
  }

  /** Takes one sample of every thread. False when the process is gone. */
  tick(timeMicros: number): boolean {
    this.#lastTick = Math.max(this.#lastTick, this.same.last);
    const isOfOne = !this.#reader.innerStacks.isOn;
    const isAllRead = this.#planned && isOfOne && timeMicros < this.#contexts.askAt;
    if (this.#standing.isAsRead(this.#threads, timeMicros) && isAllRead) {
      this.#tickAsRead(timeMicros);
      return true;
    }
    const isEarly = !this.#readAll.isDue(timeMicros) && timeMicros < this.#contexts.askAt;
    this.#choose(this.#quiet && isEarly ? 'holders' : 'all');
    if (this.#plansAll) this.#contexts.askAt = Number.POSITIVE_INFINITY;
    if (!this.#readThreads(timeMicros)) return false;
    this.#contexts.label(this.#threads, 'changed');
    this.#encoder.beginTick(this.#process, timeMicros);
    const passed = timeMicros - this.#lastTick;
    this.#lastTick = timeMicros;
    const isKnown = this.#noteActivity(timeMicros, passed);
    if (isKnown) this.#standing.read(this.#threads, timeMicros);
    else if (!this.#readRest(timeMicros)) return false;
    this.#contexts.moment.lookedAt = this.#clock();
    this.#contexts.readFirst(this.#threads, this.#isRead, this.#copy, this.#copiedAt);
    this.#quiet = !this.#list.wasHandedOn && this.#threads.length > 1;
    for (const thread of this.#threads) {
      if (this.#mayHaveMoved(thread)) this.#find(thread, passed);
      if (isOfOne) this.#sample(thread, passed);
      else this.recordedCpu += passed * cpuShareOf(thread.flags);
    }
    if (!isOfOne) sampleJoined(this.#threads, this.#reader, this.#encoder);
    if (this.#plansAll) this.#readAll.read(timeMicros, this.#clock());
    this.#encoder.endTick();
    const copy = this.#copyDelay > mostLate ? undefined : this.#copy;
    this.#contexts.lookAtTasks(timeMicros, this.#threads, copy, this.standsSince);
    return true;
  }

  /** As `tick`, of a process that is as it was read. */
  #tickAsRead(timeMicros: number): void {
    this.#contexts.label(this.#threads, 'changed');
    this.#encoder.beginTick(this.#process, timeMicros);
    const passed = timeMicros - this.#lastTick;
    this.#lastTick = timeMicros;
    for (const thread of this.#threads) {
      thread.flags = thread.activity.flagsStanding(passed);
      this.#contexts.stands(thread, timeMicros);
      this.#sample(thread, passed);
    }
    this.#encoder.endTick();
    // However late the copy was made, it is what is there.
    this.#contexts.lookAtTasks(timeMicros, this.#threads, this.#copy, this.standsSince);
    const until = Math.min(this.#contexts.restsUntil(this.#threads), this.#list.unchangedUntil);
    this.#standing.staysSame(this.#threads, passed, until);
  }

  #sample(thread: SampledThread, passed: number): void {
    this.recordedCpu += passed * cpuShareOf(thread.flags);
    const stack = thread.taskStack || this.#reader.stackOf(thread.node);
    this.#encoder.sample(thread.id, stack, thread.flags, thread.context);
  }

  /** Copies what the threads are at, of all that may have moved. False when the process is gone. */
  #readThreads(time: number): boolean {
    this.#copiedAt = time;
    if (!this.#read(time)) return false;
    // A thread that was just started is part of this tick already: else threads of a few milliseconds would lose a tick
    // each.
    if (this.#list.movedNow(time)) {
      this.refreshThreads(time);
      if (!this.#read(time)) return false;
    }
    return !this.#list.wasHandedOn || this.#readRest(time);
  }

  /** What each thread does in this tick. False when one that was not read may be at another call than before. */
  #noteActivity(time: number, passed: number): boolean {
    let isKnown = true;
    for (const thread of this.#threads) {
      const mayHaveMoved = this.#mayHaveMoved(thread);
      const moved = mayHaveMoved && thread.frameMoved(this.#copy);
      // Hosts come after what runs within them.
      if (thread.host) thread.host.innerMoved ||= moved;
      else thread.noteActivity(time, passed, moved || thread.innerMoved);
      thread.innerMoved = false;
      if (!mayHaveMoved && thread.callStateNow !== thread.callState) isKnown = false;
    }
    return isKnown;
  }

  /**
   * A thread runs Python only while it has the GIL, and the GIL counts how often another thread takes it. So of a
   * process with many threads nearly all have not moved, and need not be read.
   */
  #mayHaveMoved({ stack, interpreter }: SampledThread): boolean {
    return this.#plansAll || stack.threadState === interpreter.state.lastHolder;
  }

  /** Finds the thread's stack by what was read of it. */
  #find(thread: SampledThread, passed: number): void {
    const { quietTicks, stack, node } = thread;
    thread.callState = thread.callStateNow;
    const moment = this.#moment;
    moment.words = this.#copy;
    moment.copiedAt = this.#copiedAt;
    moment.copyDelay = this.#copyDelay;
    moment.passed = passed;
    moment.currentFrame = thread.currentFrame;
    moment.inCall = (thread.callState & inCall) !== 0;
    moment.blocked = (thread.callState & blocked) !== 0;
    moment.runs = (thread.callState & runs) !== 0;
    thread.node = this.#reader.read(thread, moment);
    const { readAgain, isGuess } = this.#reader;
    if (readAgain) this.#forgetQuiet();
    thread.quietTicks = readAgain || isGuess ? 0 : Math.min(ticksOfDoubt, quietTicks + 1);
    if (thread.quietTicks < ticksOfDoubt !== quietTicks < ticksOfDoubt) this.#planned = false;
    if (thread.node !== node) (thread.host ?? thread).activity.movedOn();
    const isPlanned = !this.#contexts.find(thread, readAgain ? undefined : this.#copy, this.#copiedAt);
    if (!this.#contexts.isComplete) this.#standing.moved();
    if (!isPlanned || stack.changed || this.#reader.changed) this.#planned = false;
    // Asked last: to find a stack may mean to read it again, and by then the state may be another thread's.
    if (thread.host && !this.#list.isSame(thread)) thread.host.inner.length = 0;
  }

  /** Threads may have moved that seemed not to. */
  #forgetQuiet(): void {
    this.#quiet = false;
    this.#standing.moved();
  }

  #choose(which: 'all' | 'holders'): void {
    if (this.#plansAll === (which === 'all')) return;
    this.#plansAll = which === 'all';
    this.#planned = false;
  }

  /** Reads all threads after all. False when the process is gone. */
  #readRest(time: number): boolean {
    if (this.#plansAll) return true;
    this.#standing.moved();
    this.#choose('all');
    if (!this.#read(time)) return false;
    for (const thread of this.#threads) thread.frameMoved(this.#copy);
    return true;
  }

  /** Copies what the plan says. False when the process is gone. */
  #read(time: number): boolean {
    for (let lost = 0; lost <= mostLostRegions; lost++) {
      if (!this.#planned) {
        this.#makePlan();
        // To make a plan may take longer than names may be late.
        this.#copiedAt = this.#clock();
      }
      const withState = !this.#stateMayWait || time - this.#stateReadAt >= readStateEvery;
      this.#plan.choose(withState ? 'all' : 'part');
      const count = this.#memory.readMany(this.#plan, this.#buffer);
      this.#copyDelay = this.#clock() - this.#copiedAt - this.#plan.count * copyPerRegion;
      if (count === processEnded) return false;
      if (count >= this.#plan.requiredBytes) {
        this.#noteCopied(count);
        if (withState) this.#readStates(time);
        return true;
      }
      const threadGone = !this.#leaveOut(this.#plan.regionAt(count));
      if (threadGone && lost >= lostRegions) this.refreshThreads(time);
    }
    return this.#threads.length > 0 && readInterpreters(this.#memory, this.#layout, this.#runtime).length > 0;
  }

  /** Chunks that vanish are read last: some may be missing in the `count` bytes of a copy. */
  #noteCopied(count: number): void {
    if (this.#plan.requiredBytes === this.#plan.bytes) return;
    for (const { stack } of this.#threads) stack.regions.copied = count;
  }

  #readStates(time: number): void {
    this.#stateReadAt = time;
    for (const { state } of this.#list.interpreters) {
      state.read(this.#copy);
      if (state.headMoved) this.#list.headsMoved = true;
    }
  }

  /**
   * Something that was mapped is no longer: leaves it out of the next read. False when nobody can: it is a thread's
   * state.
   */
  #leaveOut(region: number): boolean {
    const address = this.#plan.addressOf(region);
    const length = this.#plan.lengthOf(region);
    let isDropped = this.#reader.drop(address, length) || this.#contexts.drop(address, length);
    for (const { stack } of this.#threads) {
      if (address === stack.threadState + this.#layout.threadState.frame) continue;
      if (stack.drop(address, length)) isDropped = true;
    }
    this.#planned = false;
    return isDropped;
  }

  #makePlan(): void {
    this.#plan.clear();
    // Nothing is read before the pointers to current frames. To read a cache line that the target writes takes it from
    // the target for some 100 ns, so it would be found waiting at its next call or return; the functions between would
    // seem that much shorter. Up to 3.10 few readings hold still, so each that does is wanted as evidence.
    const always = this.#layout.minor <= 10;
    for (const thread of this.#threads)
      if (this.#mayHaveMoved(thread))
        thread.stack.addTo(this.#plan, always || thread.quietTicks < ticksOfDoubt);
    this.#reader.addTo(this.#plan);
    this.#contexts.addTo(this.#plan);
    this.#plan.endPart();
    for (const { state } of this.#list.interpreters) state.addTo(this.#plan);
    for (const thread of this.#threads) if (this.#mayHaveMoved(thread)) thread.stack.addRest(this.#plan);
    // With more threads they say which of them can have moved.
    this.#stateMayWait = this.#threads.length === 1 && this.#plan.requiredBytes === this.#plan.bytes;
    // A read of nothing would succeed for ever, also when the process is gone.
    if (this.#plan.bytes === 0) this.#plan.add(this.#runtime + this.#layout.runtime.interpretersHead, 8);
    if (this.#plan.bytes > this.#buffer.length) {
      this.#buffer = new Uint8Array(this.#plan.bytes * 2);
      this.#copy = new Uint32Array(this.#buffer.buffer);
    }
    this.#planned = true;
  }
}
