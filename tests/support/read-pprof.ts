import assert from 'node:assert/strict';
import protobuf from 'protobufjs';

/** https://github.com/google/pprof/blob/main/proto/profile.proto */
const schema = `
  syntax = "proto3";
  message Profile {
    repeated ValueType sample_type = 1;
    repeated Sample sample = 2;
    repeated Mapping mapping = 3;
    repeated Location location = 4;
    repeated Function function = 5;
    repeated string string_table = 6;
    int64 drop_frames = 7;
    int64 keep_frames = 8;
    int64 time_nanos = 9;
    int64 duration_nanos = 10;
    ValueType period_type = 11;
    int64 period = 12;
    repeated int64 comment = 13;
    int64 default_sample_type = 14;
    int64 doc_url = 15;
  }
  message ValueType { int64 type = 1; int64 unit = 2; }
  message Sample { repeated uint64 location_id = 1; repeated int64 value = 2; repeated Label label = 3; }
  message Label { int64 key = 1; int64 str = 2; int64 num = 3; int64 num_unit = 4; }
  message Mapping {
    uint64 id = 1;
    uint64 memory_start = 2;
    uint64 memory_limit = 3;
    uint64 file_offset = 4;
    int64 filename = 5;
    int64 build_id = 6;
    bool has_functions = 7;
    bool has_filenames = 8;
    bool has_line_numbers = 9;
    bool has_inline_frames = 10;
  }
  message Location { uint64 id = 1; uint64 mapping_id = 2; uint64 address = 3; repeated Line line = 4; bool is_folded = 5; }
  message Line { uint64 function_id = 1; int64 line = 2; int64 column = 3; }
  message Function { uint64 id = 1; int64 name = 2; int64 system_name = 3; int64 filename = 4; int64 start_line = 5; }
`;
const message = protobuf.parse(schema).root.lookupType('Profile');

export interface PprofFrame {
  readonly name: string;
  readonly systemName: string;
  readonly file: string;
  readonly startLine: number;
  readonly line: number;
}

export interface ReadSample {
  /** Innermost first. */
  readonly stack: readonly PprofFrame[];
  readonly values: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ReadPprof {
  /** `wall/nanoseconds` */
  readonly types: readonly string[];
  readonly defaultType: string;
  readonly samples: readonly ReadSample[];
  readonly comments: readonly string[];
  readonly mapping: string;
  readonly timeNanos: bigint;
  readonly durationNanos: number;
  readonly period: string;
  readonly texts: readonly string[];
}

type Row = Record<string, number>;
interface Decoded {
  readonly sampleType: Row[];
  readonly sample: { locationId: number[]; value: number[]; label: Row[] }[];
  readonly mapping: Row[];
  readonly location: { id: number; mappingId: number; line: Row[] }[];
  readonly function: Row[];
  readonly stringTable: string[];
  readonly periodType: Row;
  readonly durationNanos: number;
  readonly period: number;
  readonly comment: number[];
  readonly defaultSampleType: number;
}

/**
 * Reads a profile that is not compressed any more, with a decoder that is not that of its writer; throws where
 * something is no valid reference.
 */
export function readPprof(bytes: Uint8Array): ReadPprof {
  const decoded = message.decode(bytes);
  const options = { arrays: true, defaults: true };
  const file = message.toObject(decoded, { ...options, longs: Number }) as Decoded;
  const { timeNanos } = message.toObject(decoded, { ...options, longs: String }) as { timeNanos: string };
  const texts = file.stringTable;
  assert.equal(texts[0], '');
  assert.equal(new Set(texts).size, texts.length, 'a text is listed twice');
  const text = (index: number) => known(texts[index], `text ${index}`);
  const functions = byId(file.function);
  const locations = byId(file.location);
  assert.deepEqual(
    file.mapping.map(({ id }) => id),
    [1],
  );
  const frames = new Map(
    [...locations].map(([id, { mappingId, line }]) => {
      assert.equal(mappingId, 1);
      assert.equal(line.length, 1);
      const fn = known(functions.get(line[0]!['functionId']!), `function of location ${id}`);
      return [
        id,
        {
          name: text(fn['name']!),
          systemName: text(fn['systemName']!),
          file: text(fn['filename']!),
          startLine: fn['startLine']!,
          line: line[0]!['line']!,
        },
      ];
    }),
  );
  const types = file.sampleType.map(({ type, unit }) => `${text(type!)}/${text(unit!)}`);
  return {
    types,
    defaultType: text(file.defaultSampleType),
    samples: file.sample.map(({ locationId, value, label }) => {
      assert.equal(value.length, types.length);
      return {
        stack: locationId.map((id) => known(frames.get(id), `location ${id}`)),
        values: Object.fromEntries(types.map((type, at) => [type.split('/')[0]!, value[at]!])),
        labels: Object.fromEntries(label.map(({ key, str }) => [text(key!), text(str!)])),
      };
    }),
    comments: file.comment.map(text),
    mapping: text(file.mapping[0]!['filename']!),
    timeNanos: BigInt(timeNanos),
    durationNanos: file.durationNanos,
    period: `${file.period} ${text(file.periodType['unit']!)} ${text(file.periodType['type']!)}`,
    texts,
  };
}

function byId<T extends { readonly id?: number }>(rows: readonly T[]): Map<number, T> {
  const found = new Map(rows.map((row) => [row.id!, row]));
  assert.equal(found.size, rows.length, 'an id is used twice');
  assert.ok(!found.has(0));
  return found;
}

function known<T>(value: T | undefined, what: string): T {
  assert.ok(value !== undefined, `${what} is not in the file`);
  return value;
}
