import { plural } from '../../analysis/human-units.js';
import { plainJson } from '../../analysis/plain-json.js';
import { listProcesses, listProcessesQuickly } from '../../discovery/list-processes.js';
import type { ListedProcess } from '../../discovery/listed-process.js';
import { psReport } from '../../discovery/processes-json.js';
import { exitCodes } from '../exit-codes.js';
import { explainError } from '../explain-error.js';
import { print } from '../print.js';
import { tableLines } from '../ps/table.js';
import { plainText, Terminal } from '../terminal.js';

export interface PsFlags {
  readonly json?: boolean;
  readonly brief?: boolean;
}

/** `pyglass ps`: the Python processes of the machine. Returns the exit status. */
export async function ps({ json, brief }: PsFlags): Promise<number> {
  if (brief) {
    await print(listProcessesQuickly().map(({ pid, program }) => `${pid}\t${plainText(program.words)}\n`));
    return exitCodes.success;
  }
  const processes = await listProcesses();
  if (json) {
    await print([`${plainJson(psReport(processes))}\n`]);
    return exitCodes.success;
  }
  const terminal = new Terminal();
  if (processes.length === 0) terminal.say('No Python process is visible here.');
  else {
    const lines = tableLines(processes, process.stdout.isTTY ? process.stdout.columns : undefined);
    await print(lines.map((line) => `${line}\n`));
  }
  for (const line of errorLines(processes)) terminal.say(line);
  return exitCodes.success;
}

/** Why some cannot be read and what to do about it, once for each reason. */
function errorLines(processes: readonly ListedProcess[]): string[] {
  const byCode = new Map<string, ListedProcess[]>();
  for (const one of processes) {
    if (one.error) byCode.set(one.error.code, [...(byCode.get(one.error.code) ?? []), one]);
  }
  return [...byCode.values()].flatMap((these) => {
    const [{ pid, error }] = these as [ListedProcess];
    const others = these.length === 1 ? '' : ` (and ${plural(these.length - 1, 'more', 'more')})`;
    return ['', `${pid}${others} cannot be recorded: ${error!.message}.`, ...explainError(error!).remedy];
  });
}
