import type { Machine } from '../../binary/elf/machines.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';

/**
 * Up to 3.6 there is no `_PyRuntime`: what it holds later are static variables of several C files. Two of them,
 * `_PyThreadState_Current` and `_Py_Finalizing`, are exported; the others have symbols only where the file was not
 * stripped.
 *
 *   Python/pystate.c     interp_head
 *   Modules/gcmodule.c   collecting
 *   Python/ceval_gil.h   gil_mutex, gil_cond, switch_mutex, switch_cond, gil_last_holder, gil_switch_number    (3.6)
 *   Python/ceval.c       interpreter_lock: pointer to the semaphore that is the GIL                            (2.7)
 */
const gilParts: readonly string[] = [
  ...['gil_mutex', 'switch_mutex', 'gil_cond', 'switch_cond', 'gil_last_holder', 'gil_switch_number'],
];
/** Bytes of a part of the GIL, by the end of its name. */
const sizes: Readonly<Record<string, Readonly<Record<Machine, number>>>> = {
  mutex: { 'x86-64': 40, aarch64: 48 },
  cond: { 'x86-64': 48, aarch64: 48 },
};
const sizeOf = (name: string, machine: Machine) => sizes[name.slice(name.indexOf('_') + 1)]?.[machine] ?? 8;
const headFunction = 'PyInterpreterState_Head';
/** Python 2: it compares the lock with null. */
const lockFunction = 'PyEval_ThreadsInitialized';
/** Python 2 exports its functions of unicode under names that say how many bytes a character takes. */
const widths: Readonly<Record<string, number>> = {
  PyUnicodeUCS2_FromUnicode: 2,
  PyUnicodeUCS4_FromUnicode: 4,
};

/** Symbols that make up a runtime. */
export const exportedParts: readonly string[] = [
  ...['_PyThreadState_Current', '_Py_Finalizing', headFunction, lockFunction],
  ...Object.keys(widths),
];
export const hiddenParts: readonly string[] = [
  ...['interp_head', 'collecting', 'interpreter_lock'],
  ...gilParts,
];

/** No linker puts the parts of the GIL, which are of one file, further apart. */
const widestGil = 4096;

/**
 * The lowest address of a runtime of such variables, and `layout` with where each lies from there on; `undefined` when
 * those that must be there are not found. `statics`: their addresses before relocation by `bias`.
 */
export function staticRuntime(
  memory: TargetMemory,
  layout: Layout,
  { statics: symbols, machine }: { readonly statics: ReadonlyMap<string, number>; readonly machine: Machine },
  bias: number,
): { readonly runtime: number; readonly layout: Layout } | undefined {
  const at = (name: string) => (symbols.get(name) ?? Number.NaN) + bias;
  const head = symbols.has('interp_head') ? at('interp_head') : headByCode(memory, at(headFunction), machine);
  const current = at('_PyThreadState_Current');
  if (Number.isNaN(head) || Number.isNaN(current)) return undefined;
  const gil = gilOf(at, machine);
  const lock = layout.python2 ? lockOf(memory, symbols, at) : Number.NaN;
  const parts = [head, current, gil?.start ?? Number.NaN, at('collecting'), at('_Py_Finalizing'), lock];
  const runtime = Math.min(...parts.filter((part) => !Number.isNaN(part)));
  const [interpretersHead, gilThreadState, gilStart, gc, finalizing, lockAt] = parts.map((part) =>
    Number.isNaN(part) ? -1 : part - runtime,
  ) as [number, number, number, number, number, number];
  const width = Object.keys(widths).find((name) => symbols.has(name));
  const { python2 } = layout;
  return {
    runtime,
    layout: {
      ...layout,
      runtime: { ...layout.runtime, interpretersHead, gilThreadState, gil: gilStart, gc, finalizing },
      gil: { ...layout.gil, ...gil?.fields },
      gc: { ...layout.gc, collecting: 0 },
      ...(python2 && {
        python2: { ...python2, lock: lockAt, characterWidth: width === undefined ? -1 : widths[width]! },
      }),
    },
  };
}

function gilOf(
  at: (name: string) => number,
  machine: Machine,
): { readonly start: number; readonly fields: Partial<Layout['gil']> } | undefined {
  const start = Math.min(...gilParts.map(at));
  const end = Math.max(...gilParts.map((name) => at(name) + sizeOf(name, machine)));
  if (!(end - start <= widestGil)) return undefined;
  const lastHolder = at('gil_last_holder') - start;
  const switches = at('gil_switch_number') - start;
  return { start, fields: { size: end - start, lastHolder, switches } };
}

function lockOf(
  memory: TargetMemory,
  symbols: ReadonlyMap<string, number>,
  at: (name: string) => number,
): number {
  if (symbols.has('interpreter_lock')) return at('interpreter_lock');
  const code = codeOf(memory, at(lockFunction));
  if (!code) return Number.NaN;
  // In between, the register of the result may be cleared: `xor %eax, %eax`.
  const begin = code.begins(0, 0x31, 0xc0) ? 2 : 0;
  // `cmpq $0, interpreter_lock(%rip)`, or `mov interpreter_lock(%rip), %rax`.
  if (code.begins(begin, 0x48, 0x83, 0x3d) && code.begins(begin + 7, 0))
    return code.address(begin + 3, begin + 8);
  return code.begins(begin, 0x48, 0x8b, 0x05) ? code.address(begin + 3, begin + 7) : Number.NaN;
}

/**
 * The exported function `PyInterpreterState_Head` does no more than to return the variable, so its code has the
 * address: `mov interp_head(%rip), %rax`, in a debug build with a frame of its own, or after a mark for branches. On
 * aarch64 it is
 * `adrp x0, page; ldr x0, [x0, offset]`.
 */
function headByCode(memory: TargetMemory, address: number, machine: Machine): number {
  if (machine === 'aarch64') return headByAarch64(memory, address);
  const code = codeOf(memory, address);
  return code?.begins(0, 0x48, 0x8b, 0x05) ? code.address(3, 7) : Number.NaN;
}

function headByAarch64(memory: TargetMemory, address: number): number {
  const code = isPointer(address) ? memory.read(address, 24) : undefined;
  if (!code) return Number.NaN;
  const words = new ByteReader(code);
  // `bti c`, a mark for branches.
  const at = words.u32(0) === 0xd503_245f ? 4 : 0;
  const [adrp, load] = [words.u32(at), words.u32(at + 4)];
  if ((adrp & 0x9f00_001f) >>> 0 !== 0x9000_0000 || (load & 0xffc0_03ff) >>> 0 !== 0xf940_0000)
    return Number.NaN;
  // 21 bits with a sign: the lowest two are at bit 29, the others from bit 5 on.
  const pages = ((((adrp << 8) >> 13) << 2) | ((adrp >>> 29) & 3)) * 4096;
  const page = address + at - ((address + at) % 4096);
  return page + pages + ((load >>> 10) & 0xfff) * 8;
}

interface FunctionCode {
  /** Whether these bytes stand there, `at` bytes after what begins any function. */
  begins(at: number, ...bytes: number[]): boolean;
  /** The address that an instruction names by its distance, which stands at `at`, from its own end. */
  address(at: number, end: number): number;
}

/** The code of a function after what marks a target of branches, and after a frame of its own. */
function codeOf(memory: TargetMemory, address: number): FunctionCode | undefined {
  const code = isPointer(address) ? memory.read(address, 24) : undefined;
  if (!code) return undefined;
  const stands = (at: number, ...bytes: number[]) => bytes.every((byte, index) => code[at + index] === byte);
  let first = stands(0, 0xf3, 0x0f, 0x1e, 0xfa) ? 4 : 0;
  if (stands(first, 0x55, 0x48, 0x89, 0xe5)) first += 4;
  return {
    begins: (at, ...bytes) => stands(first + at, ...bytes),
    address: (at, end) => address + first + end + (new ByteReader(code).i32(first + at) | 0),
  };
}
