import { lastOfProfile } from '../analysis/last-of-profile.js';
import { type Losses, Profile } from '../model/profile.js';
import { RecordingBlocks } from '../recording/recording-blocks.js';
import { RecordingDecoder } from '../recording/recording-decoder.js';

/** Microseconds that a page can show the last of; `undefined`: everything. */
export const liveWindows = { '10s': 10_000_000, '1min': 60_000_000, all: undefined } as const;
export type LiveWindow = keyof typeof liveWindows;

/**
 * Runs that a page keeps, 36 bytes each: hours of a busy thread at 100 samples a second. Then it forgets them, and goes
 * on with what comes; the recording itself has all.
 */
const mostRuns = 4_000_000;

interface Mark {
  readonly time: number;
  readonly losses: Losses;
}

/** A recording that grows, as a page has it. */
export class LiveRecording {
  readonly number: number;
  readonly #mostRuns: number;
  readonly #blocks = new RecordingBlocks();
  readonly #decoder = new RecordingDecoder();
  readonly #pending: Uint8Array[] = [];
  /** Where the last block ends whose payload is among the pending ones, and of those that are shown. */
  #pendingEnd = 0;
  #shownEnd = 0;
  /** Losses by time, as far back as a window reaches. */
  #marks: Mark[] = [];
  #since: Mark = { time: 0, losses: { missed: 0, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 } };

  /** `number`: see `LiveState`. */
  constructor(number: number, most = mostRuns) {
    this.number = number;
    this.#mostRuns = most;
  }

  /** Bytes that came so far. */
  get received(): number {
    return this.#blocks.received;
  }

  /** Where the last block ends that is shown, and the time until then: what makes a file of just that. */
  get shown(): { readonly end: number; readonly duration: number } {
    return { end: this.#shownEnd, duration: this.#decoder.snapshot().duration };
  }

  /** Microseconds from the beginning that are forgotten. */
  get forgotten(): number {
    return this.#since.time;
  }

  /** Takes what came, unpacked by `inflate`. Is shown from the next `profile` on. Throws where it is no recording. */
  async add(bytes: Uint8Array, inflate: (packed: Uint8Array) => Promise<Uint8Array>): Promise<void> {
    const packed = this.#blocks.add(bytes);
    const { end } = this.#blocks;
    this.#pending.push(...(await Promise.all(packed.map(inflate))));
    this.#pendingEnd = end;
  }

  /**
   * All that came so far, or the last of it. What was counted of the one before is not to be asked for any more: its
   * tables have grown.
   */
  profile(window: LiveWindow): Profile {
    for (const payload of this.#pending.splice(0)) this.#feed(payload);
    this.#shownEnd = this.#pendingEnd;
    const all = this.#decoder.snapshot();
    // It goes on because nobody stopped it, not because something broke.
    const profile = Object.assign(new Profile(), all, { complete: all.damagedBlocks === 0 });
    const length = Math.min(liveWindows[window] ?? all.duration, all.duration - this.#since.time);
    if (length >= all.duration) return profile;
    return lastOfProfile(profile, length, this.#lossesSince(all.duration - length));
  }

  #feed(payload: Uint8Array): void {
    this.#decoder.feed(payload);
    const { duration, losses, runs, suspended } = this.#decoder.snapshot();
    const mark = { time: duration, losses: { ...losses } };
    if (runs.stack.length + suspended.runs.stack.length > this.#mostRuns) {
      this.#decoder.forgetRuns();
      this.#since = mark;
    }
    this.#marks.push(mark);
    const oldest = duration - liveWindows['1min'];
    const first = this.#marks.findIndex(({ time }) => time > oldest);
    // The last one before the window is where its losses are counted from.
    if (first > 1) this.#marks.splice(0, first - 1);
  }

  /** Of a little more than that time where no mark was just then: never too few. */
  #lossesSince(time: number): Losses {
    const before = [this.#since, ...this.#marks].findLast((mark) => mark.time <= time) ?? this.#since;
    const { losses } = this.#decoder.snapshot();
    return {
      missed: losses.missed - before.losses.missed,
      retried: losses.retried - before.losses.retried,
      torn: losses.torn - before.losses.torn,
      truncated: losses.truncated - before.losses.truncated,
      unreadTasks: losses.unreadTasks - before.losses.unreadTasks,
    };
  }
}
