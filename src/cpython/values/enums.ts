import { isPointer } from '../../memory/pointers.js';
import type { Value } from '../../model/value.js';
import { attributeOf } from '../objects/instances.js';
import { readString } from '../objects/strings.js';
import type { TypeInfo } from './types.js';
import type { ValueSource } from './value-source.js';

/** The metaclass had another name up to 3.10. */
const metaclasses: readonly string[] = ['enum.EnumMeta', 'enum.EnumType'];

/** Whether the type is an Enum, by its metaclass or one that it is derived from. */
export function isEnumClass(source: ValueSource, type: TypeInfo): boolean {
  let meta = source.type(type.metatype);
  for (let bases = 0; meta && bases < 8; bases++) {
    if (metaclasses.includes(meta.fullName)) return true;
    meta = source.type(meta.base);
  }
  return false;
}

/** `<Color.RED: 1>` */
export function readEnumMember(source: ValueSource, object: number, type: TypeInfo): Value | undefined {
  const { memory, layout } = source;
  const name = readString(memory, layout, attributeOf(memory, layout, object, '_name_'), 200);
  const value = attributeOf(memory, layout, object, '_value_');
  if (!isPointer(value)) return undefined;
  const open = name === undefined ? `<${type.name}: ` : `<${type.name}.${name}: `;
  return { kind: 'items', type: type.name, open, close: '>', items: [source.value(value)], more: 0 };
}
