import type { ReceiverId } from '../model/receiver-id.js';
import type { ProfileMessage } from './profile-message.js';

/** A kind of receiver: how it is asked to take a profile, and what its answers mean. */
export interface Receiver {
  /** As it is called by users. */
  readonly id: ReceiverId;
  /** Where below its URL profiles go. */
  readonly path: string;
  /** Throws where the profile is damaged. */
  request(endpoint: string, message: ProfileMessage): ReceiverRequest;
  /** What an answer of 400 and above means; redirections are refusals. */
  meaningOf(status: number): AnswerMeaning;
  /** The beginning of an answer of success; absent: it says nothing. */
  notes?(body: Uint8Array): ReceiverNotes;
  /** What an answer of failure with this media type says; absent or `undefined`: its body is text. */
  text?(body: Uint8Array, mediaType: string): string | undefined;
}

export interface ReceiverRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * `busy`: it takes the same profile later; `fault`: perhaps, or perhaps it cannot read the profile; `refused`: it does
 * not want it.
 */
export type AnswerMeaning = 'busy' | 'fault' | 'refused';

/** What a receiver says of a request that it took. */
export interface ReceiverNotes {
  /** It did not take all of it, and must not get it again: why, may be empty. */
  readonly rejected?: string;
  /** It took all of it. */
  readonly warning?: string;
}
