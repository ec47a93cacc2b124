import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer } from '../../memory/pointers.js';
import type { Value } from '../../model/value.js';
import { readString } from '../objects/strings.js';
import { call, plain } from './plain.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

/**
 * Dates and times, from Include/datetime.h, the same in 3.6 to 3.15, and but for the fold in 2.7:
 *
 *   date        hash │ has zone u8 │ year u16 big-endian, month, day
 *   time        hash │ has zone u8 │ hour, minute, second, microsecond u24 big-endian │ fold u8 │ zone
 *   datetime    hash │ has zone u8 │ of a date, then of a time                        │ fold u8 │ zone
 *   timedelta   hash │ days i32 │ seconds i32 │ microseconds i32
 *   timezone    offset │ name
 */
const zoneFlag = 24;
const fields = 25;

/** The text as Python's C code writes it: the name of the class with its module, unless that is the application's. */
function written(type: TypeInfo, name: string): string {
  return type.name === name ? `datetime.${name}` : type.name;
}

export const readDate: ValueReader = ({ memory }, object, type) => {
  const bytes = memory.read(object, fields + 4);
  return (
    bytes && plain(type.name, `${written(type, 'date')}(${dateParts(new ByteReader(bytes)).join(', ')})`)
  );
};

/** Year, month and day. */
export function dateParts(bytes: ByteReader): number[] {
  return [bytes.u8(fields) * 256 + bytes.u8(fields + 1), bytes.u8(fields + 2), bytes.u8(fields + 3)];
}

/** Hour and minute, then seconds and microseconds where they are not zero. */
function timeParts(bytes: ByteReader, at: number): number[] {
  const micros = bytes.u8(at + 3) * 65_536 + bytes.u8(at + 4) * 256 + bytes.u8(at + 5);
  const parts = [bytes.u8(at), bytes.u8(at + 1)];
  if (bytes.u8(at + 2) !== 0 || micros !== 0) parts.push(bytes.u8(at + 2));
  if (micros !== 0) parts.push(micros);
  return parts;
}

export const readDateTime: ValueReader = (source, object, type) => {
  const bytes = source.memory.read(object, fields + 11);
  if (!bytes) return undefined;
  const reader = new ByteReader(bytes);
  const parts = [...dateParts(reader), ...timeParts(reader, fields + 4)];
  const zone = reader.u8(zoneFlag) === 0 ? 0 : object + 40;
  const text = timeText(written(type, 'datetime'), parts, foldAt(source, reader, fields + 10));
  return withZone(source, type, text, zone);
};

export const readTime: ValueReader = (source, object, type) => {
  const bytes = source.memory.read(object, fields + 7);
  if (!bytes) return undefined;
  const reader = new ByteReader(bytes);
  const zone = reader.u8(zoneFlag) === 0 ? 0 : object + 32;
  const text = timeText(written(type, 'time'), timeParts(reader, fields), foldAt(source, reader, fields + 6));
  return withZone(source, type, text, zone);
};

/** Python 2 has none, and anything in its place. */
function foldAt({ layout }: ValueSource, bytes: ByteReader, at: number): number {
  return layout.python2 ? 0 : bytes.u8(at);
}

/** Without the bracket that closes it. */
function timeText(name: string, parts: readonly number[], fold: number): string {
  return `${name}(${parts.join(', ')}${fold ? ', fold=1' : ''}`;
}

/** `text` with the zone that the field at the address holds; 0 where there is none. */
function withZone(source: ValueSource, type: TypeInfo, text: string, zoneField: number): Value {
  const pointer = zoneField === 0 ? undefined : source.memory.read(zoneField, 8);
  const zone = pointer ? new ByteReader(pointer).u64(0) : 0;
  if (!isPointer(zone)) return plain(type.name, `${text})`);
  const attributes = [{ name: 'tzinfo', value: source.value(zone) }];
  return { kind: 'attributes', type: type.name, open: `${text}, `, close: ')', attributes, more: 0 };
}

export const readTimeDelta: ValueReader = ({ memory }, object, type) => {
  const bytes = memory.read(object + 24, 12);
  if (!bytes) return undefined;
  const reader = new ByteReader(bytes);
  const parts = ['days', 'seconds', 'microseconds']
    .map((name, at) => ({ name, value: reader.i32(at * 4) }))
    .filter(({ value }) => value !== 0)
    .map(({ name, value }) => `${name}=${value}`);
  const text = `${written(type, 'timedelta')}(${parts.length > 0 ? parts.join(', ') : '0'})`;
  return plain(type.name, text);
};

export const readTimeZone: ValueReader = (source, object, type) => {
  const bytes = source.memory.read(object + 16, 16);
  if (!bytes) return undefined;
  const reader = new ByteReader(bytes);
  const offset = source.value(reader.u64(0));
  const named = reader.u64(8);
  if (named === 0 && offset.kind === 'plain' && offset.text === 'datetime.timedelta(0)')
    return plain(type.name, 'datetime.timezone.utc');
  const items = named === 0 ? [offset] : [offset, source.value(named)];
  return { ...call(written(type, 'timezone'), items), type: type.name };
};

const largestZone = 256;

/** Of zoneinfo, whose key is its only attribute that is an object. */
export const readZoneInfo: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const bytes = memory.read(object, Math.min(type.basicSize, largestZone));
  if (!bytes) return undefined;
  const reader = new ByteReader(bytes);
  for (let at = 16; at + 8 <= bytes.length; at += 8) {
    const key = readString(memory, layout, reader.u64(at), 200);
    if (key !== undefined)
      return plain(type.name, `zoneinfo.ZoneInfo(key='${key.replace(/[^\w/+-]/g, '?')}')`);
  }
  return undefined;
};
