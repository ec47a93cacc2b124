import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { Value } from '../../model/value.js';
import { readString } from '../objects/strings.js';
import { pointersAt, tupleItems } from '../objects/tuples.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

function items(
  source: ValueSource,
  type: string,
  [open, close]: readonly [string, string],
  addresses: readonly number[],
  size: number,
): Value {
  const read = addresses.map((address) => source.value(address));
  return { kind: 'items', type, open, close, items: read, more: Math.max(0, size - read.length) };
}

export const readList: ValueReader = (source, object) => {
  const { memory, layout, room } = source;
  const size = readPointer(memory, object + layout.list.size);
  if (Number.isNaN(size)) return undefined;
  const first = readPointer(memory, object + layout.list.items);
  return items(source, 'list', ['[', ']'], pointersAt(memory, first, size, room), size);
};

export const readTuple: ValueReader = (source, object, type) => {
  const { memory, layout, room } = source;
  const size = readPointer(memory, object + layout.tuple.size);
  if (Number.isNaN(size)) return undefined;
  const addresses = pointersAt(memory, object + layout.tuple.items, size, room);
  const named = type.name === 'tuple' ? undefined : namedTuple(source, type, addresses, size);
  return named ?? items(source, 'tuple', ['(', size === 1 ? ',)' : ')'], addresses, size);
};

/** Classes that `namedtuple` makes list their fields in `_fields`. */
function namedTuple(
  source: ValueSource,
  type: TypeInfo,
  addresses: readonly number[],
  size: number,
): Value | undefined {
  const { memory, layout, limits } = source;
  const fields = tupleItems(memory, layout, source.classAttribute(type, '_fields'), limits.items);
  if (fields.length === 0 || fields.length < addresses.length) return undefined;
  const attributes = addresses.map((address, at) => ({
    name: readString(memory, layout, fields[at]!, 200) ?? '?',
    value: source.value(address),
  }));
  const more = size - addresses.length;
  return { kind: 'attributes', type: type.name, open: `${type.name}(`, close: ')', attributes, more };
}

/**
 * Open addressing: entries of two words, the key (0: never used) and the hash. A
 * removed key is replaced by a dummy object, whose hash is -1 (Objects/setobject.c).
 */
const entrySize = 16;
const largestTable = 1 << 16;

export const readSet: ValueReader = (source, object, type) => {
  const { memory, layout, room } = source;
  const used = readPointer(memory, object + layout.set.used);
  const mask = readPointer(memory, object + layout.set.mask);
  const table = readPointer(memory, object + layout.set.table);
  if (Number.isNaN(used) || !isPointer(table) || !(mask < 2 ** 40)) return undefined;
  const found: number[] = [];
  // A large table that is nearly empty is not searched to its end.
  const bytes = memory.read(table, Math.min(mask + 1, largestTable) * entrySize);
  const entries = bytes && new ByteReader(bytes);
  for (let at = 0; entries && at < entries.length && found.length < Math.min(room, used); at += entrySize) {
    const key = entries.u64(at + layout.set.entryKey);
    if (isPointer(key) && entries.bigU64(at + layout.set.entryHash) !== 0xffff_ffff_ffff_ffffn)
      found.push(key);
  }
  if (type.name === 'set' && used > 0) return items(source, 'set', ['{', '}'], found, used);
  const brackets = used === 0 ? (['', ''] as const) : (['{', '}'] as const);
  return items(source, type.name, [`${type.name}(${brackets[0]}`, `${brackets[1]})`], found, used);
};

/**
 * A deque is a chain of blocks of 64 items, used from `leftIndex` of the first on (Modules/_collectionsmodule.c):
 *
 *   size i64 │ left block │ right block │ left index │ right index │ state │ maxlen
 *   block:  previous │ 64 items │ next
 */
const blockLength = 64;
const longestChain = 100;

export const readDeque: ValueReader = (source, object, type) => {
  const { memory, layout, room } = source;
  const head = object + layout.list.size;
  const bytes = memory.read(head, 56);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const size = fields.u64(0);
  if (!(size >= 0)) return undefined;
  const addresses: number[] = [];
  let block = fields.u64(8);
  let index = fields.u64(24);
  for (let blocks = 0; addresses.length < Math.min(size, room) && blocks < longestChain; blocks++) {
    if (!(index < blockLength)) break;
    const inBlock = Math.min(size, room) - addresses.length;
    addresses.push(...pointersAt(memory, block + 8 + index * 8, blockLength - index, inBlock));
    block = readPointer(memory, block + 8 + blockLength * 8);
    index = 0;
  }
  const longest = BigInt.asIntN(64, fields.bigU64(48));
  const close = longest >= 0n ? `], maxlen=${longest})` : '])';
  return items(source, type.name, [`${type.name}([`, close], addresses, size);
};
