import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { destinationOf, isWritableFolder } from '../disk/destination.js';
import { abandonedRecordings } from '../disk/private-folder.js';
import { readFrom } from '../disk/read-recording.js';
import { type RecordingBeside, RecordingFile, recordingBeside } from '../disk/recording-file.js';
import { Profile } from '../model/profile.js';
import type { Sink } from './sink.js';

/** A part of the names of folders among temporary files. */
const purpose = 'record';

/**
 * The recording as a file while it grows: in the output itself, beside it, or among temporary files. It is read and
 * removed after the session.
 */
export class RecordingKeeper implements Sink {
  readonly name = 'recording';
  readonly #output: string;
  readonly #isOutput: boolean;
  readonly #follow: boolean;
  #file: RecordingFile | undefined;
  #abandoned: readonly string[] = [];

  /**
   * `isOutput`: the recording is what was asked for. `follow`: false for names that nobody typed. An earlier recording
   * that it will replace is opened at once; throws `recording-in-use` when another process records into it.
   */
  constructor(output: string, isOutput: boolean, follow: boolean) {
    this.#output = output;
    this.#follow = follow;
    const destination = destinationOf(output, follow);
    this.#isOutput = isOutput && destination.kind === 'file';
    if (follow && this.#isOutput && destination.kind === 'file' && destination.stats)
      this.#file = new RecordingFile(output, true);
  }

  /** Makes the file, unless it is there. Only now, so that a target that cannot be recorded leaves nothing behind. */
  open(): void {
    if (this.#file) return;
    const { file, abandoned } = this.#created();
    this.#file = file;
    this.#abandoned = abandoned;
  }

  #created(): RecordingBeside {
    const destination = destinationOf(this.#output, this.#follow);
    if (destination.kind === 'file') {
      const { path, stats } = destination;
      if (this.#isOutput && !stats) return { file: this.#createdOutput(), abandoned: [] };
      if (isWritableFolder(dirname(resolve(path))))
        return recordingBeside(path, stats?.isFile() ? stats.mode & 0o777 : undefined);
    }
    const abandoned = abandonedRecordings(purpose);
    return { file: RecordingFile.temporary(purpose), abandoned };
  }

  #createdOutput(): RecordingFile {
    try {
      return new RecordingFile(this.#output, false);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      // Another was faster; or it is a link to nothing, and the recording takes its place at the end.
      const { stats } = destinationOf(this.#output, this.#follow) as { stats?: Stats };
      return this.#follow && stats
        ? new RecordingFile(this.#output, true)
        : recordingBeside(this.#output).file;
    }
  }

  write(payload: Uint8Array): void {
    this.open();
    this.#file!.append(payload);
  }

  /** Every payload went to the kernel as it came, and the file is still to be read. */
  close(): void {}

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  get holdsSamples(): boolean {
    return this.#file?.holdsSamples ?? false;
  }

  /**
   * Recordings of earlier runs that were killed, for the same output or, when it is a pipe or a device, for any such.
   */
  get abandoned(): readonly string[] {
    return this.#abandoned;
  }

  get path(): string {
    return this.#file!.path;
  }

  /** Whether the output is there when the recording ends. */
  get isFinished(): boolean {
    return this.#file!.path === this.#output && this.#file!.isInPlace;
  }

  /** The same before there is a file. */
  readSoFar(): Profile {
    return this.holdsSamples ? this.read() : new Profile();
  }

  read(): Profile {
    return readFrom(this.#file!.source(), this.path);
  }

  contents(): Iterable<Uint8Array> {
    return this.#file!.copy();
  }

  /**
   * Where what was recorded can be found, after an error: in a file of another name when somebody has taken ours away.
   */
  rescued(): string {
    const file = this.#file!;
    if (file.isInPlace) return file.path;
    const copy = isWritableFolder(dirname(resolve(file.path)))
      ? recordingBeside(file.path.replace(/\.pyglass$/, '')).file
      : RecordingFile.temporary(purpose);
    copy.appendCopyOf(file);
    copy.close();
    return copy.path;
  }

  /** Closes the file, which stays. */
  release(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** Closes and removes it; an earlier recording that it was to replace stays. */
  remove(): void {
    this.#file?.remove();
    this.#file = undefined;
  }
}
