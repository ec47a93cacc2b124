import { hideSecrets } from '../analysis/hide-secrets.js';
import { type DumpReport, dumpReport } from '../formats/dump/dump-json.js';
import { PyglassError } from '../model/error.js';
import type { UnrecordedProcess } from '../model/profile.js';
import type { ProcessSnapshot } from '../model/snapshot.js';
import { commandLine, descendantsOf, processFacts } from '../process/linux-process.js';
import { type Attached, attach, saysNoPython, tryAttach } from '../sampler/attach.js';
import { takeSnapshot, type ValueLimits } from '../sampler/snapshot.js';
import { whyUnreadable } from '../sampler/unreadable-python.js';
import { type CoreFile, snapshotOfCore } from './core-files.js';
import { checkPid, throwIfAborted } from './options.js';

export type { CoreFile } from './core-files.js';

/** For programs, which can cut by themselves. */
export const reportLimits: ValueLimits = { depth: 8, items: 400, text: 8000, characters: 16_000 };
export const reportValueLength = 10_000;

export interface ProcessesOptions {
  /** Also child processes, and theirs. */
  readonly subprocesses?: boolean;
  /** Variables are read as far as this; absent: not at all. */
  readonly variables?: ValueLimits;
  /** The process only restarts another one, which it starts and which is looked at too. */
  readonly onReloader?: (reloader: string) => void;
  /** A child that is Python cannot be read. */
  readonly onUnread?: (child: UnrecordedProcess) => void;
}

/**
 * What every thread of a process does now, with secrets; of its children too where they were asked for or do the work.
 * Parents come before children. Throws what keeps the process from being read.
 */
export function snapshotsOf(pid: number, options: ProcessesOptions): ProcessSnapshot[] {
  const { subprocesses = false, onReloader, onUnread, variables } = options;
  const found: ProcessSnapshot[] = [];
  let failure: unknown;
  try {
    found.push(snapshotOf(pid, attach(pid, { subprocesses }), variables));
  } catch (error) {
    // With its children wanted, a process that is no Python itself may be where they come from.
    if (!subprocesses || !saysNoPython(error)) throw error;
    failure = error;
  }
  const reloader = found[0]?.reloader ?? '';
  if (reloader !== '' && !subprocesses) onReloader?.(reloader);
  if (!subprocesses && reloader === '') return found;
  for (const child of descendantsOf(pid)) {
    const snapshot = childSnapshot(child, variables, onUnread);
    if (snapshot) found.push(snapshot);
  }
  if (found.length === 0) throw failure;
  return found;
}

/** A child that is no Python or is gone is passed over; one that is and cannot be read is reported. */
function childSnapshot(
  pid: number,
  variables: ValueLimits | undefined,
  onUnread: ProcessesOptions['onUnread'],
): ProcessSnapshot | undefined {
  const report = (reason: string | undefined) => {
    if (reason !== undefined) onUnread?.({ pid, commandLine: commandLine(pid), reason });
  };
  try {
    const attached = tryAttach(pid);
    if (attached) return snapshotOf(pid, attached, variables);
    report(whyUnreadable(pid));
  } catch (error) {
    if (!(error instanceof PyglassError)) throw error;
    if (processFacts(pid)) report(error.message);
  }
  return undefined;
}

function snapshotOf(pid: number, attached: Attached, variables: ValueLimits | undefined): ProcessSnapshot {
  try {
    return takeSnapshot(pid, attached, variables ? { variables } : {});
  } finally {
    attached.live.close();
  }
}

export interface SnapshotOptions {
  /** Also child processes that are Python, and theirs; a core file has none. [false] */
  readonly subprocesses?: boolean;
  /** Also the variables of the innermost 200 frames of each thread. [false] */
  readonly locals?: boolean;
  /** Leave passwords, tokens and the like as they are. [false] */
  readonly showSecrets?: boolean;
  readonly signal?: AbortSignal;
}

/** What `dump --json` prints, and the processes that it names on standard error. */
export interface Snapshot extends DumpReport {
  /** Children that are Python and could not be read. */
  readonly unread: readonly UnrecordedProcess[];
}

/**
 * What every thread of a process does now, or did in a core file: what `pyglass dump` shows. A reloader's child is
 * looked at too. The process goes on meanwhile.
 *
 * The reading is done in the calling thread: a few milliseconds as a rule, up to a second for a Python that is just
 * starting or for variables of megabytes. Rejects with a PyglassError: `no-such-process`, `not-python`,
 * `permission-yama`, `not-a-core` and the like, `aborted`.
 */
export async function snapshot(target: number | CoreFile, options: SnapshotOptions = {}): Promise<Snapshot> {
  const { subprocesses = false, locals = false, showSecrets = false, signal } = options;
  if (typeof target === 'number') checkPid(target);
  throwIfAborted(signal);
  const unread: UnrecordedProcess[] = [];
  const variables = locals ? reportLimits : undefined;
  const found =
    typeof target === 'number'
      ? snapshotsOf(target, {
          subprocesses,
          ...(variables ? { variables } : {}),
          onUnread: (child) => unread.push(child),
        })
      : [snapshotOfCore(target, variables)];
  return { ...dumpReport(showSecrets ? found : hideSecrets(found), reportValueLength), unread };
}
