import { ByteReader } from '../../bytes/byte-reader.js';
import { intBits, readBigInt } from '../objects/integers.js';
import { plain } from './plain.js';
import type { ValueReader } from './value-source.js';

/** Above some 4,500 decimal digits Python itself refuses to write an int down. */
const mostDigits = 500;

export const readInteger: ValueReader = ({ memory, layout }, object) => {
  const value = readBigInt(memory, layout, object, mostDigits);
  if (value !== undefined) return plain('int', value.toString());
  const bits = intBits(memory, layout, object);
  return bits > 0 ? plain('int', `<int of ${bits} bits>`) : undefined;
};

export const readBool: ValueReader = ({ memory, layout }, object) =>
  plain('bool', readBigInt(memory, layout, object, 1) ? 'True' : 'False');

export const readFloat: ValueReader = ({ memory, layout }, object) => {
  const bytes = memory.read(object + layout.float.value, 8);
  return bytes && plain('float', floatText(f64(bytes, 0)));
};

export const readComplex: ValueReader = ({ memory, layout }, object) => {
  const bytes = memory.read(object + layout.complex.real, 16);
  return bytes && plain('complex', complexText(f64(bytes, 0), f64(bytes, 8)));
};

export function complexText(real: number, imaginary: number): string {
  const short = (value: number) => floatText(value).replace(/\.0$/, '');
  if (Object.is(real, 0)) return `${short(imaginary)}j`;
  const sign = imaginary < 0 || Object.is(imaginary, -0) ? '' : '+';
  return `(${short(real)}${sign}${short(imaginary)}j)`;
}

export function f64(bytes: Uint8Array, offset: number): number {
  const buffer = new ArrayBuffer(8);
  new Uint8Array(buffer).set(new ByteReader(bytes).slice(offset, 8));
  return new DataView(buffer).getFloat64(0, true);
}

export function f32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getFloat32(0, true);
}

/**
 * As Python writes it: the shortest digits that give the same number back, an exponent below 1e-4 and from 1e16 on.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  if (value === 0) return '0.0';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 16) {
    const text = exponent < -6 ? value.toFixed(20) : value.toString();
    return text.includes('.') ? text : `${text}.0`;
  }
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
