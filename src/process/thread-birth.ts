import { readFileSync } from 'node:fs';
import { clockTicks } from './linux-process.js';

/**
 * Clock ticks by which the start of a thread and the time since boot, each rounded down, may seem to differ the wrong
 * way.
 */
const rounding = 1 / clockTicks;

/**
 * Whether a thread began within the last `micros` microseconds, to two hundredths of a second. False when that cannot
 * be known: also where the time since boot is another one than the kernel counts by, as in some containers.
 */
export function wasBornWithin(pid: number, thread: number, micros: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    // The name may hold spaces and parentheses: fields are counted from the last one.
    const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / clockTicks;
    const now = Number(readFileSync('/proc/uptime', 'latin1').split(' ', 1)[0]);
    const age = now - started;
    return age >= -2 * rounding && age <= micros / 1e6 + 2 * rounding;
  } catch {
    return false;
  }
}
