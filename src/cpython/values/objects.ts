import { isPointer, readPointer } from '../../memory/pointers.js';
import type { AttributesValue } from '../../model/value.js';
import { dictEntries } from '../objects/dicts.js';
import { attributeOf, instanceDict } from '../objects/instances.js';
import { readString } from '../objects/strings.js';
import { anonymous, plain } from './plain.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

const longestName = 200;

/** Anything else: its attributes, in its dict or in slots. A dataclass is shown as it shows itself. */
export const readObject: ValueReader = (source, object, type) => {
  const fields = source.classAttribute(type, '__dataclass_fields__');
  if (fields !== 0) return readDataclass(source, object, type, fields);
  const { memory, layout, limits, room } = source;
  const named = new Map<string, number>();
  for (const { name, offset } of source.slots(type)) {
    const value = readPointer(memory, object + offset);
    if (isPointer(value)) named.set(name, value);
  }
  for (const { key, value } of instanceDict(memory, layout, object, type.address)) {
    const name = readString(memory, layout, key, longestName);
    if (name !== undefined) named.set(name, value);
    if (named.size > limits.items * 4) break;
  }
  if (named.size === 0) return anonymous(type, object);
  const attributes = [...named].slice(0, room).map(([name, value]) => ({ name, value: source.value(value) }));
  return withAttributes(type, attributes, named.size, [`<${type.name} `, '>']);
};

function withAttributes(
  type: TypeInfo,
  attributes: AttributesValue['attributes'],
  size: number,
  [open, close]: readonly [string, string],
): AttributesValue {
  return { kind: 'attributes', type: type.name, open, close, attributes, more: size - attributes.length };
}

const mostFields = 200;

/** Fields that are declared with `repr=False` are left out, as they are by the class itself. */
function readDataclass(source: ValueSource, object: number, type: TypeInfo, fields: number) {
  const { memory, layout, room } = source;
  const names: string[] = [];
  for (const { key, value } of dictEntries(memory, layout, fields, mostFields)) {
    const name = readString(memory, layout, key, longestName);
    const shown = source.value(attributeOf(memory, layout, value, 'repr'));
    if (name !== undefined && !(shown.kind === 'plain' && shown.text === 'False')) names.push(name);
  }
  const filled = names
    .map((name) => ({ name, at: attributeOf(memory, layout, object, name) }))
    .filter(({ at }) => isPointer(at));
  if (filled.length === 0) return plain(type.name, `${type.qualifiedName}()`);
  const attributes = filled.slice(0, room).map(({ name, at }) => ({ name, value: source.value(at) }));
  return withAttributes(type, attributes, filled.length, [`${type.qualifiedName}(`, ')']);
}
