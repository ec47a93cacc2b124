import { setTimeout as pause } from 'node:timers/promises';
import type { ViewOptions } from '../analysis/view-options.js';
import { PyglassError } from '../model/error.js';
import type { Profile } from '../model/profile.js';
import { type DeliveryOptions, deliverProfile } from './deliver-profile.js';
import type { PushTarget } from './push-target.js';
import { recordingMessages } from './recording-messages.js';

export interface PushOptions extends Partial<DeliveryOptions> {
  readonly service?: string | undefined;
}

/** Profiles of a recording that were sent. */
export interface PushedProfiles {
  readonly sent: number;
  /** Of these, those that the receiver took only in part: it must not get them again. */
  readonly inPart: number;
  /** What it said of the first of them, secrets hidden; may be empty. */
  readonly said: string;
}

const timeout = 30_000;

/**
 * Sends a recording, with its own times. Throws `push-refused` and `push-failed` at the first that the receiver did not
 * get.
 */
export async function pushRecording(
  target: PushTarget,
  profile: Profile,
  view: ViewOptions,
  options: PushOptions = {},
): Promise<PushedProfiles> {
  const { service, signal, ...given } = options;
  const delivery: DeliveryOptions = {
    ...{ fetch, timeout, now: Date.now, random: Math.random },
    pause: (milliseconds) => pause(milliseconds, undefined, signal ? { signal } : {}).catch(() => {}),
    ...given,
    ...(signal ? { signal } : {}),
  };
  let [sent, inPart, said] = [0, 0, ''];
  for (const message of recordingMessages(profile, view, service)) {
    const outcome = await deliverProfile(target, message, delivery);
    if (outcome.kind === 'in-part') {
      if (inPart === 0) said = outcome.said;
      inPart++;
    } else if (outcome.kind !== 'delivered')
      throw new PyglassError(
        outcome.kind === 'refused' ? 'push-refused' : 'push-failed',
        `cannot push to ${target.shown}: ${outcome.reason}`,
        { sent },
      );
    sent++;
  }
  return { sent, inPart, said };
}
