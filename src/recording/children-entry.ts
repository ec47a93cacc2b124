import { decodeUtf8, encodeUtf8 } from '../bytes/text.js';
import type { UnrecordedChildren, UnrecordedProcess } from '../model/profile.js';

/** The body of an entry that says what is known of children that are not in the recording: JSON. */
export function childrenBody(children: UnrecordedChildren): Uint8Array {
  return encodeUtf8(JSON.stringify(children));
}

/** `undefined` when it is not such a body. What it lacks is as if nothing were known of it. */
export function readChildren(body: Uint8Array): UnrecordedChildren | undefined {
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(body));
  } catch {
    return undefined;
  }
  const { cpuSeconds, processes } = fieldsOf(json);
  return {
    cpuSeconds: typeof cpuSeconds === 'number' && cpuSeconds > 0 ? cpuSeconds : 0,
    processes: Array.isArray(processes) ? processes.map(processOf) : [],
  };
}

function processOf(json: unknown): UnrecordedProcess {
  const { pid, commandLine, reason } = fieldsOf(json);
  return {
    pid: typeof pid === 'number' ? pid : 0,
    commandLine: Array.isArray(commandLine) ? commandLine.map(String) : [],
    reason: typeof reason === 'string' ? reason : '',
  };
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}
