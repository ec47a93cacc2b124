import { hideSecrets } from '../../analysis/hide-secrets.js';
import { standardOutput } from '../../disk/destination.js';
import { writeOutput } from '../../disk/write-output.js';
import { dumpJson } from '../../formats/dump/dump-json.js';
import { dumpText } from '../../formats/dump/dump-text.js';
import type { ProcessSnapshot } from '../../model/snapshot.js';
import type { ValueLimits } from '../../sampler/snapshot.js';
import { reportLimits, reportValueLength, snapshotsOf } from '../../session/snapshots.js';
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

/** On a screen a line is enough for most values. */
const limitsOfText: ValueLimits = { depth: 5, items: 40, text: 400, characters: 400 };
const lengthOfText = 240;

/** `pyglass dump`: prints what every thread of a process does now. Returns the exit status. */
export async function dump(flags: DumpFlags): Promise<number> {
  const limits = flags.json ? reportLimits : limitsOfText;
  const found = snapshots(flags, flags.locals ? limits : undefined);
  const processes = flags.showSecrets ? found : hideSecrets(found);
  const text = { fullFileNames: flags.fullFilenames ?? false, valueLength: lengthOfText };
  await writeOutput(
    standardOutput,
    flags.json ? [dumpJson(processes, reportValueLength)] : dumpText(processes, text),
  );
  return exitCodes.success;
}

function snapshots({ pid, subprocesses }: DumpFlags, variables: ValueLimits | undefined): ProcessSnapshot[] {
  const terminal = new Terminal();
  return snapshotsOf(pid, {
    subprocesses: subprocesses ?? false,
    ...(variables ? { variables } : {}),
    onReloader: (reloader) =>
      terminal.say(`Process ${pid} is ${reloader}, which only waits; its child process is shown too.`),
    onUnread: ({ pid: child, commandLine, reason }) => {
      const what = `${plainText(commandLine.join(' '), 80)} (process ${child})`;
      terminal.say(`Not shown: ${what}: ${plainText(reason)}.`);
    },
  });
}
