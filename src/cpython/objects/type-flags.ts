import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';

/**
 * Bits of `tp_flags`, the same in all versions that have them; of Python 2 `str` is a `unicode` and `bytes` a `str`.
 * CPython Include/object.h.
 */
export const TypeFlag = {
  /** From 3.13: instances carry the values of their first attributes. */
  inlineValues: 1 << 2,
  /** From 3.11: the dict of an instance hangs on a pointer before it. */
  managedDict: 1 << 4,
  /** Made while running: by a class statement, or by C code from a description. */
  heapType: 1 << 9,
  /** Python 2: an `int`, whereas the next is a `long`. */
  smallInt: 1 << 23,
  int: 1 << 24,
  tuple: 1 << 26,
  bytes: 1 << 27,
  str: 1 << 28,
  dict: 1 << 29,
  exception: 1 << 30,
  type: 1 << 31,
} as const;

/** The flags of the object's type; 0, so none of them, when there is no object at `address`. */
export function typeFlags(memory: TargetMemory, layout: Layout, address: number): number {
  const type = readPointer(memory, address + layout.object.type);
  const bytes = isPointer(type) ? memory.read(type + layout.type.flags, 4) : undefined;
  return bytes ? new ByteReader(bytes).u32(0) : 0;
}

/** Whether an instance of this built-in type, or of a class derived from it, lies at `address`. */
export function isInstance(memory: TargetMemory, layout: Layout, address: number, flag: number): boolean {
  return (typeFlags(memory, layout, address) & flag) !== 0;
}
