import { type FrameOrder, type Sample, SampleReader } from '../analysis/samples.js';
import { ProfileSink } from './profile-sink.js';
import type { Sink } from './sink.js';

/**
 * Hands on samples as they come, some 0.4 s after they were taken. What stays in memory are the names, frames and
 * stacks that were seen, not the samples. `onSample` is not awaited; what it throws is the sink's error, and ends the
 * streaming alone.
 */
export class SampleSink implements Sink {
  readonly name = 'samples';
  readonly #profile = new ProfileSink();
  readonly #reader: SampleReader;
  readonly #onSample: (sample: Sample) => void;

  constructor(onSample: (sample: Sample) => void, order: FrameOrder = 'innermost-first') {
    this.#onSample = onSample;
    this.#reader = new SampleReader(this.#profile.profile(), order);
  }

  write(payload: Uint8Array): void {
    this.#profile.write(payload);
    this.#profile.profile();
    for (const sample of this.#reader.samples()) this.#onSample(sample);
    this.#profile.forgetRuns();
  }

  close(): void {}
}
