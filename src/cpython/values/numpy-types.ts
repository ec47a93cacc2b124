import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import { readCString } from '../objects/c-strings.js';
import { dictEntries, dictValue } from '../objects/dicts.js';
import { readInt } from '../objects/integers.js';
import { readString } from '../objects/strings.js';
import { tupleItems } from '../objects/tuples.js';
import { isTimeUnit, type TimeUnit, unitText } from './numpy-times.js';
import { quoted } from './quoted.js';
import type { ValueSource } from './value-source.js';

/** A numpy.dtype: what the items of an array are. */
export interface NumpyType {
  /** NPY_TYPES of numpy/ndarraytypes.h. */
  readonly number: number;
  readonly itemSize: number;
  /** Whether the bytes stand the highest first. */
  readonly swapped: boolean;
  /** As `str(dtype)` has it. */
  readonly text: string;
  /** As it stands in the description of a record: `<f8`. */
  readonly format: string;
  /** Of records. */
  readonly fields?: readonly NumpyField[];
  /** Of `datetime64` and `timedelta64`. */
  readonly unit?: TimeUnit;
  /** Of an item that is an array itself, in a record: its shape, and what its items are. */
  readonly inner?: { readonly shape: readonly number[]; readonly type: NumpyType };
}

export interface NumpyField {
  readonly name: string;
  readonly offset: number;
  readonly type: NumpyType;
}

export const NumpyNumber = {
  bool: 0,
  object: 17,
  bytes: 18,
  text: 19,
  void: 20,
  datetime: 21,
  timedelta: 22,
} as const;

/** By number: the name, and the letter of its format, to which the size is added. */
const numbers: readonly (readonly [string, string])[] = [
  ['bool', '?'],
  ...['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'int64', 'uint64'].map(
    (name): [string, string] => [name, name.startsWith('u') ? 'u' : 'i'],
  ),
  ['float32', 'f'],
  ['float64', 'f'],
  ['float128', 'f'],
  ['complex64', 'c'],
  ['complex128', 'c'],
  ['complex256', 'c'],
];
const float16 = 23;

/**
 * PyArray_Descr of numpy 1, and _PyArray_LegacyDescr of numpy 2, both behind `class of the scalars │ kind, type, byte
 * order, flags u8 │ number i32`:
 *
 *   numpy 1   size i32 │ alignment i32 │ subarray │ fields │ names │ functions │ metadata │ C metadata
 *   numpy 2   flags u64 │ size │ alignment │ metadata │ hash │ 0 │ 0 │ subarray │ fields │ names │ C metadata
 */
const inNumpy1 = { flags: 27, size: 32, subarray: 40, fields: 48, names: 56, cMetadata: 80, length: 96 };
const inNumpy2 = { flags: 32, size: 40, subarray: 88, fields: 96, names: 104, cMetadata: 112, length: 120 };
const alignedStruct = 0x80;
const mostFields = 64;
/** Of a record within a record. */
const mostInnerFields = 16;
const deepest = 3;

/** The dtype at an address; `undefined` when it is none that can be read. */
export function readNumpyType(source: ValueSource, address: number, depth = 0): NumpyType | undefined {
  const { memory } = source;
  const type = source.typeOf(address);
  if (!type || depth > deepest || !isDtype(source, address)) return undefined;
  // The new structs of numpy 2 are 88 bytes, and 120 for what was there before.
  const fieldsOf = type.basicSize === inNumpy1.length ? inNumpy1 : inNumpy2;
  const bytes = memory.read(address, Math.min(type.basicSize, fieldsOf.length));
  if (!bytes || bytes.length < inNumpy2.size + 8) return undefined;
  const fields = new ByteReader(bytes);
  const number = fields.i32(28);
  const size = fieldsOf === inNumpy1 ? fields.i32(fieldsOf.size) : fields.u64(fieldsOf.size);
  if (!(size >= 0 && size < 2 ** 40)) return undefined;
  const order = String.fromCharCode(fields.u8(26));
  const swapped = order === '>';
  const mark = order === '|' ? '' : swapped ? '>' : '<';
  const common = { number, itemSize: size, swapped };
  const named = number === float16 ? (['float16', 'f'] as const) : numbers[number];
  if (named) {
    const format = number === NumpyNumber.bool ? '?' : `${mark}${named[1]}${size}`;
    return { ...common, text: swapped ? format : named[0], format };
  }
  if (bytes.length < fieldsOf.length) return otherType(source, fields.u64(16), common);
  const dtype: DtypeFields = { fields, fieldsOf, common, mark, depth };
  switch (number) {
    case NumpyNumber.object:
      return { ...common, text: 'object', format: 'O' };
    case NumpyNumber.bytes:
      return { ...common, text: `|S${size}`, format: `S${size}` };
    case NumpyNumber.text:
      return { ...common, text: `${mark}U${size / 4}`, format: `${mark}U${size / 4}` };
    case NumpyNumber.datetime:
    case NumpyNumber.timedelta:
      return timeType(source, dtype);
    case NumpyNumber.void:
      return voidType(source, dtype);
  }
  return otherType(source, fields.u64(16), common);
}

/** A dtype as far as it was read. */
interface DtypeFields {
  readonly fields: ByteReader;
  /** Where they lie. */
  readonly fieldsOf: typeof inNumpy1;
  readonly common: Pick<NumpyType, 'number' | 'itemSize' | 'swapped'>;
  /** Of the order of its bytes. */
  readonly mark: string;
  /** How many dtypes it lies within. */
  readonly depth: number;
}

function timeType(
  { memory }: ValueSource,
  { fields, fieldsOf, common, mark }: DtypeFields,
): NumpyType | undefined {
  // The unit follows two functions and two reserved words.
  const metadata = memory.read(fields.u64(fieldsOf.cMetadata) + 32, 8);
  const read = metadata && new ByteReader(metadata);
  const unit = read && { base: read.i32(0), count: read.i32(4) };
  if (!unit || !isTimeUnit(unit)) return undefined;
  const shown = unitText(unit);
  const inUnit = shown === '' ? '' : `[${shown}]`;
  const isMoment = common.number === NumpyNumber.datetime;
  const format = `${mark}${isMoment ? 'M' : 'm'}8${inUnit}`;
  const name = `${isMoment ? 'datetime64' : 'timedelta64'}${inUnit}`;
  return { ...common, unit, format, text: common.swapped ? format : name };
}

/** An array within each item, a record, or bytes of no meaning. */
function voidType(
  source: ValueSource,
  { fields, fieldsOf, common, depth }: DtypeFields,
): NumpyType | undefined {
  const { memory, layout } = source;
  const subarray = fields.u64(fieldsOf.subarray);
  if (isPointer(subarray)) return subarrayType(source, subarray, common, depth);
  const size = common.itemSize;
  const most = depth === 0 ? mostFields : mostInnerFields;
  const names = tupleItems(memory, layout, fields.u64(fieldsOf.names), most + 1);
  if (names.length === 0) return { ...common, text: `|V${size}`, format: `V${size}` };
  if (names.length > most) return undefined;
  const own = recordFields(source, fields.u64(fieldsOf.fields), names, depth);
  if (!own) return undefined;
  const aligned = (fields.u8(fieldsOf.flags) & alignedStruct) !== 0;
  const text = recordText(own, size, aligned);
  const scalar = readCString(memory, readPointer(memory, fields.u64(16) + layout.type.name));
  const isRecord = scalar !== undefined && /^numpy\.(rec\.)?record$|^record$/.test(scalar);
  return { ...common, fields: own, text: isRecord ? `(numpy.record, ${text})` : text, format: text };
}

function isDtype(source: ValueSource, address: number): boolean {
  let type = source.typeOf(address);
  for (let bases = 0; type && bases < 8; bases++) {
    if (type.fullName === 'numpy.dtype') return true;
    type = source.type(type.base);
  }
  return false;
}

/** Of a kind that somebody added: by the name of its scalars, and nothing is known of its items. */
function otherType(
  { memory, layout }: ValueSource,
  scalar: number,
  common: Pick<NumpyType, 'number' | 'itemSize' | 'swapped'>,
): NumpyType | undefined {
  const name = readCString(memory, readPointer(memory, scalar + layout.type.name));
  const text = name?.slice(name.lastIndexOf('.') + 1);
  return text === undefined ? undefined : { ...common, text, format: text };
}

/** `base │ shape` */
function subarrayType(
  source: ValueSource,
  address: number,
  common: Pick<NumpyType, 'number' | 'itemSize' | 'swapped'>,
  depth: number,
): NumpyType | undefined {
  const { memory, layout } = source;
  const base = readNumpyType(source, readPointer(memory, address), depth + 1);
  const lengths = tupleItems(memory, layout, readPointer(memory, address + 8), 32);
  const shape = lengths.map((length) => readInt(memory, layout, length) ?? Number.NaN);
  if (!base || shape.length === 0 || shape.some(Number.isNaN)) return undefined;
  const text = `(${base.fields ? base.format : quoted(base.format)}, ${shapeText(shape)})`;
  return { ...common, inner: { shape, type: base }, text, format: text };
}

export function shapeText(shape: readonly number[]): string {
  return `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
}

/** The dict of a record's fields: name → (dtype, offset), and the title where there is one. */
function recordFields(
  source: ValueSource,
  address: number,
  names: readonly number[],
  depth: number,
): NumpyField[] | undefined {
  const { memory, layout } = source;
  // From numpy 2 on, and up to 1.x, `fields` is the dict itself; only Python sees it through a proxy.
  const entries = dictEntries(memory, layout, address, mostFields * 4);
  const found: NumpyField[] = [];
  for (const at of names) {
    const name = readString(memory, layout, at, 200);
    if (name === undefined) return undefined;
    const [dtype = 0, where = 0] = tupleItems(memory, layout, dictValue(memory, layout, entries, name), 2);
    const type = readNumpyType(source, dtype, depth + 1);
    const offset = readInt(memory, layout, where);
    if (!type || offset === undefined || offset < 0) return undefined;
    found.push({ name, offset, type });
  }
  return found;
}

/** As numpy writes it: in short where the fields lie one after another. */
function recordText(fields: readonly NumpyField[], size: number, aligned: boolean): string {
  const formatOf = ({ type }: NumpyField) => (type.fields || type.inner ? type.format : quoted(type.format));
  let end = 0;
  const inOrder = fields.every(({ offset, type }) => {
    const follows = offset === end;
    end += type.itemSize;
    return follows;
  });
  if (inOrder && end === size && !aligned) {
    const each = fields.map((field) => {
      const format = formatOf(field);
      // The shape of an inner array is the third of three.
      const shown = field.type.inner ? format.slice(1, -1) : format;
      return `(${quoted(field.name)}, ${shown})`;
    });
    return `[${each.join(', ')}]`;
  }
  const list = (items: readonly (string | number)[]) => `[${items.join(', ')}]`;
  const parts = [
    `'names': ${list(fields.map(({ name }) => quoted(name)))}`,
    `'formats': ${list(fields.map(formatOf))}`,
    `'offsets': ${list(fields.map(({ offset }) => offset))}`,
    `'itemsize': ${size}`,
    ...(aligned ? ["'aligned': True"] : []),
  ];
  return `{${parts.join(', ')}}`;
}
