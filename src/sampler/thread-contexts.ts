import type { ReadPlan } from '../memory/read-plan.js';
import type { RequestFinder } from './requests/request-finder.js';
import type { SampledThread } from './sampled-thread.js';
import type { ProcessLabels } from './thread-labels.js';

/** What the threads of a process work for: the request that each has in hand, within the labels that were set. */
export class ThreadContexts {
  readonly #labels: ProcessLabels | undefined;
  readonly #requests: RequestFinder | undefined;
  /** How many changes of labels the threads know of. */
  #labelChanges = 0;

  constructor(labels: ProcessLabels | undefined, requests: RequestFinder | undefined) {
    this.#labels = labels;
    this.#requests = requests;
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
    if (!this.#requests) return false;
    thread.context = this.#requests.contextOf(thread, copy, thread.labels, now);
    return this.#requests.changed;
  }

  /** Adds what is copied with every tick beside the frames. */
  addTo(plan: ReadPlan): void {
    this.#requests?.addTo(plan);
  }

  /** As `StackReader.drop`. */
  drop(address: number, length: number): boolean {
    return this.#requests?.drop(address, length) ?? false;
  }

  review(timeMicros: number): void {
    this.#requests?.review(timeMicros);
  }
}
