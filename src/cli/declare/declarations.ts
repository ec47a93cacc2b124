import type { Declaration } from './declaration.js';

/**
 * Every command, in the order of the help, and what declares it: loaded when it is wanted, since flags of views bring
 * all formats along. A new one is a file here, one in commands/, and a line.
 */
const declarations: Readonly<Record<string, () => Promise<Declaration>>> = {
  ps: async () => (await import('./ps.js')).declarePs,
  top: async () => (await import('./top.js')).declareTop,
  live: async () => (await import('./live.js')).declareLive,
  dump: async () => (await import('./dump.js')).declareDump,
  record: async () => (await import('./record.js')).declareRecord,
  report: async () => (await import('./report.js')).declareReport,
  diff: async () => (await import('./diff.js')).declareDiff,
  agent: async () => (await import('./agent.js')).declareAgent,
  doctor: async () => (await import('./doctor.js')).declareDoctor,
  completions: async () => (await import('./completions.js')).declareCompletions,
};

/** A script that completes knows the flags of all commands. */
const needsAll = 'completions';

/** What declares the command of that name, or all commands where it is none, and so for the help. */
export function declarationsFor(command: string | undefined): Promise<readonly Declaration[]> {
  const isOne = command !== undefined && command !== needsAll && Object.hasOwn(declarations, command);
  const wanted = isOne ? [declarations[command]!] : Object.values(declarations);
  return Promise.all(wanted.map((load) => load()));
}
