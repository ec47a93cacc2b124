import type { StillClock } from '../platform/target.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';
import type { LookRecords } from './look-records.js';
import type { LabelChanges, ProcessLabels } from './thread-labels.js';

export interface SameTicksParts {
  readonly encoder: Pick<RecordingEncoder, 'repeatTick'>;
  /** The recording's number of the process. */
  readonly process: number;
  readonly labels: Pick<ProcessLabels, 'changes'> | undefined;
  readonly records: Pick<LookRecords, 'isWaiting'> | undefined;
  /** To be called at a tick that is the same while some record waits; microseconds. */
  readonly rest: (time: number) => void;
}

/**
 * Ticks of one process that are the same as the one before it, while it stands. All that such a tick needs is here: the
 * caches are cold at each tick, so what it costs is how many objects it looks at. When it went the way of the others,
 * one took 6 µs.
 */
export class SameTicks {
  readonly #encoder: SameTicksParts['encoder'];
  readonly #process: number;
  readonly #labelChanges: LabelChanges | undefined;
  readonly #records: SameTicksParts['records'];
  readonly #rest: SameTicksParts['rest'];
  #clocks: readonly StillClock[] = [];
  #until = Number.NEGATIVE_INFINITY;
  /** How many changes of labels there were when they began. */
  #changes = 0;
  /** The last one, microseconds. */
  last = Number.NEGATIVE_INFINITY;

  constructor({ encoder, process, labels, records, rest }: SameTicksParts) {
    this.#encoder = encoder;
    this.#process = process;
    this.#labelChanges = labels?.changes;
    this.#records = records;
    this.#rest = rest;
  }

  /** How many threads each of them is a sample of. */
  get threads(): number {
    return this.#clocks.length;
  }

  /** Those up to `until` (microseconds) are the same as the one now, while all `clocks` are still. */
  begin(clocks: readonly StillClock[], until: number): void {
    this.#clocks = clocks;
    this.#until = until;
    this.#changes = this.#labelChanges?.count ?? 0;
  }

  /** The next one is another. */
  end(): void {
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** The one at `time` may be another. */
  endBy(time: number): void {
    if (time < this.#until) this.#until = time;
  }

  /** Records a tick that is the same; false when it may be another, and nothing was done. Its threads are asked. */
  repeat(timeMicros: number): boolean {
    if (!(timeMicros < this.#until)) return false;
    if (!this.#isStill()) {
      this.end();
      return false;
    }
    if (this.#records?.isWaiting) this.#rest(timeMicros);
    this.#encoder.repeatTick(this.#process, timeMicros);
    this.last = timeMicros;
    return true;
  }

  #isStill(): boolean {
    if (this.#labelChanges && this.#labelChanges.count !== this.#changes) return false;
    for (const clock of this.#clocks) if (!clock.isStill()) return false;
    return true;
  }
}
