import { type DescribedParent, describeProgram, type ProgramFacts } from '../frameworks/describe-program.js';
import type { ProcessUsage } from '../process/process-usage.js';
import type { ListedProcess } from './listed-process.js';
import { childrenByParent, treeOf } from './process-tree.js';

/** What /proc says of a Python process. */
export interface SeenProcess
  extends Pick<ListedProcess, 'pid' | 'above' | 'command' | 'executable' | 'user'> {
  readonly usage: ProcessUsage;
  readonly facts: ProgramFacts;
}

/** What takes time to learn. */
export type ProcessState = Pick<ListedProcess, 'version' | 'error' | 'cpuPercent'>;
export const unknownState: ProcessState = { version: undefined, error: undefined, cpuPercent: undefined };

/** In the order of a tree: what a process is can depend on its parent and on its children. */
export function describeProcesses<T extends SeenProcess>(
  seen: readonly T[],
  stateOf: (one: T) => ProcessState,
): ListedProcess[] {
  const below = childrenByParent(seen);
  const described = new Map<number, DescribedParent>();
  return treeOf(seen).map(({ node }) => {
    const { pid, above, usage, command, facts, executable, user } = node;
    const children = (below.get(pid) ?? []).map((child) => child.facts);
    const program = describeProgram(facts, described.get(above ?? 0), children);
    described.set(pid, { facts, program });
    return { ...usage, pid, above, command, program, executable, user, ...stateOf(node) };
  });
}
