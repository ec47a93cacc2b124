import { ByteReader } from '../../bytes/byte-reader.js';
import { asciiUntilNul } from '../../bytes/text.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { type DictEntry, dictEntries, dictValue, keyEntries } from './dicts.js';

/** `tp_name` of the object's type, such as `code`; `undefined` when there is no object. */
export function typeName(memory: TargetMemory, layout: Layout, object: number): string | undefined {
  const type = readPointer(memory, object + layout.object.type);
  const name = isPointer(type) ? readPointer(memory, type + layout.type.name) : 0;
  if (!isPointer(name)) return undefined;
  // Names near the end of a mapping have fewer readable bytes behind them.
  const bytes = memory.read(name, 64) ?? memory.read(name, 8);
  return bytes && asciiUntilNul(bytes, 0, 64);
}

const mostAttributes = 1000;
/** Py_TPFLAGS_INLINE_VALUES, from 3.13, and Py_TPFLAGS_MANAGED_DICT, from 3.11. */
const inlineValues = 1 << 2;
const managedDict = 1 << 4;

/**
 * Address of an attribute in the object's own `__dict__`; 0 when it has none of that name. Where instances keep them:
 *
 *   up to 3.10   a dict at `tp_dictoffset`
 *   3.11         at object - 32 an array of values (keys in the type's `ht_cached_keys`), or at object - 24 a dict
 *   3.12         at object - 24 one word: a dict, or one byte less than an array of values
 *   3.13, 3.14   values behind the object, valid until a dict at object - 24 takes over
 *
 * CPython Objects/object.c `_PyObject_ComputedDictPointer`, Include/internal/pycore_object.h of each version.
 */
export function attributeOf(memory: TargetMemory, layout: Layout, object: number, name: string): number {
  return dictValue(memory, layout, attributes(memory, layout, object), name);
}

function attributes(memory: TargetMemory, layout: Layout, object: number): DictEntry[] {
  const type = readPointer(memory, object + layout.object.type);
  const flagBytes = isPointer(type) ? memory.read(type + layout.type.flags, 8) : undefined;
  if (!flagBytes) return [];
  const flags = new ByteReader(flagBytes).u32(0);
  if (layout.minor <= 10 || (flags & managedDict) === 0) {
    const offset = readPointer(memory, type + layout.type.dictOffset);
    if (!(offset > 0 && offset < 1 << 20)) return [];
    return dictEntries(memory, layout, readPointer(memory, object + offset), mostAttributes);
  }
  const cachedKeys = () => readPointer(memory, type + layout.heapType.cachedKeys);
  if (layout.minor === 11) {
    const values = readPointer(memory, object - 32);
    if (isPointer(values)) return keyEntries(memory, layout, cachedKeys(), values, mostAttributes);
    return dictEntries(memory, layout, readPointer(memory, object - 24), mostAttributes);
  }
  const dict = readPointer(memory, object - 24);
  if (layout.minor === 12) {
    if (dict % 2 === 1) return keyEntries(memory, layout, cachedKeys(), dict + 1, mostAttributes);
    return dictEntries(memory, layout, dict, mostAttributes);
  }
  if (isPointer(dict)) return dictEntries(memory, layout, dict, mostAttributes);
  if ((flags & inlineValues) === 0) return [];
  const basicSize = readPointer(memory, type + layout.type.basicSize);
  return keyEntries(memory, layout, cachedKeys(), object + basicSize + 8, mostAttributes);
}
