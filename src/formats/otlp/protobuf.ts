// Messages of OTLP: protobufjs writes and reads values; which field has which is in the table that is generated from
// the published messages. Its own generated code would be ten times as long, and read what is only written here.
import protobuf from 'protobufjs/minimal.js';
import { encodeUtf8 } from '../../bytes/text.js';
import { type OtlpField, type OtlpMessages, type OtlpName, otlpFields } from './otlp-messages.js';

const { Reader, Writer } = protobuf;
type Writing = InstanceType<typeof Writer>;

/** The bytes of a message. Whole numbers must be from 0 to 2^53 - 1. */
export function writeMessage<Name extends OtlpName>(name: Name, message: OtlpMessages[Name]): Uint8Array {
  const writer = Writer.create();
  writeFields(writer, name, message);
  return writer.finish();
}

const wireTypes = { varint: 0, fixed64: 1, bytes: 2 } as const;

/** Fields of each message as lists: they are gone through for each of thousands. */
const fieldLists = new Map<OtlpName, readonly (readonly [key: string, field: OtlpField])[]>(
  (Object.keys(otlpFields) as OtlpName[]).map((name) => [name, Object.entries(otlpFields[name])]),
);

function writeFields(writer: Writing, name: OtlpName, message: object): void {
  for (const [key, field] of fieldLists.get(name)!) {
    const value = (message as Readonly<Record<string, unknown>>)[key];
    // What is not there is 0 or empty.
    if (value === undefined || (!field.hasPresence && (value === 0 || value === ''))) continue;
    if (!field.isRepeated) writeField(writer, field, value);
    else if (field.type === 'varint' || field.type === 'fixed64') {
      const list = value as readonly unknown[];
      if (list.length > 0) writePacked(writer, field, list);
    } else for (const one of value as readonly unknown[]) writeField(writer, field, one);
  }
}

function writeField(writer: Writing, field: OtlpField, value: unknown): void {
  const { number, type } = field;
  const key = (wireType: number) => writer.uint32(number * 8 + wireType);
  // Not by its `string`: half of a surrogate pair, which a name may have, would not be UTF-8.
  if (type === 'string') key(wireTypes.bytes).bytes(encodeUtf8(value as string));
  else if (type === 'bytes') key(wireTypes.bytes).bytes(value as Uint8Array);
  else if (type === 'varint') writeNumber(key(wireTypes.varint), type, value);
  else if (type === 'fixed64' || type === 'double') writeNumber(key(wireTypes.fixed64), type, value);
  else {
    writeFields(key(wireTypes.bytes).fork(), type, value as object);
    writer.ldelim();
  }
}

function writePacked(writer: Writing, { number, type }: OtlpField, list: readonly unknown[]): void {
  writer.uint32(number * 8 + wireTypes.bytes).fork();
  for (const value of list) writeNumber(writer, type, value);
  writer.ldelim();
}

function writeNumber(writer: Writing, type: OtlpField['type'], value: unknown): void {
  if (type === 'varint') writer.uint64(Number(value));
  else if (type === 'double') writer.double(value as number);
  else {
    const whole = value as bigint;
    writer.fixed32(Number(BigInt.asUintN(32, whole))).fixed32(Number(whole >> 32n));
  }
}

/**
 * Numbers and bytes of a message by number of the field, of each the last; `undefined` when it is damaged. Numbers of
 * more than 53 bits are not exact.
 */
export function readFields(bytes: Uint8Array): ReadonlyMap<number, number | Uint8Array> | undefined {
  const found = new Map<number, number | Uint8Array>();
  const reader = Reader.create(bytes);
  try {
    while (reader.pos < reader.len) {
      const key = reader.uint32();
      const { pos } = reader;
      const wireType = key & 7;
      if (wireType === wireTypes.varint) found.set(key >>> 3, Number(reader.uint64()));
      else if (wireType === wireTypes.bytes) found.set(key >>> 3, reader.bytes());
      else found.set(key >>> 3, bytes.subarray(pos, reader.skipType(wireType).pos));
    }
    return found;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
