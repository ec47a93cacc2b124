import { readdirSync } from 'node:fs';
import { namespaceOf } from './permissions.js';
import { procText } from './proc-text.js';

/** Inode of the first pid namespace, PROC_PID_INIT_INO of the kernel's include/linux/proc_ns.h. */
const firstPidNamespace = 0xefff_fffc;

/** Processes that have this id in a pid namespace within ours, as in a container: our ids of them. */
export function pidsInContainers(inner: number): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => innerPids(pid).includes(inner));
}

/** The ids of a process in the namespaces within ours, outermost first. */
function innerPids(pid: number): number[] {
  const line = /^NSpid:\s*([\d\s]+?)$/m.exec(procText(`/proc/${pid}/status`) ?? '')?.[1];
  return (line?.split(/\s+/) ?? []).slice(1).map(Number);
}

/** Whether we see no more than the processes of a pid namespace of our own. */
export function inPidNamespace(): boolean {
  const ours = namespaceOf('self', 'pid');
  return ours !== undefined && ours !== firstPidNamespace;
}
