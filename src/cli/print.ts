import { standardOutput } from '../disk/destination.js';
import { writeOutput } from '../disk/write-output.js';

/**
 * Data for standard output: whole, in order, or an error that says why not. Who reads it may have had enough of it.
 * `signal` ends the waiting for one who does not read; only a signal ends the process then.
 */
export async function print(texts: readonly string[], signal?: AbortSignal): Promise<void> {
  await writeOutput(standardOutput, texts, signal ? { signal } : {});
}
