import { systemCallNumbers } from '../platform/system-calls.js';
import type { StillClock, ThreadClock } from '../platform/target.js';
import { KernelFile, kernelText as text } from './kernel-file.js';
import { kernelMachine } from './kernel-machine.js';

/**
 * What the kernel knows of one thread, from two small files (proc_pid_schedstat, proc(5)):
 *
 *   schedstat   "nanoseconds on a CPU, nanoseconds ready but waiting for one, times it was given one". The first counts
 *               a stretch that still goes on only up to the last clock tick of the kernel, 1 to 10 ms ago.
 *   syscall     "running", or the number and arguments of the system call that blocks it: "202 0x7f… 0x189 …", or "-1
 *               …" when it is blocked outside one.
 */

/**
 * How fine the CPU time of a thread that runs is known: the longest clock tick of Linux, and a little. Microseconds.
 */
export const clockGrain = 12_000;

const space = 0x20;
const minus = 0x2d;
const futex = systemCallNumbers('futex')[kernelMachine()];

export class KernelThreadClock implements ThreadClock, StillClock {
  cpu = 0;
  turns = 0;
  futexAddress = 0;
  isInSystemCall = false;
  readonly #schedstat: KernelFile;
  readonly #syscall: KernelFile;
  /** Bytes of the first of them, when it was read last. */
  #length = 0;

  /** `thread` as we number it. */
  constructor(pid: number, thread: number) {
    const folder = `/proc/${pid}/task/${thread}`;
    this.#schedstat = new KernelFile(`${folder}/schedstat`);
    this.#syscall = new KernelFile(`${folder}/syscall`);
  }

  /** False when the thread is gone, or the kernel does not count (then it says 0). */
  read(): boolean {
    const length = this.#schedstat.read();
    this.#length = length;
    if (length <= 0) return false;
    let at = 0;
    let nanoseconds = 0;
    for (; at < length && text[at] !== space; at++) nanoseconds = nanoseconds * 10 + text[at]! - 48;
    for (at++; at < length && text[at] !== space; at++);
    let turns = 0;
    for (at++; at < length && text[at]! >= 48; at++) turns = turns * 10 + text[at]! - 48;
    this.cpu = nanoseconds / 1000;
    this.turns = turns;
    return turns > 0;
  }

  look(): 'running' | 'waiting' | 'unknown' {
    this.futexAddress = 0;
    const length = this.#syscall.read();
    if (length <= 0) return 'unknown';
    if (text[0] === 0x72) return 'running';
    this.isInSystemCall = text[0] !== minus;
    let at = 0;
    let call = 0;
    for (; at < length && text[at]! >= 48; at++) call = call * 10 + text[at]! - 48;
    if (call !== futex) return 'waiting';
    // " 0x" and the first argument.
    for (at += 3; at < length && text[at] !== space; at++) {
      const digit = text[at]!;
      this.futexAddress = this.futexAddress * 16 + (digit < 58 ? digit - 48 : digit - 87);
    }
    return 'waiting';
  }

  still(): StillClock {
    this.#schedstat.note(this.#length);
    return this;
  }

  /** By its text, of which not even the numbers need be made: it is the same while the thread is given no processor. */
  isStill(): boolean {
    return this.#schedstat.isAsNoted();
  }

  close(): void {
    this.#schedstat.close();
    this.#syscall.close();
  }
}
