import { hasMark, type ImageMark } from '../process/image-mark.js';
import type { ProcessFacts } from '../process/linux-process.js';
import type { Attached } from './attach.js';
import type { ProcessSampler } from './process-sampler.js';
import type { SameTicks } from './same-ticks.js';

/** Milliseconds between looks whether threads came or went. */
const lookForThreadsEvery = 1;
/** Milliseconds between looks at threads of which nothing says that some came or went. */
const refreshThreadsEvery = 1000;
/**
 * The same for each thread of a process with many, and at most: a look takes some 40 µs a thread, for which ticks wait.
 */
const refreshThreadsEveryPerThread = 4;
const refreshThreadsAtLeastEvery = 10_000;

/** CPU seconds that the kernel has counted. */
class CpuTime {
  readonly #before: number;
  #now: number;

  constructor(before: number) {
    this.#before = before;
    this.#now = before;
  }

  /** What was used since this was made. */
  get used(): number {
    return this.#now - this.#before;
  }

  set now(seconds: number) {
    this.#now = seconds;
  }
}

/** What is known of a process when it begins to be followed. */
interface KnownProcess {
  /** As far as they are known. */
  readonly facts: ProcessFacts | undefined;
  readonly mark: ImageMark | undefined;
  /** For how long it is a newcomer, milliseconds. */
  readonly newFor: number;
}

/** A Python process that is sampled, and what is looked at now and then while it is. */
export class FollowedPython {
  readonly pid: number;
  readonly startTime: number;
  readonly mark: ImageMark | undefined;
  readonly sampler: ProcessSampler;
  readonly #same: SameTicks;
  readonly #attached: Attached;
  readonly #cpu: CpuTime;
  readonly #childCpu: CpuTime;
  /** Until when it is a newcomer (`NewcomerBudget`), milliseconds as those of ticks. */
  readonly newUntil: number;
  #isBegun = false;
  #beginning: Generator<void, void> | undefined;
  /** Of the step of it that was last made. */
  #beginningAt = 0;
  #threadsLookedAt: number;
  #threadsRefreshed: number;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #accountedAt = Number.NEGATIVE_INFINITY;

  /** `time`: milliseconds, as those of ticks. */
  constructor(pid: number, attached: Attached, sampler: ProcessSampler, time: number, known: KnownProcess) {
    this.pid = pid;
    this.startTime = known.facts?.startTime ?? 0;
    this.mark = known.mark;
    this.sampler = sampler;
    this.#same = sampler.same;
    this.#attached = attached;
    this.#cpu = new CpuTime(known.facts?.cpuSeconds ?? 0);
    this.#childCpu = new CpuTime(known.facts?.childCpuSeconds ?? 0);
    this.newUntil = time + known.newFor;
    this.#threadsLookedAt = this.#threadsRefreshed = time;
  }

  /** Whether it can be sampled without making all others wait. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /**
   * Lists its threads, and with each further call learns a piece of what they run and at last what they are called,
   * until it is begun: steps of their own, so that no tick waits for more than one.
   */
  begin(time: number): void {
    this.#beginningAt = time;
    this.#beginning ??= this.#begin();
    this.#isBegun = this.#beginning.next().done === true;
  }

  *#begin(): Generator<void, void> {
    this.#refreshThreads(this.#beginningAt);
    yield;
    yield* this.sampler.learnAhead();
    this.#refreshThreads(this.#beginningAt);
  }

  #refreshThreads(time: number): void {
    this.#threadsLookedAt = this.#threadsRefreshed = time;
    this.sampler.refreshThreads(time * 1000);
  }

  /**
   * Takes a sample: of how many threads; `undefined` when the process is gone. `isLast`: with it all is told of them
   * that is kept for later samples.
   */
  sample(time: number, isLast = false): number | undefined {
    const { sampler } = this;
    if (isLast) sampler.settle();
    else if (this.#same.repeat(time * 1000)) return this.#same.threads;
    if (!this.#beginning) this.begin(time);
    this.#isBegun = true;
    this.#lookForThreads(time);
    const { learntAt } = sampler.codes;
    if (!sampler.tick(time * 1000)) return undefined;
    if (!this.#hasStoodSince(this.#threadsRefreshed))
      this.#same.endBy((this.#threadsRefreshed + refreshPause(sampler.threadCount)) * 1000);
    if (time < this.newUntil && (sampler.codes.size === 0 || sampler.codes.learntAt !== learntAt))
      this.#learnMore();
    return sampler.threadCount;
  }

  /**
   * Before the next sample what it runs is learnt in steps once more: a sample that met new code is followed by more of
   * them while a Python starts, which imports one module within another, and each takes 1 to 3 ms. So it was found
   * before it ran anything, as a rule.
   */
  #learnMore(): void {
    this.#beginning = this.sampler.learnAhead();
    this.#isBegun = false;
  }

  /** CPU seconds used since it is followed, as of the last `account`. */
  get cpu(): number {
    return this.#cpu.used;
  }

  /** The same of its children that ended. */
  get childCpu(): number {
    return this.#childCpu.used;
  }

  /** Whether it is to be asked for its facts and its program: it moved since that was last done. */
  isToBeChecked(time: number): boolean {
    if (this.#hasStoodSince(this.#checkedAt)) return false;
    this.#checkedAt = this.#accountedAt = time;
    return true;
  }

  /** Whether its CPU times may be others than when it was last asked for its facts. */
  isToBeAccounted(time: number): boolean {
    if (this.#hasStoodSince(this.#accountedAt)) return false;
    this.#accountedAt = time;
    return true;
  }

  #hasStoodSince(time: number): boolean {
    return this.sampler.standsSince <= time * 1000;
  }

  /** Counts the CPU times in `facts`, unless they are of another process by now. */
  account(facts: ProcessFacts | undefined): void {
    if (facts?.startTime !== this.startTime) return;
    this.#cpu.now = facts.cpuSeconds;
    this.#childCpu.now = facts.childCpuSeconds;
  }

  /** Whether it runs another program by now. */
  get isAnotherProgram(): boolean {
    return this.mark !== undefined && !hasMark(this.#attached.live.memory, this.mark);
  }

  /** Looks for threads that came or went, when that is due. */
  #lookForThreads(time: number): void {
    if (time - this.#threadsLookedAt < lookForThreadsEvery) return;
    this.#threadsLookedAt = time;
    const isDue =
      time - this.#threadsRefreshed >= refreshPause(this.sampler.threadCount) &&
      !this.#hasStoodSince(this.#threadsRefreshed);
    if (isDue) this.#threadsRefreshed = time;
    if (this.sampler.needsLook(time * 1000, isDue)) this.#refreshThreads(time);
  }

  close(): void {
    this.sampler.close();
    this.#attached.live.close();
  }
}

/** Milliseconds between two looks at threads of which nothing says that some came or went. */
function refreshPause(threads: number): number {
  return Math.max(
    refreshThreadsEvery,
    Math.min(refreshThreadsAtLeastEvery, threads * refreshThreadsEveryPerThread),
  );
}
