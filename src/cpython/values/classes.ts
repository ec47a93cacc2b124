import { readPointer } from '../../memory/pointers.js';
import { dictEntries, dictValue } from '../objects/dicts.js';
import { attributeOf } from '../objects/instances.js';
import { readString } from '../objects/strings.js';
import { TypeFlag } from '../objects/type-flags.js';
import { isEnumClass } from './enums.js';
import { plain } from './plain.js';
import { quoted } from './quoted.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

export const readClass: ValueReader = (source, object, metatype) => {
  const type = source.type(object);
  if (!type) return undefined;
  const text = isEnumClass(source, type)
    ? `<${isFlag(source, object) ? 'flag' : 'enum'} ${quoted(type.name)}>`
    : `<${isBuiltInOfPython2(source, type) ? 'type' : 'class'} '${type.fullName}'>`;
  return plain(metatype.name, text);
};

function isBuiltInOfPython2({ layout }: ValueSource, { flags }: TypeInfo): boolean {
  return layout.python2 !== undefined && (flags & TypeFlag.heapType) === 0;
}

/** From 3.11 flags call themselves that. */
function isFlag(source: ValueSource, object: number): boolean {
  let type = source.layout.minor >= 11 ? source.type(object) : undefined;
  for (let bases = 0; type && bases < 16; bases++) {
    if (type.fullName === 'enum.Flag' || type.fullName === 'enum.IntFlag') return true;
    type = source.type(type.base);
  }
  return false;
}

const mostNames = 5000;

/** Where a module is from stands in its `__spec__`, or in `__file__` where it has none. */
export const readModule: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const text = (address: number) => readString(memory, layout, address, 300);
  // PyModuleObject (Include/internal/pycore_moduleobject.h): md_dict follows the object header.
  const globals = dictEntries(
    memory,
    layout,
    readPointer(memory, object + layout.object.type + 8),
    mostNames,
  );
  const of = (name: string) => dictValue(memory, layout, globals, name);
  const name = text(of('__name__')) ?? '?';
  const spec = of('__spec__');
  const ofSpec = (attribute: string) => (spec === 0 ? 0 : attributeOf(memory, layout, spec, attribute));
  // In 3.8 the first modules show it only by what loads them.
  const isBuiltin = source.type(ofSpec('loader'))?.name === 'BuiltinImporter';
  const origin = text(ofSpec('origin')) ?? (isBuiltin ? 'built-in' : undefined);
  const file = text(of('__file__'));
  const from =
    file !== undefined && origin !== 'frozen' && origin !== 'built-in'
      ? ` from ${quoted(file)}`
      : origin !== undefined
        ? ` (${origin})`
        : '';
  return plain(type.name, `<module ${quoted(name)}${from}>`);
};
