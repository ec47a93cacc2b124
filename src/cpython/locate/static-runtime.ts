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
 *   Python/ceval_gil.h   gil_mutex, gil_cond, switch_mutex, switch_cond, gil_last_holder, gil_switch_number
 */
const gilParts: Readonly<Record<string, number>> = {
  ...{
    gil_mutex: 40,
    switch_mutex: 40,
    gil_cond: 48,
    switch_cond: 48,
    gil_last_holder: 8,
    gil_switch_number: 8,
  },
};
const headFunction = 'PyInterpreterState_Head';

/** Symbols that make up a runtime. */
export const exportedParts: readonly string[] = ['_PyThreadState_Current', '_Py_Finalizing', headFunction];
export const hiddenParts: readonly string[] = [...['interp_head', 'collecting'], ...Object.keys(gilParts)];

/** No linker puts the parts of the GIL, which are of one file, further apart. */
const widestGil = 4096;

/**
 * The lowest address of a runtime of such variables, and `layout` with where each lies from there on; `undefined` when
 * those that must be there are not found. `symbols`: their addresses before relocation by `bias`.
 */
export function staticRuntime(
  memory: TargetMemory,
  layout: Layout,
  symbols: ReadonlyMap<string, number>,
  bias: number,
): { readonly runtime: number; readonly layout: Layout } | undefined {
  const at = (name: string) => (symbols.get(name) ?? Number.NaN) + bias;
  const head = symbols.has('interp_head') ? at('interp_head') : headByCode(memory, at(headFunction));
  const current = at('_PyThreadState_Current');
  if (Number.isNaN(head) || Number.isNaN(current)) return undefined;
  const gil = gilOf(at);
  const parts = [head, current, gil?.start ?? Number.NaN, at('collecting'), at('_Py_Finalizing')];
  const runtime = Math.min(...parts.filter((part) => !Number.isNaN(part)));
  const [interpretersHead, gilThreadState, gilStart, gc, finalizing] = parts.map((part) =>
    Number.isNaN(part) ? -1 : part - runtime,
  ) as [number, number, number, number, number];
  return {
    runtime,
    layout: {
      ...layout,
      runtime: { ...layout.runtime, interpretersHead, gilThreadState, gil: gilStart, gc, finalizing },
      gil: { ...layout.gil, ...gil?.fields },
      gc: { ...layout.gc, collecting: 0 },
    },
  };
}

function gilOf(
  at: (name: string) => number,
): { readonly start: number; readonly fields: Partial<Layout['gil']> } | undefined {
  const names = Object.keys(gilParts);
  const start = Math.min(...names.map(at));
  const end = Math.max(...names.map((name) => at(name) + gilParts[name]!));
  if (!(end - start <= widestGil)) return undefined;
  const lastHolder = at('gil_last_holder') - start;
  const switches = at('gil_switch_number') - start;
  return { start, fields: { size: end - start, lastHolder, switches } };
}

/**
 * The exported function `PyInterpreterState_Head` does no more than to return the variable, so its code has the
 * address: `mov interp_head(%rip), %rax`, in a debug build with a frame of its own, or after a mark for branches.
 */
function headByCode(memory: TargetMemory, address: number): number {
  const code = isPointer(address) ? memory.read(address, 24) : undefined;
  if (!code) return Number.NaN;
  const begins = (at: number, ...bytes: number[]) => bytes.every((byte, index) => code[at + index] === byte);
  let at = begins(0, 0xf3, 0x0f, 0x1e, 0xfa) ? 4 : 0;
  if (begins(at, 0x55, 0x48, 0x89, 0xe5)) at += 4;
  if (!begins(at, 0x48, 0x8b, 0x05)) return Number.NaN;
  return address + at + 7 + (new ByteReader(code).i32(at + 3) | 0);
}
