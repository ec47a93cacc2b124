import { backOff } from './deliver-profile.js';
import type { ProfileQueue, QueuedProfile } from './profile-queue.js';
import type { PushTarget } from './push-target.js';
import { type SendOptions, type SendOutcome, sendProfile } from './send-profile.js';

export interface SenderOptions extends Omit<SendOptions, 'signal'> {
  readonly queue: ProfileQueue;
  /** Asked each time, since it may be changed. */
  readonly target: () => PushTarget;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly onOutcome: (outcome: SendOutcome, isGivenUp: boolean) => void;
}

/** At a time: a receiver that takes a second for each still gets the profiles of 40 processes in time. */
const atOnce = 4;
/** Answers of 500 and above to one profile: perhaps it is the profile. */
const mostFaults = 3;
const firstPause = 1000;

/** Sends what is in a queue, until it is stopped. While the receiver fails, the queue waits. */
export class ProfileSender {
  readonly #options: SenderOptions;
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  readonly #running: Promise<void>;
  #wake: (() => void) | undefined;
  /** Attempts in a row that failed. */
  #failures = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Something is in the queue. */
  wake(): void {
    this.#wake?.();
  }

  /** Sends what is there, but no longer than so many milliseconds, and not again what fails. */
  async stop(longest: number): Promise<void> {
    this.#stop.abort();
    this.wake();
    const timer = setTimeout(() => this.#kill.abort(), longest);
    await this.#running;
    clearTimeout(timer);
  }

  get #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#kill.signal.aborted) {
      const batch = this.#takeBatch();
      if (batch.length === 0) {
        if (this.#isStopped) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const outcomes = await Promise.all(batch.map((one) => this.#send(one)));
      const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
      if (failed.length === 0) {
        this.#failures = 0;
        continue;
      }
      if (this.#isStopped) return;
      const asked = Math.max(0, ...failed.map(({ after = 0 }) => after));
      const pause = Math.max(asked, backOff(++this.#failures, firstPause, this.#options.random));
      await this.#options.pause(pause, this.#stop.signal);
    }
  }

  #takeBatch() {
    const batch: NonNullable<ReturnType<ProfileQueue['take']>>[] = [];
    // One alone finds out whether the receiver is there again.
    const most = this.#failures > 0 ? 1 : atOnce;
    while (batch.length < most) {
      const taken = this.#options.queue.take();
      if (!taken) break;
      batch.push(taken);
    }
    return batch;
  }

  async #send({ profile, message }: NonNullable<ReturnType<ProfileQueue['take']>>): Promise<SendOutcome> {
    const { queue, target, onOutcome, ...options } = this.#options;
    const outcome = await sendProfile(target(), message, { ...options, signal: this.#kill.signal });
    const isGivenUp = this.#isGivenUp(profile, outcome);
    if (outcome.kind === 'delivered' || isGivenUp) queue.done(profile);
    else queue.putBack(profile);
    onOutcome(outcome, isGivenUp);
    return outcome;
  }

  #isGivenUp(profile: QueuedProfile, outcome: SendOutcome): boolean {
    if (outcome.kind === 'refused' || outcome.kind === 'in-part') return true;
    return outcome.kind === 'failed' && outcome.isFault === true && ++profile.faults >= mostFaults;
  }
}
