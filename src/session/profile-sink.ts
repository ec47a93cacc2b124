import type { Profile } from '../model/profile.js';
import { RecordingDecoder } from '../recording/recording-decoder.js';
import type { Sink } from './sink.js';

/** A profile that grows with what is sampled, for those who look at it meanwhile. */
export class ProfileSink implements Sink {
  readonly name = 'profile';
  readonly #decoder = new RecordingDecoder();

  write(payload: Uint8Array): void {
    this.#decoder.feed(payload);
  }

  close(): void {}

  /** All that came so far, runs that go on included. Always the same object: its tables grow with what comes later. */
  profile(): Profile {
    return this.#decoder.snapshot();
  }

  /** Empties the runs of the profile, so that it has only what comes from now on: it need not grow with time. */
  forgetRuns(): void {
    this.#decoder.forgetRuns();
  }
}
