import { ByteReader } from '../../bytes/byte-reader.js';
import type { Value } from '../../model/value.js';
import { dateParts } from './dates.js';
import { floorDivide, modulo } from './numpy-times.js';
import { zoneName } from './pandas.js';
import { anonymous, plain } from './plain.js';
import type { TypeInfo } from './types.js';
import type { ValueReader, ValueSource } from './value-source.js';

/**
 * Times of pandas are those of datetime, whose structs they begin with, and behind it among other fields an i64 that
 * counts nanoseconds, or larger steps, since 1970. Where it is differs between versions, so it is the one that agrees
 * with the rest; when none does, as when the year is one that datetime cannot have, nothing is shown.
 */
const sizeOfDateTime = 48;
const sizeOfTimeDelta = 40;
const mostFields = 10;
/** Steps in a second. */
const steps = [1_000_000_000n, 1_000_000n, 1000n, 1n];
const micros = 1_000_000n;
const minute = 60n * micros;
const day = 86_400n * micros;

/** It derives from datetime, but there is no such date. */
export const readNaT: ValueReader = (_source, _object, type) => plain(type.name, 'NaT');

export const readTimestamp: ValueReader = (source, object, type) => {
  const bytes = source.memory.read(object, sizeOfDateTime);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const zone = fields.u8(24) === 0 ? 0 : fields.u64(40);
  const [year = 0, month = 0, date = 0] = dateParts(fields);
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  at.setUTCHours(fields.u8(29), fields.u8(30), fields.u8(31));
  if (Number.isNaN(at.getTime())) return undefined;
  const inSecond = BigInt(fields.u8(32) * 65_536 + fields.u8(33) * 256 + fields.u8(34));
  const local = BigInt(at.getTime()) * 1000n + inSecond;
  const exact = exactly(source, object, type, sizeOfDateTime, (one) => {
    const offset = local - one;
    return zone === 0 ? offset === 0n : offset % minute === 0n && offset > -day && offset < day;
  });
  if (!exact) return anonymous(type, object);
  const text = at.toISOString().slice(0, 19).replace('T', ' ') + fraction(inSecond, exact.nanos);
  if (zone === 0) return plain(type.name, `${type.name}('${text}')`);
  const offset = (local - exact.micros) / minute;
  const size = offset < 0n ? -offset : offset;
  const hours = [size / 60n, size % 60n].map((part) => part.toString().padStart(2, '0')).join('');
  const open = `${type.name}('${text}${offset < 0n ? '-' : '+'}${hours}', `;
  const name = zoneName(source, zone);
  const tz: Value = name === undefined ? source.value(zone) : plain('str', `'${name}'`);
  return {
    kind: 'attributes',
    type: type.name,
    open,
    close: ')',
    attributes: [{ name: 'tz', value: tz }],
    more: 0,
  };
};

export const readPandasTimedelta: ValueReader = (source, object, type) => {
  const bytes = source.memory.read(object + 24, 12);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const [days, seconds, inSecond] = [0, 4, 8].map((at) => BigInt(fields.i32(at))) as [bigint, bigint, bigint];
  const total = days * day + seconds * micros + inSecond;
  const exact = exactly(source, object, type, sizeOfTimeDelta, (one) => one === total);
  if (!exact) return anonymous(type, object);
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) =>
    part.toString().padStart(2, '0'),
  );
  const text = `${days} days ${days < 0n ? '+' : ''}${clock.join(':')}${fraction(inSecond, exact.nanos)}`;
  return plain(type.name, `${type.name}('${text}')`);
};

/** The field that counts, as microseconds and nanoseconds beyond them, when there is one that fits. */
function exactly(
  { memory }: ValueSource,
  object: number,
  { basicSize }: TypeInfo,
  from: number,
  fits: (micros: bigint) => boolean,
): { readonly micros: bigint; readonly nanos: bigint } | undefined {
  const count = Math.min(mostFields, Math.floor((basicSize - from) / 8));
  const bytes = count > 0 ? memory.read(object + from, count * 8) : undefined;
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  for (const perSecond of steps)
    for (let at = 0; at < count; at++) {
      const nanos = BigInt.asIntN(64, fields.bigU64(at * 8)) * (steps[0]! / perSecond);
      const found = { micros: floorDivide(nanos, 1000n), nanos: modulo(nanos, 1000n) };
      if (fits(found.micros)) return found;
    }
  return undefined;
}

function fraction(inSecond: bigint, nanos: bigint): string {
  if (inSecond === 0n && nanos === 0n) return '';
  const text = `.${inSecond.toString().padStart(6, '0')}`;
  return nanos === 0n ? text : text + nanos.toString().padStart(3, '0');
}
