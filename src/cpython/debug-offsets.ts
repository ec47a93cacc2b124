import { ByteReader } from '../bytes/byte-reader.js';
import { PyglassError } from '../model/error.js';
import type { Layout } from './layout.js';

/**
 * `_Py_DebugOffsets`, the first thing in `_PyRuntime` from 3.13 on: the offsets of that very build.
 *
 *   0  "xdebugpy"
 *   8  version as in PY_VERSION_HEX, u64
 *  16  1 in a free-threaded build, u64
 *  24  offsets, u64 each, in an order that changes with the minor version
 *
 * CPython 3.13 Include/internal/pycore_runtime.h, 3.14 Include/internal/pycore_debug_offsets.h.
 */

/** Where in the table each field of a layout stands, keyed `group.field`, and the table's own `size`. */
export type DebugOffsetsTable = Readonly<Record<string, number>>;

export const debugOffsetsHeaderSize = 24;
const cookie = 'xdebugpy';
/** No struct of CPython that is read here is larger, except the interpreter state. */
const largestOffset = 1 << 20;

/** The version that the table names, `undefined` when the bytes are not such a table. */
export function debugOffsetsVersion(bytes: Uint8Array): { hex: number; freeThreaded: boolean } | undefined {
  if (bytes.length < debugOffsetsHeaderSize) return undefined;
  for (let at = 0; at < cookie.length; at++) if (bytes[at] !== cookie.charCodeAt(at)) return undefined;
  const reader = new ByteReader(bytes);
  return { hex: reader.u32(8), freeThreaded: reader.u64(16) !== 0 };
}

/** Builds of Python whose layouts are kept. */
const mostKept = 16;
const kept: { readonly bytes: Uint8Array; readonly base: Layout; readonly layout: Layout }[] = [];

/**
 * `base` with every offset of the target's table; throws `layout-implausible` when one cannot be right. One object for
 * all processes with the same table.
 */
export function layoutFromDebugOffsets(bytes: Uint8Array, table: DebugOffsetsTable, base: Layout): Layout {
  const known = kept.find((one) => one.base === base && isSame(one.bytes, bytes));
  if (known) return known.layout;
  const layout = newLayout(bytes, table, base);
  if (kept.length >= mostKept) kept.shift();
  kept.push({ bytes, base, layout });
  return layout;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function newLayout(bytes: Uint8Array, table: DebugOffsetsTable, base: Layout): Layout {
  const reader = new ByteReader(bytes);
  const layout = structuredLayout(base);
  for (const [path, position] of Object.entries(table)) {
    const [group, field] = path.split('.') as [string, string | undefined];
    if (field === undefined) continue;
    const offset = reader.u64(position);
    if (!(offset >= 0 && offset < largestOffset)) {
      throw new PyglassError(
        'layout-implausible',
        `the interpreter's own table of offsets says ${offset} for ${path}`,
        { path, offset },
      );
    }
    layout[group]![field] = offset;
  }
  return layout as unknown as Layout;
}

function structuredLayout(base: Layout): Record<string, Record<string, number>> {
  const copy: Record<string, unknown> = {};
  for (const [group, fields] of Object.entries(base))
    copy[group] = typeof fields === 'object' ? { ...fields } : fields;
  return copy as Record<string, Record<string, number>>;
}
