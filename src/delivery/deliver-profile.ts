import type { ProfileMessage } from './profile-message.js';
import type { PushTarget } from './push-target.js';
import { type SendOptions, type SendOutcome, sendProfile } from './send-profile.js';

export interface DeliveryOptions extends SendOptions {
  /** Resolves after so many milliseconds, or rejects when it is not worth waiting any more. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** With pauses of 0.5, 1, 2 and 4 s between them: what is no more than a restart of the receiver is over by then. */
const mostAttempts = 5;
/** Answers of 500 and above: one receiver says so of a profile that it cannot read. */
const mostFaults = 3;
const firstPause = 500;

/** Sends a profile, again where that may help. Resolves with how the last attempt ended. */
export async function deliverProfile(
  target: PushTarget,
  message: ProfileMessage,
  options: DeliveryOptions,
): Promise<SendOutcome> {
  let faults = 0;
  for (let attempt = 1; ; attempt++) {
    const outcome = await sendProfile(target, message, options);
    if (outcome.kind !== 'failed') return outcome;
    if (outcome.isFault) faults++;
    if (attempt >= mostAttempts || faults >= mostFaults || options.signal?.aborted) return outcome;
    await options.pause(outcome.after ?? backOff(attempt, firstPause, options.random));
  }
}

/** Milliseconds before another attempt: twice as long each time, and from half to all of it by chance. */
export function backOff(attempt: number, first: number, random: () => number, longest = 60_000): number {
  const whole = Math.min(longest, first * 2 ** Math.min(attempt - 1, 30));
  return whole * (0.5 + random() / 2);
}
