import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingFile, recordingBeside } from '../disk/recording-file.js';
import { isPlainFile } from '../disk/write-output.js';

/** Where the recording lies while it grows: in the output itself, beside it, or among temporary files. */
export class RecordingKeeper {
  readonly #output: string;
  readonly #isOutput: boolean;
  #file: RecordingFile | undefined;

  constructor(output: string, isOutput: boolean) {
    this.#output = output;
    this.#isOutput = isOutput;
  }

  /** Creates the file at the first payload, so that a target that cannot be recorded costs no earlier recording. */
  append(payload: Uint8Array): void {
    this.#file ??= this.#create();
    this.#file.append(payload);
  }

  #create(): RecordingFile {
    if (this.#isOutput) return new RecordingFile(this.#output, true);
    if (isPlainFile(this.#output)) return recordingBeside(this.#output);
    return recordingBeside(join(tmpdir(), `pyglass-${process.pid}`));
  }

  get holdsSamples(): boolean {
    return this.#file !== undefined;
  }

  get path(): string {
    return this.#file!.path;
  }

  contents(): Iterable<Uint8Array> {
    return [readFileSync(this.path)];
  }

  close(): void {
    this.#file?.close();
  }

  remove(): void {
    this.#file?.remove();
    this.#file = undefined;
  }
}
