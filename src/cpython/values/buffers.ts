import { ByteReader } from '../../bytes/byte-reader.js';
import { decodeCharacters } from '../../bytes/text.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { AttributesValue, TextValue, Value } from '../../model/value.js';
import { readCString } from '../objects/c-strings.js';
import { readString } from '../objects/strings.js';
import { pointersAt } from '../objects/tuples.js';
import { f32, f64, floatText } from './numbers.js';
import { plain } from './plain.js';
import { byteText } from './texts.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

/**
 * Objects that hold bytes or characters without being a str or bytes. Their structs are in no header; they follow the
 * object's header.
 */

function shown(type: TypeInfo, attributes: AttributesValue['attributes']): AttributesValue {
  return { kind: 'attributes', type: type.name, open: `<${type.fullName} `, close: '>', attributes, more: 0 };
}

const number = (value: number): Value => plain('int', String(value));

/**
 * array.array (Modules/arraymodule.c), and what describes its items:
 *
 *   count │ pointer to the items │ room for how many │ description
 *   description:  type code u8 (from 3.15 on up to three) │ bytes of an item i32 …
 */
const itemSizes: Readonly<Record<string, number>> = {
  ...{ b: 1, B: 1, u: 4, w: 4, h: 2, H: 2, i: 4, I: 4, l: 8, L: 8, q: 8, Q: 8, f: 4, d: 8 },
};

export const readArrayOfNumbers: ValueReader = (source, object, type) => {
  const { memory, layout, limits, room } = source;
  const bytes = memory.read(object + layout.list.size, 32);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const count = fields.u64(0);
  const description = memory.read(fields.u64(24), 8);
  if (!description || !(count >= 0)) return undefined;
  const code = /^[^\0]{1,3}/.exec(String.fromCharCode(...description.subarray(0, 4)))?.[0] ?? '';
  const size = itemSizes[code];
  if (size === undefined || new ByteReader(description).i32(4) !== size)
    return plain(type.name, `<${type.fullName} of ${count} items>`);
  if (count === 0) return plain(type.name, `${type.name}('${code}')`);
  const isText = code === 'u' || code === 'w';
  const kept = Math.min(count, isText ? limits.text : room);
  const data = kept > 0 ? memory.read(fields.u64(8), kept * size) : new Uint8Array(0);
  if (!data) return undefined;
  const [open, close] = [`${type.name}('${code}', `, ')'];
  const items: Value = isText
    ? { kind: 'text', type: 'str', prefix: '', text: decodeCharacters(data, 4), more: count - kept }
    : {
        ...{ kind: 'items', type: 'list', open: '[', close: ']', more: count - kept },
        items: Array.from({ length: kept }, (_, at) => plain('', itemText(data, code, at * size, size))),
      };
  source.spend(2 * kept);
  return { kind: 'items', type: type.name, open, close, items: [items], more: 0 };
};

function itemText(data: Uint8Array, code: string, at: number, size: number): string {
  if (code === 'd') return floatText(f64(data, at));
  if (code === 'f') return floatText(f32(data, at));
  let value = 0n;
  for (let byte = size - 1; byte >= 0; byte--) value = (value << 8n) | BigInt(data[at + byte]!);
  return (code >= 'a' ? BigInt.asIntN(size * 8, value) : value).toString();
}

/** io.BytesIO (Modules/_io/bytesio.c): bytes object, 0 when closed │ position │ how many of its bytes count. */
export const readBytesIO: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const bytes = memory.read(object + layout.object.size, 24);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const buffer = fields.u64(0);
  if (buffer === 0) return plain(type.name, `<${type.fullName} closed>`);
  const size = fields.u64(16);
  if (!(size <= readPointer(memory, buffer + layout.bytes.size))) return undefined;
  const contents = byteText(source, buffer + layout.bytes.data, size, 'bytes');
  return (
    contents &&
    shown(type, [
      { name: 'position', value: number(fields.u64(8)) },
      { name: 'contents', value: contents },
    ])
  );
};

/**
 * io.StringIO (Modules/_io/stringio.c), until something reads from it or seeks gathers what is written:
 *
 *   u32s of all characters │ position │ length │ room │ state i32, padded │ what was gathered │ ok u8 │ closed u8
 *   gathered, up to 3.11    list of larger pieces, or 0 │ list of strings, or 0
 *             to 3.13       _PyUnicodeWriter: buffer │ characters │ width i32, widest u32 │ room │ length │ …, 56 bytes
 *                           in all
 *             from 3.14     pointer to one, or 0
 */
const gathering = 2;
const gatheredAt = 40;

export const readStringIO: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const start = object + layout.object.size;
  const gatheredSize = layout.minor <= 11 ? 16 : layout.minor <= 13 ? 56 : 8;
  const bytes = memory.read(start, gatheredAt + gatheredSize + 2);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  if (fields.u8(gatheredAt + gatheredSize + 1) !== 0) return plain(type.name, `<${type.fullName} closed>`);
  const size = fields.u64(16);
  if (!(size >= 0)) return undefined;
  const contents =
    fields.i32(32) === gathering
      ? gathered(source, start + gatheredAt, size)
      : characters(source, fields.u64(0), 4, size);
  const position = { name: 'position', value: number(fields.u64(8)) };
  if (!contents) return shown(type, [position, { name: 'length', value: number(size) }]);
  return shown(type, [position, { name: 'contents', value: contents }]);
};

function characters(
  { memory, limits }: ValueSource,
  start: number,
  width: 1 | 2 | 4,
  size: number,
): TextValue | undefined {
  const kept = Math.min(size, limits.text);
  const bytes = kept > 0 ? memory.read(start, kept * width) : new Uint8Array(0);
  if (!bytes) return undefined;
  return { kind: 'text', type: 'str', prefix: '', text: decodeCharacters(bytes, width), more: size - kept };
}

/** What was written so far, when it is `size` characters. */
function gathered(source: ValueSource, at: number, size: number): TextValue | undefined {
  const { memory, layout } = source;
  if (layout.minor <= 11) return gatheredPieces(source, at, size);
  const writer = layout.minor <= 13 ? at : readPointer(memory, at);
  const bytes = isPointer(writer) ? memory.read(writer, 40) : undefined;
  if (!bytes) return size === 0 ? characters(source, 0, 1, 0) : undefined;
  const fields = new ByteReader(bytes);
  const width = fields.i32(16);
  if (size === 0) return characters(source, 0, 1, 0);
  if (fields.u64(32) !== size || (width !== 1 && width !== 2 && width !== 4)) return undefined;
  return characters(source, fields.u64(8), width, size);
}

const mostPieces = 1000;

function gatheredPieces(source: ValueSource, at: number, size: number): TextValue | undefined {
  const { memory, layout, limits } = source;
  let text = '';
  for (const list of pointersAt(memory, at, 2, 2)) {
    if (!isPointer(list)) continue;
    const count = readPointer(memory, list + layout.list.size);
    const first = readPointer(memory, list + layout.list.items);
    const pieces = pointersAt(memory, first, count, mostPieces);
    for (const piece of pieces) {
      const read = readString(memory, layout, piece, limits.text + 1);
      if (read === undefined) return undefined;
      text += read;
      if ([...text].length > limits.text) break;
    }
    if (pieces.length < count && [...text].length <= limits.text) return undefined;
  }
  const all = [...text];
  const kept = Math.min(size, limits.text);
  if (all.length < kept || (all.length > size && size <= limits.text)) return undefined;
  return { kind: 'text', type: 'str', prefix: '', text: all.slice(0, kept).join(''), more: size - kept };
}

/**
 * PyMemoryViewObject (Include/memoryobject.h), with a Py_buffer inside:
 *
 *   count │ managed buffer │ hash │ flags i32, padded │ exports │ start │ object │ bytes │ bytes of an item │ read-only
 *   i32 │ dimensions i32 │ format, a C string │ shape │ strides …
 */
const released = 1;
const contiguous = 2;
const mostDimensions = 64;

export const readMemoryView: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const bytes = memory.read(object + layout.list.size, 104);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const flags = fields.i32(24);
  if ((flags & released) !== 0) return plain(type.name, `<released memory at 0x${object.toString(16)}>`);
  const size = fields.u64(56);
  const dimensions = fields.i32(76);
  // A null pointer means unsigned bytes.
  const format = fields.u64(80) === 0 ? 'B' : readCString(memory, fields.u64(80), 64);
  if (!(size >= 0) || !(dimensions >= 0 && dimensions <= mostDimensions) || format === undefined)
    return undefined;
  const lengths = dimensions === 0 ? new Uint8Array(0) : memory.read(fields.u64(88), dimensions * 8);
  if (!lengths) return undefined;
  const reader = new ByteReader(lengths);
  const shape = Array.from({ length: dimensions }, (_, at) => reader.u64(at * 8));
  const attributes: { name: string; value: Value }[] = [
    { name: 'format', value: plain('str', `'${format}'`) },
    { name: 'shape', value: plain('tuple', `(${shape.join(', ')}${dimensions === 1 ? ',' : ''})`) },
  ];
  // Items of other kinds are shown by their format alone.
  const contents =
    (flags & contiguous) !== 0 && /^[@=<>]?[Bbc]$/.test(format)
      ? byteText(source, fields.u64(40), size, 'bytes')
      : undefined;
  if (contents) attributes.push({ name: 'contents', value: contents });
  return shown(type, attributes);
};
