import { KernelFile, kernelText } from './kernel-file.js';
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
  const stat = new KernelFile(`/proc/${pid}/task/${thread}/stat`);
  const length = stat.read();
  stat.close();
  // The name may hold spaces and parentheses: fields are counted from the last one.
  const name = kernelText.subarray(0, Math.max(0, length)).lastIndexOf(closing);
  const started = numberAfter(name < 0 ? length : name, fieldsAfterName, length) / clockTicks;
  const now = numberAfter(-1, 0, uptime.read());
  const age = now - started;
  return age >= -2 * rounding && age <= micros / 1e6 + 2 * rounding;
}

/** Spaces between the name of a thread and when it started, in clock ticks since boot (proc_pid_stat). */
const fieldsAfterName = 20;
const uptime = new KernelFile('/proc/uptime');
const [space, dot, closing] = [0x20, 0x2e, 0x29];

/** Of `kernelText`, the number behind so many spaces after `at`; NaN when it is not whole within `length`. */
function numberAfter(at: number, spaces: number, length: number): number {
  let from = at + 1;
  for (let passed = 0; passed < spaces && from < length; from++) if (kernelText[from] === space) passed++;
  let [value, scale] = [0, 0];
  for (let digit = from; digit < length; digit++) {
    const byte = kernelText[digit]!;
    if (byte === space) return value / (scale || 1);
    if (byte === dot) scale = 1;
    else {
      value = value * 10 + byte - 48;
      scale *= 10;
    }
  }
  return Number.NaN;
}
