import { ByteReader } from '../bytes/byte-reader.js';
import { isPointer, readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';
import { dictEntries, dictValue } from './objects/dicts.js';
import { attributeOf } from './objects/instances.js';
import { readString } from './objects/strings.js';

const mostModules = 50_000;
const mostThreads = 20_000;
const longestName = 200;

/** Names that `threading` gives the threads of an interpreter, by ident (`pthread_self()`). Empty when it is not imported. */
export function readThreadNames(
  memory: TargetMemory,
  layout: Layout,
  interpreter: number,
): Map<number, string> {
  const names = new Map<number, string>();
  const modules = dictEntries(
    memory,
    layout,
    readPointer(memory, interpreter + layout.interpreter.modules),
    mostModules,
  );
  const threading = dictValue(memory, layout, modules, 'threading');
  if (threading === 0) return names;
  // PyModuleObject (Include/internal/pycore_moduleobject.h): md_dict follows the object header.
  const globals = dictEntries(
    memory,
    layout,
    readPointer(memory, threading + layout.object.type + 8),
    mostModules,
  );
  const active = dictValue(memory, layout, globals, '_active');
  for (const { key, value } of dictEntries(memory, layout, active, mostThreads)) {
    const ident = readInt(memory, layout, key);
    const name = readString(memory, layout, attributeOf(memory, layout, value, '_name'), longestName);
    if (ident > 0 && name !== undefined) names.set(ident, name);
  }
  return names;
}

/** A non-negative `int` of at most two digits of 30 bits (idents are addresses); NaN for others. */
function readInt(memory: TargetMemory, layout: Layout, address: number): number {
  const bytes = isPointer(address) ? memory.read(address, layout.long.digits + 8) : undefined;
  if (!bytes) return Number.NaN;
  const fields = new ByteReader(bytes);
  const tag = fields.u64(layout.long.tag);
  const digits = layout.minor >= 12 ? Math.floor(tag / 8) : tag;
  if (digits === 0) return 0;
  if (digits > 2 || Number.isNaN(digits)) return Number.NaN;
  return fields.u32(layout.long.digits) + (digits === 2 ? fields.u32(layout.long.digits + 4) * 2 ** 30 : 0);
}
