import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of all threads of a process so far, in seconds, as the scheduler counts it (to the nanosecond). */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // It ended meanwhile.
    }
  }
  return nanoseconds / 1e9;
}

/** Memory that a process holds now, or held at most, in bytes. */
export function memoryBytes(pid: number, which: 'now' | 'peak'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const found = new RegExp(`^${which === 'now' ? 'VmRSS' : 'VmHWM'}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  if (found === undefined) throw new Error(`process ${pid} has ended`);
  return Number(found) * 1024;
}
