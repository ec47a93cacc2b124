import type { Machine } from '../binary/elf/machines.js';
import { systemCallNumbers } from '../platform/system-calls.js';
import { procLine } from './proc-text.js';

let known: Machine | undefined;

/**
 * The kind of machine whose kernel answers: it numbers the system calls in /proc. That is not Node's own in an
 * emulator, which passes /proc through.
 */
export function kernelMachine(): Machine {
  known ??= machineThatReads(procLine('/proc/thread-self/syscall')) ?? machineOfNode();
  return known;
}

/**
 * Of a thread that reads this file: it is in read(2) or pread(2), whose numbers differ. `undefined`: the kernel does
 * not show it.
 */
export function machineThatReads(text: string | undefined): Machine | undefined {
  const number = Number.parseInt(text ?? '', 10);
  const calls = ['read', 'pread64'].map(systemCallNumbers);
  if (calls.some((numbers) => numbers['x86-64'] === number)) return 'x86-64';
  return calls.some(({ aarch64 }) => aarch64 === number) ? 'aarch64' : undefined;
}

/** By which a call of ours to the C library's `syscall` is numbered. */
export function machineOfNode(arch: string = process.arch): Machine {
  return arch === 'arm64' ? 'aarch64' : 'x86-64';
}
