import { setTimeout as pause } from 'node:timers/promises';
import { isNameOfPython, reloaderMarks } from '../frameworks/describe-program.js';
import { wordsOfPython } from '../frameworks/python-command.js';
import { type FoundPython, PythonFinder } from '../process/find-pythons.js';
import { commandLine, processFacts } from '../process/linux-process.js';
import {
  type CpuClock,
  cpuBetween,
  cpuClock,
  processUsage,
  startedWith,
  userName,
} from '../process/process-usage.js';
import { describeProcesses, type SeenProcess, unknownState } from './describe-processes.js';
import type { ListedProcess } from './listed-process.js';
import { nearestAbove } from './process-tree.js';

/** Long enough for a share of CPU that means something, short enough to wait for. */
const cpuInterval = 200;

interface Seen extends SeenProcess {
  readonly found: FoundPython;
  readonly clock: CpuClock;
  readonly clockAt: number;
}

/**
 * Python processes of the machine but ourselves, the oldest first, children after their parents. Takes a fifth of a
 * second.
 */
export async function listProcesses(): Promise<ListedProcess[]> {
  const { seen, finder } = lookAround();
  const states = new Map(seen.map(({ pid, found }) => [pid, finder.inspect(found)]));
  await pause(cpuInterval);
  const running = seen.filter(({ pid }) => states.get(pid) !== undefined);
  return describeProcesses(running, ({ pid, clock, clockAt }) => {
    const { version, error } = states.get(pid)!;
    const spent = cpuBetween(clock, cpuClock(pid));
    return { version, error, cpuPercent: (spent / (performance.now() - clockAt)) * 1e5 };
  });
}

/** The same without what takes time: versions, shares of CPU, and whether they can be read. */
export function listProcessesQuickly(): ListedProcess[] {
  return describeProcesses(lookAround().seen, () => unknownState);
}

function lookAround(): { seen: Seen[]; finder: PythonFinder } {
  const finder = new PythonFinder(isNameOfPython);
  const found = finder.find();
  const pids = new Set(found.map(({ pid }) => pid));
  const seen = found.flatMap((python) => {
    const { pid, isInterpreter, isRun } = python;
    const usage = processUsage(pid);
    if (!usage) return [];
    const command = commandLine(pid);
    const marks = startedWith(pid, reloaderMarks);
    return {
      ...{ found: python, pid, usage, command, executable: python.executable, user: userName(usage.uid) },
      above: nearestAbove(usage.parentPid, pids, (child) => processFacts(child)?.parentPid),
      facts: { words: isRun ? wordsOfPython(command) : command, isInterpreter, marks },
      clock: cpuClock(pid),
      clockAt: performance.now(),
    };
  });
  return { seen: seen.sort((a, b) => b.usage.uptimeSeconds - a.usage.uptimeSeconds), finder };
}
