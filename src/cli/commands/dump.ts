import { hideSecrets } from '../../analysis/hide-secrets.js';
import { standardOutput, writeOutput } from '../../disk/write-output.js';
import { dumpJson } from '../../formats/dump/dump-json.js';
import { dumpText } from '../../formats/dump/dump-text.js';
import { PyglassError } from '../../model/error.js';
import type { ProcessSnapshot } from '../../model/snapshot.js';
import { descendantsOf } from '../../process/linux-process.js';
import { type Attached, attach, tryAttach } from '../../sampler/attach.js';
import { takeSnapshot, type ValueLimits } from '../../sampler/snapshot.js';
import { exitCodes } from '../exit-codes.js';

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
export function dump(flags: DumpFlags): number {
  const limits = flags.json ? limitsOfJson : limitsOfText;
  const found = snapshots(flags, flags.locals ? limits : undefined);
  const processes = flags.showSecrets ? found : hideSecrets(found);
  const text = { fullFileNames: flags.fullFilenames ?? false, valueLength: lengthOfText };
  writeOutput(standardOutput, flags.json ? [dumpJson(processes, lengthOfJson)] : dumpText(processes, text));
  return exitCodes.success;
}

function snapshots({ pid, subprocesses }: DumpFlags, variables: ValueLimits | undefined): ProcessSnapshot[] {
  const take = (of: number, attached: Attached) => {
    try {
      return takeSnapshot(of, attached, variables ? { variables } : {});
    } finally {
      attached.live.close();
    }
  };
  if (!subprocesses) return [take(pid, attach(pid))];
  const found: ProcessSnapshot[] = [];
  let trouble: unknown;
  for (const of of [pid, ...descendantsOf(pid)]) {
    try {
      const attached = of === pid ? attach(of) : tryAttach(of);
      if (attached) found.push(take(of, attached));
    } catch (error) {
      // A child that is no Python, or is gone, is nobody's trouble; the one that was named may be, if nothing is found.
      if (!(error instanceof PyglassError)) throw error;
      if (of === pid) trouble = error;
    }
  }
  if (found.length === 0) throw trouble;
  return found;
}
