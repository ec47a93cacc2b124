import { standardOutput } from '../disk/destination.js';
import { writeOutput } from '../disk/write-output.js';

/** Data for standard output: whole, in order, or an error that says why not. Who reads it may have had enough of it. */
export async function print(...texts: readonly string[]): Promise<void> {
  await writeOutput(standardOutput, texts);
}
