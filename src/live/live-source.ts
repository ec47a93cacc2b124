import type { RecordingSource } from '../disk/recording-source.js';
import type { LiveState } from '../model/live-state.js';

/** What a live page shows and asks for, whatever is behind it. */
export interface LiveSource {
  state(): LiveState;
  /** The bytes of the recording of that number; `undefined` when there is another by now. To be read at once. */
  recording(number: number): RecordingSource | undefined;
  /** Begins a new recording of the same process. False where nothing is sampled. */
  reset(): boolean;
  /** Begins a recording of the process that was offered. False when it is another one. */
  follow(pid: number): boolean;
}
