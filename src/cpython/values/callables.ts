import { isPointer, readPointer } from '../../memory/pointers.js';
import { readCString } from '../objects/c-strings.js';
import { readString } from '../objects/strings.js';
import { plain } from './plain.js';
import type { ValueReader, ValueSource } from './value-source.js';

const longestName = 200;

function at(object: number): string {
  return `at 0x${object.toString(16)}>`;
}

function functionName({ memory, layout }: ValueSource, object: number): string | undefined {
  return readString(memory, layout, readPointer(memory, object + layout.callable.functionName), longestName);
}

export const readFunction: ValueReader = (source, object, type) => {
  const name = functionName(source, object);
  return name === undefined ? undefined : plain(type.name, `<function ${name} ${at(object)}`);
};

/** Python shows the object as well; its own variable does, too. */
export const readMethod: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const fn = readPointer(memory, object + layout.boundMethod.function);
  const self = source.typeOf(readPointer(memory, object + layout.callable.boundSelf));
  const name = source.typeOf(fn)?.name === 'function' ? functionName(source, fn) : undefined;
  return plain(type.name, `<bound method ${name ?? '?'} of ${self?.fullName ?? '?'} object>`);
};

export const readBuiltin: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const method = readPointer(memory, object + layout.cFunction.definition);
  const name = readCString(memory, readPointer(memory, method));
  if (name === undefined) return undefined;
  const self = readPointer(memory, object + layout.cFunction.self);
  const selfType = isPointer(self) ? source.typeOf(self) : undefined;
  if (!selfType || selfType.name === 'module') return plain(type.name, `<built-in function ${name}>`);
  return plain(type.name, `<built-in method ${name} of ${selfType.name} object ${at(self)}`);
};

export const readGenerator: ValueReader = ({ memory, layout }, object, type) => {
  const { python2 } = layout;
  // In Python 2 its code has the name.
  const nameAt = python2
    ? readPointer(memory, object + python2.generatorCode) + layout.code.name
    : object + layout.callable.generatorName;
  const name = readString(memory, layout, readPointer(memory, nameAt), longestName);
  return name === undefined ? undefined : plain(type.name, `<${type.name} object ${name} ${at(object)}`);
};
