import { lstatSync } from 'node:fs';
import { extname } from 'node:path';
import { destinationOf, standardOutput } from '../../disk/destination.js';
import { writeOutput } from '../../disk/write-output.js';
import { formatForPath } from '../../formats/formats.js';
import { PyglassError } from '../../model/error.js';
import { RecordingKeeper } from '../../session/recording-keeper.js';
import type { Sink } from '../../session/sink.js';
import { plainText, type Terminal } from '../terminal.js';

/** The files of -o: one for each recording, since a page may begin a new one. */
export class LiveOutputs {
  readonly #output: string | undefined;
  readonly #terminal: Terminal;
  readonly #keepers: { readonly path: string; readonly keeper: RecordingKeeper }[] = [];
  #error: unknown;

  /** Throws what keeps the file from being written, before anything is sampled in vain. */
  constructor(output: string | undefined, terminal: Terminal) {
    this.#output = output;
    this.#terminal = terminal;
    if (output === undefined) return;
    if (output === standardOutput || destinationOf(output).kind !== 'file')
      throw new PyglassError('bad-option', `-o must be a file, not ${output}`);
    if (formatForPath(output))
      throw new PyglassError('bad-option', `-o keeps the recording itself, which ${output} is no name for`, {
        remedy: ['Name it so that it says what it is:', '  -o run.pyglass'],
      });
  }

  /** For the recording that begins now. */
  next(): readonly Sink[] {
    if (this.#output === undefined) return [];
    const isFirst = this.#keepers.length === 0;
    const path = isFirst ? this.#output : freeName(this.#output);
    const keeper = new RecordingKeeper(path, true, isFirst);
    this.#keepers.push({ path, keeper });
    return [keeper];
  }

  /** What is on disk by then stays, and the page goes on. */
  failed(error: unknown): void {
    this.#error ??= error;
    this.#terminal.say(`Not kept any more: ${error instanceof Error ? error.message : error}.`);
  }

  /** Puts each in its place. Throws what went wrong with the first. */
  async finish(): Promise<void> {
    for (const { path, keeper } of this.#keepers) {
      if (!keeper.holdsSamples) {
        keeper.remove();
        continue;
      }
      if (keeper.isFinished) keeper.release();
      else {
        await writeOutput(path, keeper.contents());
        keeper.remove();
      }
      this.#terminal.say(`Wrote ${plainText(path)} (view it with pyglass report).`);
    }
    if (this.#error !== undefined) throw this.#error;
  }
}

/** `run-2.pyglass`, `run-3.pyglass`, …: the first that nothing has yet. */
function freeName(path: string): string {
  const suffix = extname(path);
  for (let number = 2; ; number++) {
    const name = `${path.slice(0, path.length - suffix.length)}-${number}${suffix}`;
    if (!lstatSync(name, { throwIfNoEntry: false })) return name;
  }
}
