import { checkOutput } from '../disk/destination.js';
import { readFrom } from '../disk/read-recording.js';
import { RecordingFile } from '../disk/recording-file.js';
import type { RecordingSource } from '../disk/recording-source.js';
import { writeFileNow } from '../disk/write-output.js';
import { PyglassError } from '../model/error.js';
import { Profile } from '../model/profile.js';
import { endPayload } from '../recording/end-payload.js';
import type { Sink } from './sink.js';

/** Payloads are written together: nobody needs the last of them after our death, and each write costs. */
const blockBytes = 1 << 16;
/** Days of watching; the temporary files may lie in memory. */
const mostBytes = 256 << 20;

/**
 * A recording for which nobody named an output, among temporary files. The file has no name, so that nothing of it
 * stays however we end. It is read and removed after the session.
 */
export class KeptRecording implements Sink {
  readonly name = 'recording';
  readonly #purpose: string;
  readonly #tooLarge: string;
  #file: RecordingFile | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Why it is no longer kept; `undefined` while it is. */
  error: unknown;

  /**
   * `purpose` is a part of the name of the folder that the file is made in, `tooLarge` what is said when there is more
   * than is kept.
   */
  constructor(purpose: string, tooLarge: string) {
    this.#purpose = purpose;
    this.#tooLarge = tooLarge;
  }

  /** Throws `disk-full` and other file errors, `recording-too-large` after 256 MB. */
  write(payload: Uint8Array): void {
    this.#pending.push(payload);
    this.#pendingBytes += payload.length;
    if (this.#pendingBytes >= blockBytes) this.#flush();
  }

  close(): void {}

  /** Writes what was seen so far, `duration` microseconds of it, as a whole recording. Throws file errors. */
  save(path: string, duration: number): void {
    checkOutput(path, false);
    writeFileNow(path, this.#kept().copy(endPayload(duration)));
  }

  read(): Profile {
    const kept = this.#kept();
    return readFrom(kept.source(), kept.path);
  }

  /** What was kept so far, if only until an error. */
  readSoFar(): Profile {
    const source = this.source();
    return source && this.#file ? readFrom(source, this.#file.path) : new Profile();
  }

  /**
   * All of it so far, as the bytes of a file in which the last block is whole; what was kept until an error.
   * `undefined` before anything came and after `remove`. To be read at once: the file may be gone later.
   */
  source(): RecordingSource | undefined {
    if (this.#pendingBytes > 0 && this.error === undefined) this.#flush();
    return this.#file?.source();
  }

  remove(): void {
    this.#file?.remove();
    this.#file = undefined;
  }

  #flush(): void {
    try {
      this.#file ??= RecordingFile.nameless(this.#purpose);
      if (this.#file.bytes > mostBytes) throw new PyglassError('recording-too-large', this.#tooLarge);
      this.#file.append(Buffer.concat(this.#pending));
      this.#pending = [];
      this.#pendingBytes = 0;
    } catch (error) {
      this.error = error;
      throw error;
    }
  }

  #kept(): RecordingFile {
    if (this.error !== undefined) throw this.error;
    if (this.#pendingBytes > 0) this.#flush();
    if (this.#file === undefined) throw new PyglassError('nothing-sampled', 'nothing was sampled yet');
    return this.#file;
  }
}
