import { checkOutput } from '../../disk/destination.js';
import { readFrom } from '../../disk/read-recording.js';
import { RecordingFile } from '../../disk/recording-file.js';
import { writeFileNow } from '../../disk/write-output.js';
import { PyglassError } from '../../model/error.js';
import type { Profile } from '../../model/profile.js';
import { endPayload } from '../../recording/end-payload.js';

/** Payloads are written together: nobody needs the last of them after our death, and each write costs. */
const blockBytes = 1 << 16;
/** Days of watching; the temporary files may lie in memory. */
const mostBytes = 256 << 20;

/**
 * What `top` has seen, as a recording among temporary files: what is shown forgets, this does not. The file has no name, so that
 * nothing of it stays however we end.
 */
export class KeptRecording {
  #file: RecordingFile | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Why it is no longer kept; `undefined` while it is. */
  trouble: unknown;

  /** A full disk ends the keeping, not the watching. */
  append(payload: Uint8Array): void {
    if (this.trouble !== undefined) return;
    this.#pending.push(payload);
    this.#pendingBytes += payload.length;
    if (this.#pendingBytes >= blockBytes) this.#flush();
  }

  /** Writes what was seen so far, `duration` microseconds of it, as a whole recording. Throws the troubles of files. */
  save(path: string, duration: number): void {
    checkOutput(path, false);
    writeFileNow(path, this.#kept().copy(endPayload(duration)));
  }

  read(): Profile {
    const kept = this.#kept();
    return readFrom(kept.source(), kept.path);
  }

  remove(): void {
    this.#file?.remove();
    this.#file = undefined;
  }

  #flush(): void {
    try {
      this.#file ??= RecordingFile.nameless(`top-${process.pid}`);
      if (this.#file.bytes > mostBytes)
        throw new PyglassError('recording-too-large', 'top has seen more than it keeps for saving');
      this.#file.append(Buffer.concat(this.#pending));
      this.#pending = [];
      this.#pendingBytes = 0;
    } catch (error) {
      this.trouble = error;
    }
  }

  #kept(): RecordingFile {
    if (this.#pendingBytes > 0) this.#flush();
    if (this.trouble !== undefined) throw this.trouble;
    if (this.#file === undefined) throw new PyglassError('nothing-sampled', 'nothing was sampled yet');
    return this.#file;
  }
}
