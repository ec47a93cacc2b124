import { isPointer, readPointer } from '../../memory/pointers.js';
import type { Value } from '../../model/value.js';
import { attributeOf } from '../objects/instances.js';
import { readBigInt } from '../objects/integers.js';
import { readString } from '../objects/strings.js';
import { pointersAt, tupleItems } from '../objects/tuples.js';
import { call, plain } from './plain.js';
import type { ValueReader, ValueSource } from './value-source.js';

/** Classes that the standard library writes in Python and that show themselves in a way of their own. */

export const readUuid: ValueReader = ({ memory, layout }, object, type) => {
  const value = readBigInt(memory, layout, attributeOf(memory, layout, object, 'int'), 5);
  if (value === undefined) return undefined;
  const hex = value.toString(16).padStart(32, '0');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return plain(type.name, `${type.name}('${parts.join('-')}')`);
};

export const readFraction: ValueReader = (source, object, type) => {
  const parts = ['_numerator', '_denominator'].map((name) =>
    attributeOf(source.memory, source.layout, object, name),
  );
  return parts.every(isPointer)
    ? call(
        type,
        parts.map((part) => source.value(part)),
      )
    : undefined;
};

/** Up to 3.11 a path is kept in its parts, later as it was given. */
export const readPath: ValueReader = (source, object, type) => {
  const { memory, layout, limits } = source;
  const attribute = (name: string) => attributeOf(memory, layout, object, name);
  const known = readString(memory, layout, attribute('_str'), limits.text);
  if (known !== undefined) return pathValue(type.name, known);
  const given = strings(source, attribute('_raw_paths'));
  if (given.length > 0) return pathValue(type.name, joined(given));
  const parts = strings(source, attribute('_parts'));
  const root = readString(memory, layout, attribute('_root'), 10);
  if (root === undefined) return undefined;
  return pathValue(type.name, root === '' ? parts.join('/') || '.' : root + parts.slice(1).join('/'));
};

function pathValue(type: string, text: string): Value {
  return call(type, [{ kind: 'text', type: 'str', prefix: '', text, more: 0 }]);
}

/** As pathlib joins: what begins with a slash starts anew; empty and `.` parts go. */
function joined(given: readonly string[]): string {
  let path = '';
  for (const part of given) {
    if (part.startsWith('/')) path = part;
    else path = path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  }
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const rest = path.split('/').filter((part) => part !== '' && part !== '.');
  return root + rest.join('/') || '.';
}

function strings({ memory, layout, limits }: ValueSource, list: number): string[] {
  const size = readPointer(memory, list + layout.list.size);
  if (!isPointer(list) || Number.isNaN(size)) return [];
  const isTuple = tupleItems(memory, layout, list, limits.items);
  const addresses =
    isTuple.length > 0
      ? isTuple
      : pointersAt(memory, readPointer(memory, list + layout.list.items), size, limits.items);
  return addresses.map((address) => readString(memory, layout, address, limits.text) ?? '?');
}

/** `os.environ` and the like: the mapping inside, whose texts are bytes on the inside. */
export const readEnviron: ValueReader = (source, object, type) => {
  const data = attributeOf(source.memory, source.layout, object, '_data');
  return isPointer(data) ? call(type, [source.value(data)]) : undefined;
};

/** UserDict, UserList and UserString show what they hold. */
export const readUserContainer: ValueReader = (source, object) => {
  const data = attributeOf(source.memory, source.layout, object, 'data');
  return isPointer(data) ? source.value(data) : undefined;
};
