// https://protobuf.dev/programming-guides/encoding/ as far as messages of OTLP need it: written by the generated table,
// and read field by field, since an answer has two.
import { ByteSink } from '../../bytes/byte-sink.js';
import { encodeUtf8 } from '../../bytes/text.js';
import { type OtlpField, type OtlpMessages, type OtlpName, otlpFields } from './otlp-messages.js';

/** The bytes of a message. Whole numbers must be from 0 to 2^53 - 1. */
export function writeMessage<Name extends OtlpName>(name: Name, message: OtlpMessages[Name]): Uint8Array {
  const sink = new ByteSink();
  writeFields(sink, name, message);
  return sink.written;
}

const wireTypes = { varint: 0, fixed64: 1, bytes: 2 } as const;

/** Fields of each message as lists: they are gone through for each of thousands. */
const fieldLists = new Map<OtlpName, readonly (readonly [key: string, field: OtlpField])[]>(
  (Object.keys(otlpFields) as OtlpName[]).map((name) => [name, Object.entries(otlpFields[name])]),
);

function writeFields(sink: ByteSink, name: OtlpName, message: object): void {
  for (const [key, field] of fieldLists.get(name)!) {
    const value = (message as Readonly<Record<string, unknown>>)[key];
    // What is not there is 0 or empty.
    if (value === undefined || (!field.hasPresence && (value === 0 || value === ''))) continue;
    if (!field.isRepeated) writeField(sink, field, value);
    else if (field.type === 'varint' || field.type === 'fixed64') {
      const list = value as readonly unknown[];
      if (list.length > 0) writePacked(sink, field, list);
    } else for (const one of value as readonly unknown[]) writeField(sink, field, one);
  }
}

/** What is within others is written apart first, since its length comes before it; one for each depth. */
const inner: ByteSink[] = [];
let depth = 0;

function writeInner(sink: ByteSink, number: number, write: (inner: ByteSink) => void): void {
  inner[depth] ??= new ByteSink();
  const within = inner[depth]!;
  within.clear();
  depth++;
  try {
    write(within);
  } finally {
    depth--;
  }
  writeBytes(sink, number, within.written);
}

function writeField(sink: ByteSink, field: OtlpField, value: unknown): void {
  const { number, type } = field;
  if (type === 'string') writeBytes(sink, number, encodeUtf8(value as string));
  else if (type === 'bytes') writeBytes(sink, number, value as Uint8Array);
  else if (type === 'varint') {
    sink.varint(number * 8 + wireTypes.varint);
    writeNumber(sink, field, value);
  } else if (type === 'fixed64' || type === 'double') {
    sink.varint(number * 8 + wireTypes.fixed64);
    writeNumber(sink, field, value);
  } else writeInner(sink, number, (within) => writeFields(within, type, value as object));
}

function writePacked(sink: ByteSink, field: OtlpField, list: readonly unknown[]): void {
  writeInner(sink, field.number, (within) => {
    for (const value of list) writeNumber(within, field, value);
  });
}

function writeBytes(sink: ByteSink, number: number, bytes: Uint8Array): void {
  sink.varint(number * 8 + wireTypes.bytes);
  sink.varint(bytes.length);
  sink.append(bytes);
}

function writeNumber(sink: ByteSink, { type }: OtlpField, value: unknown): void {
  if (type === 'varint') sink.varint(Number(value));
  else {
    const view = new DataView(new ArrayBuffer(8));
    if (type === 'double') view.setFloat64(0, value as number, true);
    else view.setBigUint64(0, value as bigint, true);
    sink.append(new Uint8Array(view.buffer));
  }
}

/**
 * Numbers and bytes of a message by number of the field, of each the last; `undefined` when it is damaged. Numbers of
 * more than 53 bits are not exact.
 */
export function readFields(bytes: Uint8Array): ReadonlyMap<number, number | Uint8Array> | undefined {
  const found = new Map<number, number | Uint8Array>();
  let at = 0;
  const varint = (): number => {
    for (let value = 0, scale = 1, length = 0; length < 10 && at < bytes.length; length++, scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const key = varint();
    const wireType = key % 8;
    const size = wireType === 2 ? varint() : wireType === 1 ? 8 : wireType === 5 ? 4 : 0;
    const value = wireType === 0 ? varint() : bytes.subarray(at, at + size);
    if (wireType !== 0) at += size;
    const isKnown = [0, 1, 2, 5].includes(wireType) && !Number.isNaN(value);
    if (!isKnown || !(at <= bytes.length)) return undefined;
    found.set(Math.floor(key / 8), value);
  }
  return found;
}
