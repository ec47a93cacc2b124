import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { Value } from '../../model/value.js';
import { type DictEntry, dictEntries, keyEntries } from '../objects/dicts.js';
import { call } from './plain.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

function mapping(
  source: ValueSource,
  object: number,
  type: string,
  [open, close]: readonly [string, string],
  found = dictEntries(source.memory, source.layout, object, roomForDeleted(source.room)),
): Value | undefined {
  const size = dictSize(source, object);
  if (Number.isNaN(size)) return undefined;
  const entries = found
    .slice(0, source.room)
    .map(({ key, value }) => ({ key: source.value(key), value: source.value(value) }));
  return { kind: 'entries', type, open, close, entries, more: Math.max(0, size - entries.length) };
}

/** Removed entries leave holes, which count when a number of them is asked for. */
function roomForDeleted(room: number): number {
  return room === 0 ? 0 : room * 4 + 64;
}

function dictSize({ memory, layout }: ValueSource, object: number): number {
  return readPointer(memory, object + layout.dict.used);
}

export const readDict: ValueReader = (source, object) => mapping(source, object, 'dict', ['{', '}']);

/** From 3.15: the struct of a dict without being one. */
export const readFrozenDict: ValueReader = (source, object, type) => {
  const { memory, layout, room } = source;
  const field = (offset: number) => readPointer(memory, object + offset);
  const entries = keyEntries(memory, layout, {
    keys: field(layout.dict.keys),
    values: field(layout.dict.values),
    most: room,
  });
  const isEmpty = dictSize(source, object) === 0;
  return mapping(
    source,
    object,
    type.name,
    isEmpty ? [`${type.name}(`, ')'] : [`${type.name}({`, '})'],
    entries,
  );
};

/** A defaultdict is a dict followed by the pointer to what makes its values (Modules/_collectionsmodule.c). */
export const readDefaultDict: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const factory = readPointer(memory, object + layout.dictObject.size);
  const value = isPointer(factory) ? source.value(factory) : undefined;
  const made = value ? (value.kind === 'plain' ? value.text : '…') : 'None';
  return mapping(source, object, type.name, [`${type.name}(${made}, {`, '})']);
};

/** Mapping proxies, such as the `__dict__` of a class, are a pointer to the mapping. */
export const readMappingProxy: ValueReader = (source, object, type) => {
  const inner = readPointer(source.memory, object + source.layout.object.type + 8);
  return isPointer(inner) ? call(type, [source.value(inner)]) : undefined;
};

/** Counters show the most common first. */
export const readCounter: ValueReader = (source, object, type) => {
  const size = dictSize(source, object);
  if (size === 0) return mapping(source, object, type.name, [`${type.name}(`, ')'], []);
  const value = mapping(source, object, type.name, [`${type.name}({`, '})']);
  if (value?.kind !== 'entries' || value.more > 0) return value;
  const count = ({ value: one }: { value: Value }) => (one.kind === 'plain' ? Number(one.text) : Number.NaN);
  if (value.entries.some((entry) => Number.isNaN(count(entry)))) return value;
  return { ...value, entries: [...value.entries].sort((a, b) => count(b) - count(a)) };
};

/**
 * An OrderedDict is a dict followed by a linked list of its keys in their order (Objects/odictobject.c):
 *
 *   dict │ first node │ …
 *   node:  key │ hash │ next │ previous
 */
export const readOrderedDict: ValueReader = (source, object, type) => {
  const asPairs = source.layout.minor < 12;
  const size = dictSize(source, object);
  const entries = inOrder(source, object, size);
  if (size > 0 && !asPairs) return mapping(source, object, type.name, [`${type.name}({`, '})'], entries);
  return pairsOf(source, object, type, entries);
};

/** An OrderedDict that has `keys`, in this order: as many as are shown, or all. */
export function orderedDict(
  source: ValueSource,
  object: number,
  type: TypeInfo,
  keys: readonly number[],
): Value | undefined {
  const { memory, layout, room } = source;
  const entries = dictEntries(memory, layout, object, mostLinked);
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const ordered = keys.flatMap((key) => byKey.get(key) ?? []);
  const isWhole = ordered.length === Math.min(dictSize(source, object), room);
  return pairsOf(source, object, type, isWhole ? ordered : entries);
}

/** Entries among which those of the first keys are looked for. */
const mostLinked = 10_000;

function pairsOf(
  source: ValueSource,
  object: number,
  type: TypeInfo,
  entries: DictEntry[],
): Value | undefined {
  if (dictSize(source, object) === 0) return mapping(source, object, type.name, [`${type.name}(`, ')'], []);
  const value = mapping(source, object, type.name, ['', ''], entries);
  if (value?.kind !== 'entries') return value;
  const pairs = value.entries.map(
    ({ key, value: item }): Value => ({
      kind: 'items',
      type: 'tuple',
      open: '(',
      close: ')',
      items: [key, item],
      more: 0,
    }),
  );
  return {
    kind: 'items',
    type: type.name,
    open: `${type.name}([`,
    close: '])',
    items: pairs,
    more: value.more,
  };
}

function inOrder(source: ValueSource, object: number, size: number): DictEntry[] {
  const { memory, layout, room } = source;
  const entries = dictEntries(memory, layout, object, roomForDeleted(Math.min(size, room)));
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const ordered: DictEntry[] = [];
  let node = readPointer(memory, object + layout.dictObject.size);
  while (isPointer(node) && ordered.length < Math.min(size, room)) {
    const bytes = memory.read(node, 24);
    const fields = bytes && new ByteReader(bytes);
    const entry = fields && byKey.get(fields.u64(0));
    if (!entry) return entries;
    ordered.push(entry);
    node = fields.u64(16);
  }
  return ordered.length === Math.min(size, room) ? ordered : entries;
}
