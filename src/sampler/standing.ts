import type { NodeId } from '../model/ids.js';
import { cpuShareOf, RunFlag } from '../model/profile.js';
import type { StillClock } from '../platform/target.js';
import type { SameTicks } from './same-ticks.js';
import type { SampledThread } from './sampled-thread.js';

/** Threads of a process that are asked one by one whether they moved: each takes 1.5 µs, a whole reading some 60. */
const mostThreads = 8;
/**
 * Microseconds until a process that stands is read all the same: what its threads call may be certain by now. Each time
 * twice as long, since what is not certain by then hardly will be.
 */
const firstReadAfter = 100_000;
const readAtLeastEvery = 1e6;

type StandingThread = Pick<SampledThread, 'activity' | 'flags' | 'node'>;

/**
 * Whether a process has not moved since it was read: the kernel gave none of its threads a processor, so nothing in its
 * memory is another. Most processes of a web server wait most of the time, and a reading of each at every tick was 24 %
 * of a processor for 40 of them.
 */
export class Standing {
  readonly #countThreads: () => number | undefined;
  /** All its threads stood before it was read, and they still did after. */
  #isRead = false;
  /** It was seen since it moved that it has no other threads. */
  #isCounted = false;
  #readAt = 0;
  #readAfter = firstReadAfter;
  /** Stacks at which it stood when it was read last, by thread. */
  readonly #nodes: NodeId[] = [];
  #isNoted = false;
  readonly #same: Pick<SameTicks, 'begin' | 'end'>;
  /** Since when it has not moved, as of the last tick, microseconds; infinite: it may have. */
  since = Number.POSITIVE_INFINITY;

  /** `countThreads`: how many threads the process has, whatever they run; `undefined`: that is not known. */
  constructor(countThreads: () => number | undefined, same: Pick<SameTicks, 'begin' | 'end'>) {
    this.#countThreads = countThreads;
    this.#same = same;
  }

  /** What was read before may not be what is there. */
  moved(): void {
    this.#isRead = false;
    this.#same.end();
    this.since = Number.POSITIVE_INFINITY;
  }

  /**
   * To be called at each tick before anything is read: whether all is as it was read. Threads that do not run Python
   * might run it at any time.
   */
  isAsRead(threads: readonly StandingThread[], time: number): boolean {
    // Asked also where it is to be read: a thread that stands from here to after the copy was read as it stands.
    if (!haveStood(threads)) this.moved();
    if (!this.#isRead || time - this.#readAt >= this.#readAfter) return false;
    this.#isCounted ||= this.#countThreads() === threads.length;
    if (!this.#isCounted) return false;
    this.since = Math.min(this.since, this.#readAt);
    if (!this.#isNoted) this.#note(threads);
    return true;
  }

  /**
   * Where it stands as it stood before, as one that waits for work does, it was read often enough. Else three readings
   * each time that it woke were half of all, of 40 processes that wake once a second.
   */
  #note(threads: readonly StandingThread[]): void {
    const nodes = this.#nodes;
    if (nodes.length === threads.length && threads.every(({ node }, index) => node === nodes[index]))
      this.#readAfter = readAtLeastEvery;
    nodes.length = 0;
    for (const { node } of threads) nodes.push(node);
    this.#isNoted = true;
  }

  /**
   * To be called after a tick at which it was as it was read, `passed` microseconds after the one before: but for what
   * is due at `until`, the next ones will be the same.
   */
  staysSame(threads: readonly StandingThread[], passed: number, until: number): void {
    const isPaid = threads.every(({ flags, activity }) => cpuShareOf(flags) === 0 && activity.isPaid(passed));
    const clocks = isPaid ? stillClocks(threads) : undefined;
    if (clocks) this.#same.begin(clocks, Math.min(until, this.#readAt + this.#readAfter));
    else this.#same.end();
  }

  /** To be called when it was read, after the kernel was asked for what the threads do. */
  read(threads: readonly StandingThread[], time: number): void {
    const isSame = this.since <= time;
    this.#isNoted = false;
    this.#same.end();
    if (!isSame) this.#isCounted = false;
    this.#isRead = threads.length <= mostThreads && threads.every(({ activity }) => activity.stands);
    if (!this.#isRead) this.since = Number.POSITIVE_INFINITY;
    this.#readAt = time;
    this.#readAfter = isSame ? Math.min(readAtLeastEvery, this.#readAfter * 2) : firstReadAfter;
  }
}

function haveStood(threads: readonly StandingThread[]): boolean {
  if (threads.length === 0 || threads.length > mostThreads) return false;
  const others = RunFlag.waitsForGil | RunFlag.holdsGil | RunFlag.collecting;
  for (const { flags } of threads) if ((flags & others) !== 0) return false;
  for (const { activity } of threads) if (!activity.hasStood()) return false;
  return true;
}

/** `undefined`: one of them has not stood. */
function stillClocks(threads: readonly StandingThread[]): StillClock[] | undefined {
  const clocks: StillClock[] = [];
  for (const { activity } of threads) {
    const clock = activity.still();
    if (!clock) return undefined;
    clocks.push(clock);
  }
  return clocks;
}
