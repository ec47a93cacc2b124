import type { Machine } from '../binary/elf/machines.js';
import type { Layout } from './layout.js';

/**
 * A C library: glibc's mutex has 48 bytes on aarch64 and 40 on x86-64, where the layouts were measured; musl's has 40
 * on both. Its other types that CPython's structs hold, such as conditions, are alike.
 */
export type CLibrary = 'glibc' | 'musl';
const mutexGrowth = 8;
/** Of `struct _gil_runtime_state`: `mutex` and `switch_mutex`. */
const mutexesOfGil = 2;

/**
 * A layout of x86-64 on another machine. Measured with `tools/generate-layouts.mjs` and a compiler for aarch64, 3.6 to
 * 3.15t: all offsets are alike but the size of the GIL, and what lies behind it in the runtime. `undefined`: it depends
 * on a C library that is not known.
 */
export function layoutOnMachine(
  layout: Layout,
  machine: Machine,
  cLibrary: () => CLibrary | undefined,
): Layout | undefined {
  const { runtime, gil } = layout;
  if (machine === 'x86-64' || gil.size < 0) return layout;
  const library = cLibrary();
  if (library === 'musl') return layout;
  const isBehindGil = runtime.gilThreadState > runtime.gil;
  if (library === undefined) return isBehindGil ? undefined : layout;
  const growth = mutexesOfGil * mutexGrowth;
  return {
    ...layout,
    gil: { ...gil, size: gil.size + growth },
    ...(isBehindGil ? { runtime: { ...runtime, gilThreadState: runtime.gilThreadState + growth } } : {}),
  };
}
