import { listProcesses } from '../discovery/list-processes.js';
import { type PythonProcess, psReport } from '../discovery/processes-json.js';
import { readRecording as readFile, readFrom } from '../disk/read-recording.js';
import { sourceOfBytes } from '../disk/recording-source.js';
import type { Profile } from '../model/profile.js';
import { throwIfAborted } from './options.js';

/**
 * Reads a recording: a file, or all of its bytes. What is damaged is passed over and counted (`damagedBlocks`); one
 * that was cut short is not `complete`. Throws a PyglassError: `not-a-recording`, `recording-too-new`, `file-not-found`
 * and the like.
 */
export function readRecording(recording: string | Uint8Array): Profile {
  if (typeof recording !== 'string') return readFrom(sourceOfBytes(recording), 'the recording');
  // For `pyglass report` that is standard input.
  return readFile(recording === '-' ? './-' : recording);
}

/**
 * The Python processes of the machine but our own: what `pyglass ps --json` prints. Takes some 200 ms, over which CPU
 * time is measured. Rejects with `proc-missing`, `aborted`.
 */
export async function listPythons(
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly PythonProcess[]> {
  throwIfAborted(options.signal);
  const processes = await listProcesses();
  throwIfAborted(options.signal);
  return psReport(processes).processes;
}
