import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer } from '../../memory/pointers.js';
import type { Value } from '../../model/value.js';
import { complexText, f32, f64, floatText } from './numbers.js';
import { datetimeText, isTimeUnit, stepsText, timedeltaText, timeText } from './numpy-times.js';
import { NumpyNumber, type NumpyType, readNumpyType, shapeText } from './numpy-types.js';
import { plain } from './plain.js';
import { readByteString, readText } from './texts.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

/**
 * numpy's scalars hold their C value right behind the object's header; an array's struct begins (numpy/ndarraytypes.h)
 *
 *   data │ dimensions i32, padded │ pointer to their lengths │ pointer to strides │ base │ dtype …
 */
type Decode = (bytes: Uint8Array) => string;

const bits = (size: number, signed: boolean): Decode => {
  return (bytes) => {
    let value = 0n;
    for (let at = size - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]!);
    return (signed ? BigInt.asIntN(size * 8, value) : value).toString();
  };
};
/** The shortest digits that name this 32-bit float. */
function shortFloat(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return floatText(text);
  }
  return floatText(value);
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of the fraction. */
function f16(word: number): number {
  const sign = word >= 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 31;
  const fraction = word & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** The shortest digits that are nearer to this half than to its neighbours; five always do. */
function shortHalf(bytes: Uint8Array): string {
  const word = bytes[0]! + bytes[1]! * 256;
  const value = f16(word);
  const exponent = (word >> 10) & 31;
  // Half the way to the neighbour, which below a power of two is half as far.
  const above = 2 ** (Math.max(exponent, 1) - 26);
  const below = (word & 1023) === 0 && exponent > 1 ? above / 2 : above;
  for (let digits = 1; digits <= 5; digits++) {
    const text = Number(value.toPrecision(digits));
    const further = Math.abs(text) - Math.abs(value);
    if (further < above && -further < below) return floatText(text);
  }
  return floatText(value);
}

const scalars: Readonly<Record<string, Decode>> = {
  int8: bits(1, true),
  uint8: bits(1, false),
  int16: bits(2, true),
  uint16: bits(2, false),
  int32: bits(4, true),
  uint32: bits(4, false),
  int64: bits(8, true),
  uint64: bits(8, false),
  longlong: bits(8, true),
  ulonglong: bits(8, false),
  float16: shortHalf,
  float32: (bytes) => shortFloat(f32(bytes, 0)),
  float64: (bytes) => floatText(f64(bytes, 0)),
  complex64: (bytes) => complexText(f32(bytes, 0), f32(bytes, 4)),
  complex128: (bytes) => complexText(f64(bytes, 0), f64(bytes, 8)),
};

const readTruth: ValueReader = ({ memory, layout }, object, type) => {
  const bytes = memory.read(object + layout.object.type + 8, 1);
  return bytes && plain(type.name, bytes[0] === 0 ? 'np.False_' : 'np.True_');
};

/** PyDatetimeScalarObject: value i64 │ unit i32 │ how many of it i32. */
const readTime =
  (text: typeof datetimeText): ValueReader =>
  ({ memory, layout }, object, type) => {
    const bytes = memory.read(object + layout.object.type + 8, 16);
    if (!bytes) return undefined;
    const fields = new ByteReader(bytes);
    const unit = { base: fields.i32(8), count: fields.i32(12) };
    return isTimeUnit(unit) ? plain(type.name, text(BigInt.asIntN(64, fields.bigU64(0)), unit)) : undefined;
  };

/** Texts are those of Python with a name around. */
const readWrapped =
  (read: ValueReader): ValueReader =>
  (source, object, type) => {
    const inner = read(source, object, type);
    return (
      inner && {
        kind: 'items',
        type: type.name,
        open: `np.${type.name}(`,
        close: ')',
        items: [inner],
        more: 0,
      }
    );
  };

/** PyVoidScalarObject: object with a size │ pointer to the bytes │ dtype. */
const readVoid: ValueReader = (source, object, type) => {
  const bytes = source.memory.read(object + source.layout.list.size + 8, 16);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const dtype = readNumpyType(source, fields.u64(8));
  const item = dtype && readItem(source, dtype, fields.u64(0));
  if (!item) return undefined;
  return { kind: 'items', type: type.name, open: `<numpy.${type.name} `, close: '>', items: [item], more: 0 };
};

export const numpyReaders: readonly (readonly [string, ValueReader])[] = [
  ['numpy.bool', readTruth],
  ['numpy.bool_', readTruth],
  ['numpy.datetime64', readTime(datetimeText)],
  ['numpy.timedelta64', readTime(timedeltaText)],
  ['numpy.str_', readWrapped(readText)],
  ['numpy.bytes_', readWrapped(readByteString)],
  ['numpy.void', readVoid],
  ...Object.entries(scalars).map(([name, decode]): [string, ValueReader] => [
    `numpy.${name}`,
    ({ memory, layout }, object, type) => {
      const bytes = memory.read(object + layout.object.type + 8, 16);
      return bytes && plain(type.name, `np.${name}(${decode(bytes).replace(/^\(|\)$/g, '')})`);
    },
  ]),
];

const mostDimensions = 64;
/** Items are not gone through beyond it. */
const largestItem = 4096;

/** An array, as far as it says where its items are. */
export interface NumpyArray {
  readonly data: number;
  readonly shape: readonly number[];
  /** Bytes from one item to the next in each dimension. */
  readonly strides: readonly number[];
  readonly dtype: NumpyType | undefined;
}

export function readNumpyArray(source: ValueSource, object: number): NumpyArray | undefined {
  const { memory, layout } = source;
  const bytes = memory.read(object + layout.object.type + 8, 48);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const dimensions = fields.i32(8);
  if (!(dimensions >= 0 && dimensions <= mostDimensions)) return undefined;
  const row = (address: number) =>
    dimensions === 0 ? new Uint8Array(0) : memory.read(address, dimensions * 8);
  const lengths = row(fields.u64(16));
  const steps = row(fields.u64(24));
  if (!lengths || !steps) return undefined;
  const shapeReader = new ByteReader(lengths);
  const strideReader = new ByteReader(steps);
  return {
    data: fields.u64(0),
    shape: Array.from({ length: dimensions }, (_, at) => shapeReader.u64(at * 8)),
    strides: Array.from({ length: dimensions }, (_, at) =>
      Number(BigInt.asIntN(64, strideReader.bigU64(at * 8))),
    ),
    dtype: readNumpyType(source, fields.u64(40)),
  };
}

/**
 * What an array is, and what it holds when that is little. What a mask covers is in the array all the same, so those
 * show none.
 */
export const readArray: ValueReader = (source, object, type) => {
  const array = readNumpyArray(source, object);
  if (!array) return undefined;
  const what = `<${type.fullName} shape=${shapeText(array.shape)} dtype=${array.dtype?.text ?? '?'}`;
  const count = array.shape.reduce((product, length) => product * length, 1);
  const items =
    count > 0 && count <= source.room && !isMasked(source, type) ? itemsOf(source, array) : undefined;
  if (!items) return plain(type.name, `${what}>`);
  return { kind: 'items', type: type.name, open: `${what} `, close: '>', items: [items], more: 0 };
};

function isMasked(source: ValueSource, type: TypeInfo): boolean {
  let at: TypeInfo | undefined = type;
  for (let bases = 0; at && bases < 8; bases++) {
    if (at.name === 'MaskedArray') return true;
    at = source.type(at.base);
  }
  return false;
}

/** All items of an array, nested as its dimensions are; `undefined` when one cannot be read. */
function itemsOf(
  source: ValueSource,
  { data, shape, strides, dtype }: NumpyArray,
  depth = 0,
): Value | undefined {
  if (!dtype) return undefined;
  if (depth === shape.length) return readItem(source, dtype, data);
  const items: Value[] = [];
  for (let at = 0; at < shape[depth]!; at++) {
    const part = { data: data + at * strides[depth]!, shape, strides, dtype };
    const item = itemsOf(source, part, depth + 1);
    if (!item) return undefined;
    items.push(item);
  }
  return { kind: 'items', type: 'list', open: '[', close: ']', items, more: 0 };
}

/** One item of an array. Records are shown by their fields' names. */
export function readItem(source: ValueSource, dtype: NumpyType, address: number): Value | undefined {
  const { memory, limits } = source;
  const { itemSize, inner, fields } = dtype;
  source.spend(2);
  if (inner) return innerItems(source, inner, address);
  if (fields) {
    const attributes = fields.slice(0, limits.items).map(({ name, offset, type }) => ({
      name,
      value: readItem(source, type, address + offset) ?? plain('', '…'),
    }));
    const more = fields.length - attributes.length;
    return { kind: 'attributes', type: 'void', open: '(', close: ')', attributes, more };
  }
  if (!(itemSize <= largestItem)) return undefined;
  const bytes = itemSize === 0 ? new Uint8Array(0) : memory.read(address, itemSize);
  return bytes && itemOf(source, dtype, bytes);
}

/** The item that lies in the bytes. */
function itemOf(source: ValueSource, dtype: NumpyType, bytes: Uint8Array): Value | undefined {
  const { limits } = source;
  const { number, itemSize } = dtype;
  if (number === NumpyNumber.object) return objectItem(source, new ByteReader(bytes).u64(0));
  source.spend(Math.min(itemSize, limits.text));
  if (number === NumpyNumber.bytes || number === NumpyNumber.void)
    return bytesItem(bytes, number === NumpyNumber.void, limits.text);
  if (number === NumpyNumber.text) return textItem(dtype.swapped ? swapped(bytes, 4) : bytes, limits.text);
  const native = dtype.swapped ? swapped(bytes, dtype.text.includes('c') ? itemSize / 2 : itemSize) : bytes;
  if (dtype.unit) {
    const value = BigInt.asIntN(64, new ByteReader(native).bigU64(0));
    const isMoment = number === NumpyNumber.datetime;
    return plain('', isMoment ? `'${timeText(value, dtype.unit)}'` : stepsText(value));
  }
  if (number === NumpyNumber.bool) return plain('bool', native[0] === 0 ? 'False' : 'True');
  const decode = scalars[nameOf(dtype)];
  return decode && plain('', decode(native));
}

function objectItem(source: ValueSource, pointer: number): Value | undefined {
  if (pointer === 0) return plain('NoneType', 'None');
  return isPointer(pointer) ? source.value(pointer) : undefined;
}

/** `float64` of `>f8`, as the other byte order is written. */
function nameOf({ swapped: isSwapped, text }: NumpyType): string {
  if (!isSwapped) return text;
  const [, letter = '', size] = /^>(\w)(\d+)$/.exec(text) ?? [];
  const names: Readonly<Record<string, string>> = { i: 'int', u: 'uint', f: 'float', c: 'complex' };
  return `${names[letter]}${Number(size) * 8}`;
}

function innerItems(
  source: ValueSource,
  { shape, type }: NonNullable<NumpyType['inner']>,
  address: number,
): Value | undefined {
  const count = shape.reduce((product, length) => product * length, 1);
  if (!(count > 0 && count <= source.room)) return undefined;
  const strides = shape.map((_, at) =>
    shape.slice(at + 1).reduce((size, length) => size * length, type.itemSize),
  );
  return itemsOf(source, { data: address, shape, strides, dtype: type });
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const native = bytes.slice();
  for (let at = 0; at + width <= native.length; at += width) native.subarray(at, at + width).reverse();
  return native;
}

/** Zeros at the end of bytes are room that is not used. */
function bytesItem(bytes: Uint8Array, whole: boolean, most: number): Value {
  const length = whole ? bytes.length : bytes.findLastIndex((byte) => byte !== 0) + 1;
  const kept = Math.min(length, most);
  const text = String.fromCharCode(...bytes.subarray(0, kept));
  return { kind: 'text', type: 'bytes', prefix: 'b', text, more: length - kept };
}

function textItem(bytes: Uint8Array, most: number): Value | undefined {
  const reader = new ByteReader(bytes);
  let text = '';
  let length = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4) if (reader.u32(at) !== 0) length = at / 4 + 1;
  const kept = Math.min(length, most);
  for (let at = 0; at < kept; at++) {
    const code = reader.u32(at * 4);
    if (code > 0x10ffff) return undefined;
    text += String.fromCodePoint(code);
  }
  return { kind: 'text', type: 'str', prefix: '', text, more: length - kept };
}
