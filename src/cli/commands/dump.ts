import { hideSecrets } from '../../analysis/hide-secrets.js';
import { standardOutput } from '../../disk/destination.js';
import { writeOutput } from '../../disk/write-output.js';
import { dumpJson } from '../../formats/dump/dump-json.js';
import { dumpText } from '../../formats/dump/dump-text.js';
import { PyglassError } from '../../model/error.js';
import type { ProcessSnapshot } from '../../model/snapshot.js';
import { commandLine, descendantsOf, processFacts } from '../../process/linux-process.js';
import { type Attached, attach, saysNoPython, tryAttach } from '../../sampler/attach.js';
import { type SnapshotOptions, takeSnapshot, type ValueLimits } from '../../sampler/snapshot.js';
import { whyUnreadable } from '../../sampler/unreadable-python.js';
import { exitCodes } from '../exit-codes.js';
import { plainText, Terminal } from '../terminal.js';

export interface DumpFlags {
  readonly pid: number;
  readonly subprocesses?: boolean;
  readonly locals?: boolean;
  readonly showSecrets?: boolean;
  readonly json?: boolean;
  readonly fullFilenames?: boolean;
}

/** On a screen a line is enough for most values; a program that reads JSON can cut by itself. */
const limitsOfText: ValueLimits = { depth: 5, items: 40, text: 400, characters: 400 };
const limitsOfJson: ValueLimits = { depth: 8, items: 400, text: 8000, characters: 16_000 };
const lengthOfText = 240;
const lengthOfJson = 10_000;

/** `pyglass dump`: prints what every thread of a process does now. Returns the exit status. */
export async function dump(flags: DumpFlags): Promise<number> {
  const limits = flags.json ? limitsOfJson : limitsOfText;
  const found = snapshots(flags, flags.locals ? limits : undefined);
  const processes = flags.showSecrets ? found : hideSecrets(found);
  const text = { fullFileNames: flags.fullFilenames ?? false, valueLength: lengthOfText };
  await writeOutput(
    standardOutput,
    flags.json ? [dumpJson(processes, lengthOfJson)] : dumpText(processes, text),
  );
  return exitCodes.success;
}

function snapshots({ pid, subprocesses }: DumpFlags, variables: ValueLimits | undefined): ProcessSnapshot[] {
  const options = variables ? { variables } : {};
  const found: ProcessSnapshot[] = [];
  let trouble: unknown;
  try {
    found.push(snapshotOf(pid, attach(pid, { subprocesses: subprocesses ?? false }), options));
  } catch (error) {
    // With its children wanted, a process that is no Python itself may be where they come from.
    if (!subprocesses || !saysNoPython(error)) throw error;
    trouble = error;
  }
  const reloader = found[0]?.reloader ?? '';
  if (reloader !== '' && !subprocesses)
    new Terminal().say(
      `Process ${pid} is ${reloader}, which only waits: the process that it starts is shown too.`,
    );
  if (!subprocesses && reloader === '') return found;
  for (const child of descendantsOf(pid)) {
    const snapshot = childSnapshot(child, options);
    if (snapshot) found.push(snapshot);
  }
  if (found.length === 0) throw trouble;
  return found;
}

/** A child that is no Python or is gone is passed over; one that is and cannot be read is reported. */
function childSnapshot(pid: number, options: SnapshotOptions): ProcessSnapshot | undefined {
  try {
    const attached = tryAttach(pid);
    if (attached) return snapshotOf(pid, attached, options);
    sayNotShown(pid, whyUnreadable(pid));
  } catch (error) {
    if (!(error instanceof PyglassError)) throw error;
    if (processFacts(pid)) sayNotShown(pid, error.message);
  }
  return undefined;
}

function sayNotShown(pid: number, reason: string | undefined): void {
  if (reason === undefined) return;
  const what = `${plainText(commandLine(pid).join(' '), 80)} (process ${pid})`;
  new Terminal().say(`Not shown: ${what}: ${plainText(reason)}.`);
}

function snapshotOf(pid: number, attached: Attached, options: SnapshotOptions): ProcessSnapshot {
  try {
    return takeSnapshot(pid, attached, options);
  } finally {
    attached.live.close();
  }
}
