import { setTimeout as pause } from 'node:timers/promises';
import {
  type DescribedParent,
  describeProgram,
  isNameOfPython,
  type ProgramFacts,
  reloaderMarks,
} from '../frameworks/describe-program.js';
import { wordsOfPython } from '../frameworks/python-command.js';
import { type FoundPython, PythonFinder } from '../process/find-pythons.js';
import { commandLine, processFacts } from '../process/linux-process.js';
import {
  type CpuClock,
  cpuBetween,
  cpuClock,
  type ProcessUsage,
  processUsage,
  startedWith,
  userName,
} from '../process/process-usage.js';
import type { ListedProcess } from './listed-process.js';
import { childrenByParent, treeOf } from './process-tree.js';

/** Long enough for a share of CPU that means something, short enough to wait for. */
const cpuInterval = 200;
/** Deeper than any tree of processes that is not a mistake. */
const highestTree = 100;

interface Seen {
  readonly found: FoundPython;
  readonly pid: number;
  readonly above: number | undefined;
  readonly usage: ProcessUsage;
  readonly command: readonly string[];
  readonly facts: ProgramFacts;
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
  return describe(running, ({ pid, clock, clockAt }) => {
    const { version, error } = states.get(pid)!;
    const spent = cpuBetween(clock, cpuClock(pid));
    return { version, error, cpuPercent: (spent / (performance.now() - clockAt)) * 1e5 };
  });
}

/** The same without what takes time: versions, shares of CPU, and whether they can be read. */
export function listProcessesQuickly(): ListedProcess[] {
  return describe(lookAround().seen, () => unknown);
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
      ...{ found: python, pid, usage, command },
      above: nearestAbove(usage.parentPid, pids),
      facts: { words: isRun ? wordsOfPython(command) : command, isInterpreter, marks },
      clock: cpuClock(pid),
      clockAt: performance.now(),
    };
  });
  return { seen: seen.sort((a, b) => b.usage.uptimeSeconds - a.usage.uptimeSeconds), finder };
}

function nearestAbove(parentPid: number, pids: ReadonlySet<number>): number | undefined {
  let pid = parentPid;
  for (let height = 0; pid > 0 && height < highestTree; height++) {
    if (pids.has(pid)) return pid;
    pid = processFacts(pid)?.parentPid ?? 0;
  }
  return undefined;
}

type State = Pick<ListedProcess, 'version' | 'error' | 'cpuPercent'>;
const unknown: State = { version: undefined, error: undefined, cpuPercent: undefined };

function describe(seen: readonly Seen[], stateOf: (one: Seen) => State): ListedProcess[] {
  const below = childrenByParent(seen);
  const described = new Map<number, DescribedParent>();
  return treeOf(seen).map(({ node }) => {
    const { pid, above, usage, command, facts, found } = node;
    const children = (below.get(pid) ?? []).map((child) => child.facts);
    const program = describeProgram(facts, described.get(above ?? 0), children);
    described.set(pid, { facts, program });
    return {
      ...usage,
      ...{ pid, above, command, program, executable: found.executable, user: userName(usage.uid) },
      ...stateOf(node),
    };
  });
}
