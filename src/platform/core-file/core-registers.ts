import type { Machine } from '../../binary/elf/machines.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import type { TargetMemory } from '../../memory/target-memory.js';

/** What the registers of a thread show of system calls. Numbers above 2^53 are NaN. */
export interface CoreRegisters {
  /** Of the call that it was in, or had just left; on aarch64 of the last one. -1: none. */
  readonly systemCall: number;
  /** Its six arguments; on aarch64 the first is gone once the call has returned. */
  readonly args: readonly number[];
  /** What the call has returned (rax, x0), as a 32-bit number. */
  readonly result: number;
  /** Address of the next instruction. */
  readonly instruction: number;
}

/** Where they lie in NT_PRSTATUS, and which holds what (`struct user_regs_struct`, `struct user_pt_regs`). */
const start = 112;
const layouts: Readonly<
  Record<
    Machine,
    {
      readonly size: number;
      readonly call: number;
      readonly args: readonly number[];
      readonly result: number;
      readonly instruction: number;
    }
  >
> = {
  // orig_rax; rdi, rsi, rdx, r10, r8, r9; rax; rip.
  'x86-64': { size: 336, call: 15, args: [14, 13, 12, 7, 9, 8], result: 10, instruction: 16 },
  // x8; x0 to x5; x0; pc.
  aarch64: { size: 392, call: 8, args: [0, 1, 2, 3, 4, 5], result: 0, instruction: 32 },
};

/** Bytes that NT_PRSTATUS has at least. */
export function statusSize(machine: Machine): number {
  return layouts[machine].size;
}

/** Those of NT_PRSTATUS. */
export function readRegisters(status: ByteReader, machine: Machine): CoreRegisters {
  const layout = layouts[machine];
  const at = (index: number) => start + index * 8;
  return {
    systemCall: status.i32(at(layout.call)),
    args: layout.args.map((index) => status.u64(at(index))),
    result: status.i32(at(layout.result)),
    instruction: status.u64(at(layout.instruction)),
  };
}

/**
 * What a system call returns within the kernel when a signal ended its wait: EINTR, ERESTARTSYS, ERESTARTNOINTR,
 * ERESTARTNOHAND, ERESTART_RESTARTBLOCK (include/linux/errno.h). A call that returned anything else did not wait when
 * the core file was made.
 */
const interrupted: readonly number[] = [-4, -512, -513, -514, -516];
const [eintr] = interrupted;
/** `svc #0`. */
const supervisorCall = 0xd400_0001;

/**
 * The arguments of the call in which a thread waited until the core file was made; `undefined` when it was in none, or
 * that is not known.
 */
export function waitedWith(
  registers: CoreRegisters,
  machine: Machine,
  memory: TargetMemory,
): readonly number[] | undefined {
  const { systemCall, args, result, instruction } = registers;
  if (systemCall < 0) return undefined;
  if (machine === 'x86-64') return interrupted.includes(result) ? args : undefined;
  // Linux puts the thread back before a call that is to be made again, with its first argument (do_signal in
  // arch/arm64/kernel/signal.c).
  if (isCall(memory, instruction)) return args;
  return result === eintr && isCall(memory, instruction - 4) ? [Number.NaN, ...args.slice(1)] : undefined;
}

function isCall(memory: TargetMemory, address: number): boolean {
  const bytes = memory.read(address, 4);
  return bytes !== undefined && new ByteReader(bytes).u32(0) === supervisorCall;
}
