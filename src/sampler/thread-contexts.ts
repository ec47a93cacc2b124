import type { AsyncioDebug } from '../cpython/asyncio/debug-section.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import type { Anchor } from '../frameworks/request-anchors.js';
import type { ReadPlan } from '../memory/read-plan.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';
import { LoopSteps } from './loops/loop-steps.js';
import { RequestFinder } from './requests/request-finder.js';
import type { RequestNumbers } from './requests/request-in-hand.js';
import type { LookMoment } from './requests/still-there.js';
import { SuspendedRequests } from './requests/suspended-requests.js';
import type { SampledThread } from './sampled-thread.js';
import type { StackReader } from './stack-reader.js';
import type { ProcessLabels } from './thread-labels.js';

export interface ThreadContextsOptions {
  /** Absent: nothing is known of labels. */
  readonly labels?: ProcessLabels;
  /** Absent: requests are not looked for. */
  readonly requests?: {
    /** Which frames have a request in hand. */
    readonly anchors: readonly Anchor[];
    /** The number of the next request that is seen. */
    readonly numbers: RequestNumbers;
    /** As `TaskSource` has it. */
    readonly findDebug?: () => AsyncioDebug | undefined;
  };
}

interface ContextsParts extends ThreadContextsOptions {
  readonly memory: TargetMemory;
  readonly location: RuntimeLocation;
  readonly encoder: RecordingEncoder;
  readonly process: number;
  readonly clock: () => number;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
}

export function makeContexts(
  { labels, requests, memory, location, encoder, process, clock, cpu }: ContextsParts,
  { tree, codes }: Pick<StackReader, 'tree' | 'codes'>,
): ThreadContexts {
  const { layout, runtime } = location;
  const loops = new LoopSteps({ memory, layout, tree, codes, encoder });
  const moment = { lookedAt: 0 };
  if (!requests) return new ThreadContexts(labels, loops, moment, undefined, undefined);
  const { anchors, numbers, findDebug } = requests;
  const finder = new RequestFinder({
    ...{ memory, layout, tree, codes, encoder, numbers, anchors, clock, moment },
  });
  const suspended = new SuspendedRequests({
    ...{ memory, layout, runtime, findDebug, codes, encoder, process, cpu },
    requests: finder,
  });
  return new ThreadContexts(labels, loops, moment, finder, suspended);
}

/**
 * What the threads of a process work for: the request that each has in hand, within the labels that were set; and the
 * steps of their event loops.
 */
export class ThreadContexts {
  readonly #labels: ProcessLabels | undefined;
  readonly #loops: LoopSteps;
  /** To be set once it was looked at what the threads do. */
  readonly moment: LookMoment;
  readonly #requests: RequestFinder | undefined;
  readonly #suspended: SuspendedRequests | undefined;
  /** When a thread is to be looked at, even if it has not moved; microseconds. */
  askAt = Number.POSITIVE_INFINITY;
  /** How many changes of labels the threads know of. */
  #labelChanges = 0;

  constructor(
    labels: ProcessLabels | undefined,
    loops: LoopSteps,
    moment: LookMoment,
    requests: RequestFinder | undefined,
    suspended: SuspendedRequests | undefined,
  ) {
    this.#labels = labels;
    this.#loops = loops;
    this.moment = moment;
    this.#requests = requests;
    this.#suspended = suspended;
  }

  /** Gives the threads the labels that hold now; `of`: those that are new, or all after a change. */
  label(threads: readonly SampledThread[], of: 'all' | 'changed'): void {
    const labels = this.#labels;
    if (!labels || (of === 'changed' && labels.changes === this.#labelChanges)) return;
    this.#labelChanges = labels.changes;
    for (const thread of threads) {
      thread.labels = labels.contextOf(thread.threadId);
      thread.context =
        thread.request && this.#requests
          ? this.#requests.contextWithin(thread.request, thread.labels)
          : thread.labels;
    }
  }

  /**
   * Finds the request of a thread whose stack was found. `copy`: as `RequestFinder.contextOf`. True when the plan of
   * the next tick must be made again.
   */
  find(thread: SampledThread, copy: Uint32Array | undefined, now: number): boolean {
    this.#loops.find(thread, copy);
    if (!this.#requests) return this.#loops.changed;
    thread.context = this.#requests.contextOf(thread, copy, thread.labels, now);
    this.askAt = Math.min(this.askAt, thread.ask.at);
    return this.#requests.contents.changed || this.#loops.changed;
  }

  /** Adds what is copied with every tick beside the frames. */
  addTo(plan: ReadPlan): void {
    this.#loops.addTo(plan);
    this.#requests?.contents.addTo(plan);
  }

  /** As `StackReader.drop`. */
  drop(address: number, length: number): boolean {
    return this.#loops.drop(address, length) || (this.#requests?.contents.drop(address, length) ?? false);
  }

  review(timeMicros: number): void {
    this.#requests?.contents.review(timeMicros);
  }

  /**
   * To be called after each tick: looks at loops, and at suspended tasks when that is due. `copy`: absent when making
   * it was held up.
   */
  lookAtTasks(timeMicros: number, threads: readonly SampledThread[], copy: Uint32Array | undefined): void {
    if (copy) this.#loops.look(timeMicros, threads, copy);
    this.#suspended?.look(timeMicros, threads);
  }

  /** No more ticks come. */
  finish(): void {
    this.#loops.finish();
  }
}
