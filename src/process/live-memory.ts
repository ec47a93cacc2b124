import type { TargetMemory } from '../memory/target-memory.js';
import { firstMapping } from './linux-process.js';
import { ProcMem } from './proc-mem.js';
import { ScatterMemory } from './scatter-memory.js';

export interface LiveMemory {
  readonly memory: TargetMemory;
  /** How it is read, for those who want to know. */
  readonly way: 'process_vm_readv' | '/proc/PID/mem';
  close(): void;
}

/**
 * Opens the memory of a running process; `undefined` when we may not or it is gone. `PYGLASS_MEMORY=proc` forces the
 * way through /proc/PID/mem, which is otherwise taken only where the system call is missing or filtered. `somewhere`:
 * an address that can be read, for those who know one.
 */
export function openLiveMemory(
  pid: number,
  somewhere: number | undefined = firstMapping(pid),
): LiveMemory | undefined {
  if (somewhere === undefined) return undefined;
  if (process.env['PYGLASS_MEMORY'] !== 'proc') {
    const memory = new ScatterMemory(pid);
    if (memory.read(somewhere, 8)) return { memory, way: 'process_vm_readv', close: () => {} };
  }
  try {
    const memory = new ProcMem(pid);
    if (memory.read(somewhere, 8)) return { memory, way: '/proc/PID/mem', close: () => memory.close() };
    memory.close();
  } catch {
    // Not permitted, or gone: the caller finds out which.
  }
  return undefined;
}
