import { hideSecrets } from '../../analysis/hide-secrets.js';
import { formatCount } from '../../analysis/human-units.js';
import { standardOutput } from '../../disk/destination.js';
import { writeOutput } from '../../disk/write-output.js';
import { dumpJson } from '../../formats/dump/dump-json.js';
import { dumpText } from '../../formats/dump/dump-text.js';
import type { ProcessSnapshot } from '../../model/snapshot.js';
import { missingText } from '../../sampler/core-snapshot.js';
import type { ValueLimits } from '../../sampler/snapshot.js';
import { type CoreFile, snapshotOfCore } from '../../session/core-files.js';
import { reportLimits, reportValueLength, snapshotsOf } from '../../session/snapshots.js';
import { exitCodes } from '../exit-codes.js';
import { plainText, Terminal } from '../terminal.js';

export interface DumpFlags {
  /** A process, or a core file. */
  readonly target: number | CoreFile;
  readonly subprocesses?: boolean;
  readonly locals?: boolean;
  readonly showSecrets?: boolean;
  readonly json?: boolean;
  readonly fullFilenames?: boolean;
  readonly allTasks?: boolean;
}

/** On a screen a line is enough for most values. */
const limitsOfText: ValueLimits = { depth: 5, items: 40, text: 400, characters: 400 };
const lengthOfText = 240;

/** `pyglass dump`: prints what every thread of a process does now, or did in a core file. Returns the exit status. */
export async function dump(flags: DumpFlags): Promise<number> {
  const limits = flags.json ? reportLimits : limitsOfText;
  const found = snapshots(flags, flags.locals ? limits : undefined);
  const processes = flags.showSecrets ? found : hideSecrets(found);
  const text = {
    fullFileNames: flags.fullFilenames ?? false,
    valueLength: lengthOfText,
    allTasks: flags.allTasks ?? false,
  };
  await writeOutput(
    standardOutput,
    flags.json ? [dumpJson(processes, reportValueLength)] : dumpText(processes, text),
  );
  return exitCodes.success;
}

function snapshots(
  { target, subprocesses }: DumpFlags,
  variables: ValueLimits | undefined,
): ProcessSnapshot[] {
  const terminal = new Terminal();
  if (typeof target !== 'number') {
    const found = snapshotOfCore(target, variables);
    for (const line of whatIsMissing(found)) terminal.say(line);
    return [found];
  }
  return snapshotsOf(target, {
    subprocesses: subprocesses ?? false,
    ...(variables ? { variables } : {}),
    onReloader: (reloader) =>
      terminal.say(`Process ${target} is ${reloader}, which only waits; its child process is shown too.`),
    onUnread: ({ pid: child, commandLine, reason }) => {
      const what = `${plainText(commandLine.join(' '), 80)} (process ${child})`;
      terminal.say(`Not shown: ${what}: ${plainText(reason)}.`);
    },
  });
}

/** Of a core file, with what helps. */
function* whatIsMissing({ core }: ProcessSnapshot): Generator<string> {
  if (!core) return;
  const { missingBytes, missingFiles } = core;
  if (missingBytes > 0)
    yield `The core file is cut short: ${formatCount(Math.ceil(missingBytes / 1024))} kB are missing. Showing what can be read.`;
  for (const file of missingFiles.slice(0, mostMissing)) yield `Not read: ${missingText(file)}.`;
  if (missingFiles.length > mostMissing) yield `Not read: ${missingFiles.length - mostMissing} more files.`;
  if (missingFiles.length > 0)
    yield 'Names and values from there are missing. --sysroot DIR names a folder with the files of that machine.';
}

const mostMissing = 5;
