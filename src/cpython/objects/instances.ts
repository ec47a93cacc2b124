import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { readCString } from './c-strings.js';
import { type DictEntry, dictEntries, dictValue, keyEntries } from './dicts.js';
import { slotOf } from './slots.js';
import type { FoundStrings } from './strings.js';
import { TypeFlag } from './type-flags.js';

/** `tp_name` of the object's type, such as `code`; `undefined` when there is no object. */
export function typeName(memory: TargetMemory, layout: Layout, object: number): string | undefined {
  const type = readPointer(memory, object + layout.object.type);
  return readCString(memory, readPointer(memory, type + layout.type.name));
}

const mostAttributes = 1000;

/**
 * Address of an attribute of the object's own, in its `__dict__` or in a slot; 0 when it has none of that name. Where
 * the `__dict__` is:
 *
 *   up to 3.10   a dict at `tp_dictoffset`; a negative one counts from the end of the object
 *   3.11         at object - 32 an array of values (keys in the type's `ht_cached_keys`), or at object - 24 a dict
 *   3.12         at object - 24 one word: a dict, or one byte less than an array of values
 *   3.13, 3.14   values behind the object, valid until a dict at object - 24 takes over; object - 8 in a free-threaded
 *                build, whose objects have no header of the collector
 *
 * CPython Objects/object.c `_PyObject_ComputedDictPointer`, Include/internal/pycore_object.h of each version.
 */
export function attributeOf(
  memory: TargetMemory,
  layout: Layout,
  object: number,
  name: string,
  known?: FoundStrings,
): number {
  const type = readPointer(memory, object + layout.object.type);
  if (!isPointer(type)) return 0;
  return (
    dictValue(memory, layout, instanceDict(memory, layout, object, type, 'any'), name, known) ||
    slotOf(memory, layout, object, type, name)
  );
}

/** What the `__dict__` of an object of that type holds, made or not; empty when it has none. */
export function instanceDict(
  memory: TargetMemory,
  layout: Layout,
  object: number,
  type: number,
  order?: 'any',
): DictEntry[] {
  const typeBytes = memory.read(type, layout.type.dictOffset + 8);
  if (!typeBytes) return [];
  const fields = new ByteReader(typeBytes);
  const flags = fields.u32(layout.type.flags);
  if (layout.minor <= 10 || (flags & TypeFlag.managedDict) === 0) {
    const slot = object + dictOffset(memory, layout, object, fields);
    return slot === object ? [] : dictEntries(memory, layout, readPointer(memory, slot), mostAttributes);
  }
  const split = (values: number) => {
    const keys = readPointer(memory, type + layout.heapType.cachedKeys);
    return keyEntries(memory, layout, { keys, values, most: mostAttributes, ...(order ? { order } : {}) });
  };
  if (layout.minor === 11) {
    const values = readPointer(memory, object - 32);
    if (isPointer(values)) return split(values);
    return dictEntries(memory, layout, readPointer(memory, object - 24), mostAttributes);
  }
  const dict = readPointer(memory, object - (layout.freeThreading ? 8 : 24));
  if (layout.minor === 12) {
    if (dict % 2 === 1) return split(dict + 1);
    return dictEntries(memory, layout, dict, mostAttributes);
  }
  if (isPointer(dict)) return dictEntries(memory, layout, dict, mostAttributes);
  if ((flags & TypeFlag.inlineValues) === 0) return [];
  const values = object + fields.u64(layout.type.basicSize);
  const valid = isPointer(values) ? memory.read(values + layout.dictValues.valid, 1) : undefined;
  return valid?.[0] ? split(values) : [];
}

/** Offset in the object of the pointer to its dict, 0: it has none. */
function dictOffset(memory: TargetMemory, layout: Layout, object: number, type: ByteReader): number {
  const offset = signed(type, layout.type.dictOffset);
  if (offset >= 0) return offset;
  const size = memory.read(object + layout.tuple.size, 8);
  if (!size) return 0;
  // ob_size is negative in negative ints.
  const items = Math.abs(signed(new ByteReader(size), 0));
  const end = type.u64(layout.type.basicSize) + items * type.u64(layout.type.itemSize);
  return offset + Math.ceil(end / 8) * 8;
}

function signed(reader: ByteReader, offset: number): number {
  return Number(BigInt.asIntN(64, reader.bigU64(offset)));
}
