import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { builtinsModule } from '../objects/builtins-module.js';
import { readCString } from '../objects/c-strings.js';
import { type DictEntry, dictEntries, dictValue } from '../objects/dicts.js';
import { readString } from '../objects/strings.js';
import { TypeFlag } from '../objects/type-flags.js';

/** A type object, as far as it decides how its instances are shown. */
export interface TypeInfo {
  readonly address: number;
  /** Without the module: `OrderedDict`. */
  readonly name: string;
  /** `Outer.Inner` of a class within a class. */
  readonly qualifiedName: string;
  /** With the module, which is left out for builtins: `collections.OrderedDict`, `int`. */
  readonly fullName: string;
  readonly flags: number;
  /** Address of the type's own type. */
  readonly metatype: number;
  /** Address of the type it is derived from first, 0: none. */
  readonly base: number;
  /** Address of the C function behind `repr()`: the same in a class that has no `__repr__` of its own. */
  readonly repr: number;
  readonly basicSize: number;
  readonly entries: readonly DictEntry[];
}

const longestName = 200;
const mostEntries = 2000;

export function readType(memory: TargetMemory, layout: Layout, address: number): TypeInfo | undefined {
  const { type, typeObject, heapType } = layout;
  const { heapName, qualifiedName: qualified } = typeObject;
  const length = Math.max(type.members, type.base, typeObject.dict, heapName, qualified) + 8;
  const bytes = isPointer(address)
    ? (memory.read(address, length) ?? memory.read(address, type.dictOffset + 8))
    : undefined;
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const flags = fields.u32(type.flags);
  const written = readCString(memory, fields.u64(type.name), 4 * longestName);
  if (written === undefined) return undefined;
  const entries = dictEntries(memory, layout, fields.u64(typeObject.dict), mostEntries);
  const isHeapType = (flags & TypeFlag.heapType) !== 0 && bytes.length >= heapType.cachedKeys;
  const dotted = written.lastIndexOf('.');
  const name = written.slice(dotted + 1);
  const qualifiedName =
    (isHeapType && qualified >= 0 ? readString(memory, layout, fields.u64(qualified), longestName) : '') ||
    name;
  const module =
    isHeapType && dotted < 0
      ? readString(memory, layout, dictValue(memory, layout, entries, '__module__'), longestName)
      : written.slice(0, Math.max(0, dotted));
  return {
    ...{ address, name, qualifiedName, flags, entries },
    fullName: module && module !== builtinsModule(layout) ? `${module}.${qualifiedName}` : qualifiedName,
    metatype: fields.u64(layout.object.type),
    base: fields.u64(type.base),
    repr: fields.u64(typeObject.repr),
    basicSize: fields.u64(type.basicSize),
  };
}
