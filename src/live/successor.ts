import { listProcessesQuickly } from '../discovery/list-processes.js';
import { commandLine, hasEnded, processFacts } from '../process/linux-process.js';
import { processUsage } from '../process/process-usage.js';

/** By what the successor of a process is known. */
export interface Seen {
  readonly pid: number;
  /** Secrets hidden: those of the next one may be others. */
  readonly command: readonly string[];
  readonly uid: number;
  /** See `ProcessFacts`. */
  readonly startTime: number;
}

/** `undefined` when it is gone already. */
export function seen(pid: number): Seen | undefined {
  const usage = processUsage(pid);
  const facts = processFacts(pid);
  if (usage === undefined || facts === undefined) return undefined;
  return { pid, command: commandLine(pid), uid: usage.uid, startTime: facts.startTime };
}

/**
 * The Python that took the place of one that ended: of the same user and command line, started later. The latest where
 * there are several: those that started before are mostly its siblings.
 */
export function successorOf({ pid, command, uid, startTime }: Seen): number | undefined {
  const wanted = command.join('\0');
  return listProcessesQuickly()
    .filter((one) => one.pid !== pid && one.uid === uid && one.command.join('\0') === wanted)
    .map((one) => ({ pid: one.pid, startTime: processFacts(one.pid)?.startTime ?? 0 }))
    .filter((one) => one.startTime > startTime && !hasEnded(one.pid))
    .sort((a, b) => b.startTime - a.startTime || b.pid - a.pid)[0]?.pid;
}
