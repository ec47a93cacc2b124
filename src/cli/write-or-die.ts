import { writeOutput } from '../disk/write-output.js';
import { dieOfSignal } from './die-of-signal.js';
import { onSignals } from './signals.js';

/** Writes an output. A signal ends us as ever, but nothing half written stays. */
export async function writeOrDie(
  output: string,
  chunks: Iterable<string | Uint8Array>,
  follow: boolean,
): Promise<void> {
  const writing = new AbortController();
  let came: NodeJS.Signals | undefined;
  let release = () => {};
  // Not before there is something to clean up: a view that takes long to make would not let signals be heard.
  const onBegin = () => {
    release = onSignals((signal) => {
      came = signal;
      writing.abort();
    });
  };
  try {
    await writeOutput(output, chunks, { follow, signal: writing.signal, onBegin });
  } catch (error) {
    if (came) dieOfSignal(came);
    throw error;
  } finally {
    release();
  }
}
