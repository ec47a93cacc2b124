import type { Machine } from '../../binary/elf/machines.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { systemCallOf } from '../system-calls.js';
import type { TargetThreads, ThreadActivity } from '../target.js';
import type { CoreThread } from './core-notes.js';
import { waitedWith } from './core-registers.js';

/**
 * The threads of a core file. Their registers show which of them waited, and in which call: they were woken to be
 * dumped. Of the others no more is known.
 */
export function coreThreads(
  threads: readonly CoreThread[],
  { machine, memory }: { readonly machine: Machine; readonly memory: TargetMemory },
  waitingFor: (activity: ThreadActivity) => string,
): TargetThreads {
  const byId = new Map(threads.map((thread) => [thread.id, thread]));
  return {
    ids: {
      all: () => [...byId.keys()],
      has: (id) => byId.has(id),
      inner: (id) => id,
      areRenumbered: false,
    },
    activity(id): ThreadActivity {
      const registers = byId.get(id)?.registers;
      const args = registers && waitedWith(registers, machine, memory);
      if (!args) return { state: '?', waitChannel: '' };
      return { state: 'S', systemCall: systemCallOf(machine, registers.systemCall, args), waitChannel: '' };
    },
    waitingFor,
  };
}
