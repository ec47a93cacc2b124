import { readPointer } from '../../memory/pointers.js';
import { tupleItems } from '../objects/tuples.js';
import { call } from './plain.js';
import type { ValueReader } from './value-source.js';

/** `ValueError('what was wrong')`: the class and the arguments it was made with. */
export const readException: ValueReader = (source, object, type) => {
  const { memory, layout, room } = source;
  const args = readPointer(memory, object + layout.exception.args);
  const size = readPointer(memory, args + layout.tuple.size);
  if (Number.isNaN(size)) return undefined;
  const items = tupleItems(memory, layout, args, room).map((item) => source.value(item));
  return call(type, items, size - items.length);
};
