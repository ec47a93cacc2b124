import { ByteReader } from '../../bytes/byte-reader.js';
import { readPointer } from '../../memory/pointers.js';
import { readCString } from '../objects/c-strings.js';
import { complexText, f64, floatText } from './numbers.js';
import { plain } from './plain.js';
import type { ValueReader } from './value-source.js';

/**
 * numpy's scalars hold their C value right behind the object's header; an array's struct begins (numpy/ndarraytypes.h)
 *
 *   data │ dimensions i32, padded │ pointer to their lengths │ pointer to strides │ base │ dtype …
 *   dtype:  pointer to the class of its scalars │ kind …
 */
type Decode = (bytes: Uint8Array) => string;

const bits = (size: number, signed: boolean): Decode => {
  return (bytes) => {
    let value = 0n;
    for (let at = size - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]!);
    return (signed ? BigInt.asIntN(size * 8, value) : value).toString();
  };
};
const f32 = (bytes: Uint8Array, at: number) =>
  new DataView(bytes.buffer, bytes.byteOffset).getFloat32(at, true);

/** The shortest digits that name this 32-bit float. */
function shortFloat(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return floatText(text);
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
  float32: (bytes) => shortFloat(f32(bytes, 0)),
  float64: (bytes) => floatText(f64(bytes, 0)),
  complex64: (bytes) => complexText(f32(bytes, 0), f32(bytes, 4)),
  complex128: (bytes) => complexText(f64(bytes, 0), f64(bytes, 8)),
};

const readTruth: ValueReader = ({ memory, layout }, object, type) => {
  const bytes = memory.read(object + layout.object.type + 8, 1);
  return bytes && plain(type.name, bytes[0] === 0 ? 'np.False_' : 'np.True_');
};

export const numpyReaders: readonly (readonly [string, ValueReader])[] = [
  ['numpy.bool', readTruth],
  ['numpy.bool_', readTruth],
  ...Object.entries(scalars).map(([name, decode]): [string, ValueReader] => [
    `numpy.${name}`,
    ({ memory, layout }, object, type) => {
      const bytes = memory.read(object + layout.object.type + 8, 16);
      return bytes && plain(type.name, `np.${name}(${decode(bytes).replace(/^\(|\)$/g, '')})`);
    },
  ]),
];

const mostDimensions = 64;

/** What an array is, not what it holds. */
export const readArray: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const bytes = memory.read(object + layout.object.type + 8, 48);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const dimensions = fields.i32(8);
  if (!(dimensions >= 0 && dimensions <= mostDimensions)) return undefined;
  const lengths = dimensions === 0 ? new Uint8Array(0) : memory.read(fields.u64(16), dimensions * 8);
  if (!lengths) return undefined;
  const reader = new ByteReader(lengths);
  const shape = Array.from({ length: dimensions }, (_, at) => reader.u64(at * 8));
  const scalar = readPointer(memory, fields.u64(40) + layout.object.type + 8);
  const dtype = readCString(memory, readPointer(memory, scalar + layout.type.name))?.replace(/^numpy\./, '');
  const shown = `(${shape.join(', ')}${dimensions === 1 ? ',' : ''})`;
  return plain(type.name, `<${type.fullName} shape=${shown} dtype=${dtype ?? '?'}>`);
};
