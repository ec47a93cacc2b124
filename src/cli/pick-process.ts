import { listProcesses } from '../discovery/list-processes.js';
import { PyglassError } from '../model/error.js';
import { tableLines } from './ps/table.js';
import { onSignals } from './signals.js';
import { plainText, standardError } from './terminal.js';

/** Clack draws a bar, a mark and blanks before what we give it. */
const widthOfMarks = 6;
const mostRows = 12;

/** Someone is there to be asked: questions go to standard error, as all messages do. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
}

/**
 * Lets one choose among the Python processes of the machine. Returns the pid. Throws `no-python-process` when there is
 * none, and `choice-left` when one leaves with Ctrl-C or Escape.
 */
export async function pickProcess(): Promise<number> {
  const processes = await listProcesses();
  if (processes.length === 0)
    throw new PyglassError('no-python-process', 'no Python process is visible here');
  // Loaded only when it is needed.
  const { autocomplete, isCancel } = await import('@clack/prompts');
  const [heading, ...rows] = tableLines(processes, (standardError().columns ?? 80) - widthOfMarks);
  const leaving = new AbortController();
  const releaseSignals = onSignals(() => leaving.abort());
  try {
    const chosen = await autocomplete<number>({
      message: `Which process? Type to search.\n  ${heading}`,
      options: processes.map(({ pid }, index) => ({ value: pid, label: rows[index]! })),
      filter: (search, { value }) => matches(search, searchText(processes.find(({ pid }) => pid === value)!)),
      validate: (chosen) => (chosen === undefined ? 'No matching process.' : undefined),
      maxItems: mostRows,
      input: process.stdin,
      output: standardError(),
      signal: leaving.signal,
    });
    if (isCancel(chosen)) throw new PyglassError('choice-left', 'no process was chosen');
    return chosen;
  } finally {
    releaseSignals();
  }
}

function searchText(one: Awaited<ReturnType<typeof listProcesses>>[number]): string {
  return [one.pid, one.user, one.version, one.program.words, plainText(one.command.join(' '), 1000)].join(
    ' ',
  );
}

/** Every word that was typed is somewhere in it. */
export function matches(search: string, text: string): boolean {
  const folded = text.toLowerCase();
  return search
    .toLowerCase()
    .split(' ')
    .every((word) => folded.includes(word));
}
