import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { type FoundStrings, findString } from './strings.js';
import { isInstance, TypeFlag } from './type-flags.js';

/**
 * `dict` objects (CPython Objects/dictobject.c, Objects/dict-common.h up to 3.10, Include/internal/pycore_dict.h
 * later).
 *
 *   keys:  header │ index table │ entries, each hash key value (24 bytes) or, for a table of only strings from 3.11 on,
 *          key value (16)
 *
 * A split dict keeps only the keys there; its values stand in an array of their own, in the order of the entries.
 * From 3.11 on the numbers of the entries, a byte each, give the order in which they were added: up to 3.12 in front
 * of the values, from their count at -2 downwards; from 3.13 on behind them, their count and how many there is room
 * for in a header.
 *
 * In Python 2 the entries themselves are the table, in the order of hashes, and empty ones have no value.
 */
export interface DictEntry {
  /** Address of the key. */
  readonly key: number;
  /** Address of the value. */
  readonly value: number;
}

const largestKeys = 1 << 22;

/** Entries of the dict at `address`, at most `most`; empty when it is not a dict that can be read. */
export function dictEntries(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  most: number,
): DictEntry[] {
  if (!isPointer(address) || !isInstance(memory, layout, address, TypeFlag.dict)) return [];
  if (layout.python2) return tableEntries(memory, layout.python2, address, most);
  const keys = readPointer(memory, address + layout.dict.keys);
  const values = readPointer(memory, address + layout.dict.values);
  return keyEntries(memory, layout, { keys, values, most });
}

/** Slots of a table that are read at once, and at least as many in all. */
const slotsPerRead = 4096;
const fewestSlots = 1 << 16;
/** Slots for each entry: a table is made for up to twice four times as many. */
const slotsPerEntry = 8;
const tableEntrySize = 24;

function tableEntries(
  memory: TargetMemory,
  { dictMask, dictTable }: NonNullable<Layout['python2']>,
  address: number,
  most: number,
): DictEntry[] {
  const slots = readPointer(memory, address + dictMask) + 1;
  const table = readPointer(memory, address + dictTable);
  const searched = Math.min(slots, largestKeys, Math.max(fewestSlots, most * slotsPerEntry));
  const found: DictEntry[] = [];
  for (let first = 0; first < searched && found.length < most; first += slotsPerRead) {
    const count = Math.min(slotsPerRead, searched - first);
    const start = table + first * tableEntrySize;
    const bytes = isPointer(start) ? memory.read(start, count * tableEntrySize) : undefined;
    if (!bytes) return [];
    const fields = new ByteReader(bytes);
    for (let at = 0; at < bytes.length && found.length < most; at += tableEntrySize) {
      const key = fields.u64(at + 8);
      const value = fields.u64(at + 16);
      if (isPointer(key) && isPointer(value)) found.push({ key, value });
    }
  }
  return found;
}

/** What a dict is made of. */
export interface KeyTable {
  /** Address of the keys object. */
  readonly keys: number;
  /** Address of the PyDictValues; 0: the values are in the entries. */
  readonly values: number;
  /** Entries that are read. */
  readonly most: number;
  /** Absent: as they were added. */
  readonly order?: 'any';
}

/** Entries of a keys object. */
export function keyEntries(
  memory: TargetMemory,
  layout: Layout,
  { keys, values, most, order }: KeyTable,
): DictEntry[] {
  const table = readKeysHeader(memory, layout, keys);
  if (!table) return [];
  const { count, entrySize } = table;
  const split = values === 0 ? undefined : valueArray(memory, layout, values);
  const wanted = Math.min(count, most, split?.capacity ?? largestKeys);
  if (!(wanted > 0)) return [];
  const entries = memory.read(table.entries, wanted * entrySize);
  const separate = split && memory.read(split.start, wanted * 8);
  if (!entries || (split && !separate)) return [];
  const entryReader = new ByteReader(entries);
  const valueReader = separate && new ByteReader(separate);
  const found: DictEntry[] = [];
  const isSorted = split !== undefined && order !== 'any';
  const inOrder = isSorted ? insertionOrder(memory, layout, values, split.capacity, wanted) : undefined;
  for (let at = 0; at < wanted; at++) {
    const entry = inOrder?.[at] ?? at;
    const key = entryReader.u64(entry * entrySize + entrySize - 16);
    const value = valueReader
      ? valueReader.u64(entry * 8)
      : entryReader.u64(entry * entrySize + entrySize - 8);
    if (isPointer(key) && isPointer(value)) found.push({ key, value });
  }
  return found;
}

/**
 * How many entries a keys object has, of how many bytes each, and the address of the first; `undefined` when it
 * cannot be one.
 */
function readKeysHeader(
  memory: TargetMemory,
  { dictKeys }: Layout,
  keys: number,
): { count: number; entrySize: number; entries: number } | undefined {
  const header = isPointer(keys) ? memory.read(keys, dictKeys.indices) : undefined;
  if (!header) return undefined;
  const fields = new ByteReader(header);
  const modern = dictKeys.kind >= 0;
  const indexBytes = modern
    ? powerOfTwo(fields.u8(dictKeys.log2IndexBytes))
    : indexTableSize(fields.u64(dictKeys.size));
  const count = fields.u64(dictKeys.entryCount);
  const entrySize = modern && fields.u8(dictKeys.kind) !== 0 ? 16 : 24;
  if (!(indexBytes <= largestKeys * 8) || !(count <= largestKeys)) return undefined;
  return { count, entrySize, entries: keys + dictKeys.indices + indexBytes };
}

function powerOfTwo(exponent: number): number {
  return exponent < 30 ? 2 ** exponent : Number.NaN;
}

/** Up to 3.10: as many indices as there are slots, in as few bytes each as hold them. */
function indexTableSize(slots: number): number {
  if (slots <= 0xff) return slots;
  if (slots <= 0xffff) return slots * 2;
  return slots * (slots <= 0xffffffff ? 4 : 8);
}

function valueArray(
  memory: TargetMemory,
  layout: Layout,
  values: number,
): { start: number; capacity: number } {
  const { dictValues } = layout;
  if (!isPointer(values)) return { start: 0, capacity: 0 };
  if (dictValues.capacity < 0) return { start: values, capacity: largestKeys };
  const capacity = memory.read(values + dictValues.capacity, 1)?.[0] ?? 0;
  return { start: values + dictValues.values, capacity };
}

/** Each of the entries up to `count` once; `undefined` when they stand as they came, or the order cannot be read. */
function insertionOrder(
  memory: TargetMemory,
  layout: Layout,
  values: number,
  capacity: number,
  count: number,
): number[] | undefined {
  const { dictValues } = layout;
  if (dictValues.values < 0) return undefined;
  const behind = dictValues.capacity >= 0;
  const size = memory.read(behind ? values + dictValues.capacity + 1 : values - 2, 1)?.[0] ?? 0;
  const start = behind ? values + dictValues.values + capacity * 8 : values - 2 - size;
  const numbers = size > 0 ? memory.read(start, size) : undefined;
  if (!numbers) return undefined;
  const order = new Set(behind ? numbers : [...numbers].reverse());
  for (let entry = 0; entry < count; entry++) order.add(entry);
  return [...order].filter((entry) => entry < count);
}

/** Address of the value under a string key; 0 when there is none. */
export function dictValue(
  memory: TargetMemory,
  layout: Layout,
  entries: readonly DictEntry[],
  name: string,
  known?: FoundStrings,
): number {
  const keys = entries.map(({ key }) => key);
  return entries[findString(memory, layout, keys, name, known)]?.value ?? 0;
}
