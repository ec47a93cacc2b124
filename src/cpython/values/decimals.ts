import { ByteReader } from '../../bytes/byte-reader.js';
import { plain } from './plain.js';
import type { ValueReader } from './value-source.js';

/**
 * A Decimal is libmpdec's mpd_t behind a hash (Modules/_decimal/_decimal.c and libmpdec/mpdecimal.h):
 *
 *   hash │ flags u8, padded │ exponent i64 │ digits i64 │ words i64 │ allocated i64 │ pointer to the words
 *
 * Each word is 19 decimal digits, the lowest first.
 */
const start = 24;
const mostWords = 64;
const digitsPerWord = 19;
const negative = 1;
const infinite = 2;
const quietNaN = 4;
const signallingNaN = 8;

export const readDecimal: ValueReader = ({ memory }, object) => {
  const bytes = memory.read(object + start, 48);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const flags = fields.u8(0);
  const sign = (flags & negative) !== 0 ? '-' : '';
  const words = fields.u64(24);
  const digits = words <= mostWords ? wordDigits(memory.read(fields.u64(40), words * 8)) : undefined;
  if ((flags & infinite) !== 0) return decimal(`${sign}Infinity`);
  const payload = digits === '0' ? '' : (digits ?? '');
  if ((flags & quietNaN) !== 0) return decimal(`${sign}NaN${payload}`);
  if ((flags & signallingNaN) !== 0) return decimal(`${sign}sNaN${payload}`);
  if (digits === undefined) return plain('Decimal', `<Decimal of ${fields.u64(16)} digits>`);
  return decimal(sign + scientific(digits, Number(BigInt.asIntN(64, fields.bigU64(8)))));
};

function decimal(text: string) {
  return plain('Decimal', `Decimal('${text}')`);
}

function wordDigits(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return undefined;
  const words = new ByteReader(bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8)
    text = words.bigU64(at).toString().padStart(digitsPerWord, '0') + text;
  return text.replace(/^0+(?=\d)/, '');
}

/** The General Decimal Arithmetic specification's to-scientific-string. */
function scientific(digits: string, exponent: number): string {
  const adjusted = exponent + digits.length - 1;
  if (exponent <= 0 && adjusted >= -6) {
    if (exponent === 0) return digits;
    const padded = digits.padStart(1 - exponent, '0');
    return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}E${adjusted < 0 ? '-' : '+'}${Math.abs(adjusted)}`;
}
