import { readPointer } from '../../memory/pointers.js';
import type { TextValue } from '../../model/value.js';
import { readString } from '../objects/strings.js';
import { isInstance, TypeFlag } from '../objects/type-flags.js';
import { call } from './plain.js';
import type { ValueReader, ValueSource } from './value-source.js';

export const readText: ValueReader = ({ memory, layout, limits }, object) => {
  const text = readString(memory, layout, object, limits.text);
  if (text === undefined) return undefined;
  const length = readPointer(memory, object + layout.unicode.length);
  const more = length > limits.text ? length - limits.text : 0;
  return { kind: 'text', type: 'str', prefix: '', text: more > 0 ? text.slice(0, -1) : text, more };
};

export const readByteString: ValueReader = (source, object) => {
  const { memory, layout } = source;
  if (!isInstance(memory, layout, object, TypeFlag.bytes)) return undefined;
  const size = readPointer(memory, object + layout.bytes.size);
  return byteText(source, object + layout.bytes.data, size, 'bytes');
};

export const readByteArray: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const start = readPointer(memory, object + layout.byteArray.start);
  const text = byteText(source, start, readPointer(memory, object + layout.bytes.size), 'bytes');
  return text && call(type, [text]);
};

/** `size` bytes from `start` on, as far as they are shown. */
export function byteText(
  { memory, limits }: ValueSource,
  start: number,
  size: number,
  type: string,
): TextValue | undefined {
  const kept = Math.min(size, limits.text);
  const bytes = kept > 0 ? memory.read(start, kept) : new Uint8Array(0);
  if (!bytes || Number.isNaN(size)) return undefined;
  return { kind: 'text', type, prefix: 'b', text: String.fromCharCode(...bytes), more: size - kept };
}
