import assert from 'node:assert/strict';
import protobuf from 'protobufjs';
import type { PprofFrame, ReadSample } from './read-pprof.js';

/**
 * https://github.com/open-telemetry/opentelemetry-proto/tree/v1.10.0/opentelemetry/proto, copyright The OpenTelemetry
 * Authors, Apache-2.0: what a receiver of profiles reads.
 */
const schema = `
  syntax = "proto3";
  message ExportProfilesServiceRequest {
    repeated ResourceProfiles resource_profiles = 1;
    ProfilesDictionary dictionary = 2;
  }
  message ExportProfilesServiceResponse { ExportProfilesPartialSuccess partial_success = 1; }
  message ExportProfilesPartialSuccess { int64 rejected_profiles = 1; string error_message = 2; }
  message Status { int32 code = 1; string message = 2; }
  message ProfilesDictionary {
    repeated Mapping mapping_table = 1;
    repeated Location location_table = 2;
    repeated Function function_table = 3;
    repeated Link link_table = 4;
    repeated string string_table = 5;
    repeated KeyValueAndUnit attribute_table = 6;
    repeated Stack stack_table = 7;
  }
  message ResourceProfiles { Resource resource = 1; repeated ScopeProfiles scope_profiles = 2; string schema_url = 3; }
  message ScopeProfiles { InstrumentationScope scope = 1; repeated Profile profiles = 2; string schema_url = 3; }
  message Profile {
    ValueType sample_type = 1;
    repeated Sample samples = 2;
    fixed64 time_unix_nano = 3;
    uint64 duration_nano = 4;
    ValueType period_type = 5;
    int64 period = 6;
    bytes profile_id = 7;
    uint32 dropped_attributes_count = 8;
    string original_payload_format = 9;
    bytes original_payload = 10;
    repeated int32 attribute_indices = 11;
  }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message ValueType { int32 type_strindex = 1; int32 unit_strindex = 2; }
  message Sample {
    int32 stack_index = 1;
    repeated int32 attribute_indices = 2;
    int32 link_index = 3;
    repeated int64 values = 4;
    repeated fixed64 timestamps_unix_nano = 5;
  }
  message Mapping {
    uint64 memory_start = 1;
    uint64 memory_limit = 2;
    uint64 file_offset = 3;
    int32 filename_strindex = 4;
    repeated int32 attribute_indices = 5;
  }
  message Stack { repeated int32 location_indices = 1; }
  message Location {
    int32 mapping_index = 1;
    uint64 address = 2;
    repeated Line lines = 3;
    repeated int32 attribute_indices = 4;
  }
  message Line { int32 function_index = 1; int64 line = 2; int64 column = 3; }
  message Function {
    int32 name_strindex = 1;
    int32 system_name_strindex = 2;
    int32 filename_strindex = 3;
    int64 start_line = 4;
  }
  message KeyValueAndUnit { int32 key_strindex = 1; AnyValue value = 2; int32 unit_strindex = 3; }
  message AnyValue {
    oneof value {
      string string_value = 1;
      bool bool_value = 2;
      int64 int_value = 3;
      double double_value = 4;
      ArrayValue array_value = 5;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message InstrumentationScope { string name = 1; string version = 2; }
`;
const { root } = protobuf.parse(schema);

/** The profiles of a request, one for each type of value, put together again as they are in a pprof. */
export interface ReadOtlp {
  readonly resource: Readonly<Record<string, string | number>>;
  readonly scope: string;
  /** `wall/nanoseconds` */
  readonly types: readonly string[];
  readonly samples: readonly ReadSample[];
  readonly comments: readonly string[];
  readonly timeNanos: bigint;
  readonly durationNanos: number;
  /** `10000000 nanoseconds wall` */
  readonly period: string;
  readonly profileIds: readonly string[];
  /** What semantic conventions call the kind of each frame, by its name. */
  readonly frameTypes: Readonly<Record<string, string>>;
}

interface Any {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly arrayValue?: { readonly values: readonly Any[] };
}
interface Sample {
  readonly stackIndex: number;
  readonly attributeIndices: number[];
  readonly linkIndex: number;
  readonly values: number[];
  readonly timestampsUnixNano: string[];
}
interface Profile {
  readonly sampleType: { readonly typeStrindex: number; readonly unitStrindex: number };
  readonly periodType: { readonly typeStrindex: number; readonly unitStrindex: number };
  readonly samples: Sample[];
  readonly timeUnixNano: string;
  readonly durationNano: string;
  readonly period: string;
  readonly profileId: Uint8Array;
  readonly attributeIndices: number[];
}
interface Tables {
  readonly mappingTable: object[];
  readonly linkTable: object[];
  readonly locationTable: {
    readonly mappingIndex: number;
    readonly lines: { readonly functionIndex: number; readonly line: string }[];
    readonly attributeIndices: number[];
  }[];
  readonly functionTable: {
    readonly nameStrindex: number;
    readonly systemNameStrindex: number;
    readonly filenameStrindex: number;
    readonly startLine: string;
  }[];
  readonly stringTable: string[];
  readonly attributeTable: { readonly keyStrindex: number; readonly value?: Any }[];
  readonly stackTable: { readonly locationIndices: number[] }[];
}
interface Request {
  readonly resourceProfiles: {
    readonly resource: { readonly attributes: { readonly key: string; readonly value: Any }[] };
    readonly scopeProfiles: { readonly scope: { readonly name: string }; readonly profiles: Profile[] }[];
  }[];
  readonly dictionary: Tables;
}

/**
 * Reads a request that is not compressed any more, with a decoder that is not that of its writer; throws where it is
 * not what the proto asks for.
 */
export function readOtlp(bytes: Uint8Array): ReadOtlp {
  const type = root.lookupType('ExportProfilesServiceRequest');
  const request = type.toObject(type.decode(bytes), {
    arrays: true,
    defaults: true,
    longs: String,
  }) as Request;
  assert.equal(request.resourceProfiles.length, 1);
  const [{ resource, scopeProfiles }] = request.resourceProfiles as [Request['resourceProfiles'][0]];
  assert.equal(scopeProfiles.length, 1);
  const [{ scope, profiles }] = scopeProfiles as [(typeof scopeProfiles)[0]];
  const tables = new ReadTables(request.dictionary);
  const types = profiles.map(({ sampleType }) => tables.type(sampleType));
  const merged = new Map<string, ReadSample>();
  for (const [at, { samples }] of profiles.entries()) {
    const seen = new Set<string>();
    for (const sample of samples) {
      const key = JSON.stringify([sample.stackIndex, sample.attributeIndices.toSorted()]);
      assert.ok(!seen.has(key), 'two samples of a profile have the same identity');
      seen.add(key);
      assert.deepEqual([sample.linkIndex, sample.values.length, sample.timestampsUnixNano], [0, 1, []]);
      const known = merged.get(key) ?? {
        stack: tables.stack(sample.stackIndex),
        labels: tables.attributes(sample.attributeIndices),
        values: Object.fromEntries(types.map((name) => [name.split('/')[0]!, 0])),
      };
      const values = { ...known.values, [types[at]!.split('/')[0]!]: Number(sample.values[0]) };
      merged.set(key, { ...known, values });
    }
  }
  const [first] = profiles as [Profile];
  const comments = tables.comments(first.attributeIndices);
  for (const { timeUnixNano, durationNano, period } of profiles)
    assert.deepEqual(
      [timeUnixNano, durationNano, period],
      [first.timeUnixNano, first.durationNano, first.period],
    );
  tables.assertAllUsed();
  return {
    resource: Object.fromEntries(
      resource.attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
    ),
    ...{ scope: scope.name, types, comments, samples: [...merged.values()] },
    timeNanos: BigInt(first.timeUnixNano),
    durationNanos: Number(first.durationNano),
    period: `${first.period} ${tables.type(first.periodType).split('/').reverse().join(' ')}`,
    profileIds: profiles.map(({ profileId }) => {
      assert.equal(profileId.length, 16);
      return Buffer.from(profileId).toString('hex');
    }),
    frameTypes: tables.frameTypes,
  };
}

type TableName = 'stringTable' | 'attributeTable' | 'stackTable' | 'locationTable' | 'functionTable';

class ReadTables {
  readonly #tables: Tables;
  readonly #used = new Map<TableName, Set<number>>();
  readonly frameTypes: Record<string, string> = {};

  constructor(tables: Tables) {
    this.#tables = tables;
    assert.equal(tables.stringTable[0], '');
    assert.deepEqual([tables.mappingTable.length, tables.linkTable.length], [1, 1]);
    for (const [name, table] of Object.entries(tables) as [string, readonly unknown[]][]) {
      assert.ok(table.length > 0, `${name} has no zero value`);
      const rows = table.map((row) => JSON.stringify(row));
      assert.equal(new Set(rows).size, rows.length, `something is twice in ${name}`);
    }
    const { locationTable, attributeTable, stackTable } = tables;
    assert.deepEqual([locationTable[0]!.lines, stackTable[0]!.locationIndices], [[], []]);
    assert.equal(attributeTable[0]!.keyStrindex, 0);
  }

  #row<Name extends TableName>(name: Name, index: number): Tables[Name][number] {
    const row = this.#tables[name][index];
    assert.ok(row !== undefined, `there is no ${index} in ${name}`);
    this.#used.set(name, (this.#used.get(name) ?? new Set()).add(index));
    return row;
  }

  text(index: number): string {
    return this.#row('stringTable', index);
  }

  type({ typeStrindex, unitStrindex }: Profile['sampleType']): string {
    return `${this.text(typeStrindex)}/${this.text(unitStrindex)}`;
  }

  stack(index: number): PprofFrame[] {
    return this.#row('stackTable', index).locationIndices.map((at) => {
      const { lines, mappingIndex, attributeIndices } = this.#row('locationTable', at);
      assert.deepEqual([lines.length, mappingIndex], [1, 0]);
      const fn = this.#row('functionTable', lines[0]!.functionIndex);
      const name = this.text(fn.nameStrindex);
      const { 'profile.frame.type': type } = this.attributes(attributeIndices);
      if (type !== undefined) this.frameTypes[name] = type;
      return {
        name,
        systemName: this.text(fn.systemNameStrindex),
        file: this.text(fn.filenameStrindex),
        startLine: Number(fn.startLine),
        line: Number(lines[0]!.line),
      };
    });
  }

  attributes(indexes: readonly number[]): Record<string, string> {
    const pairs = indexes.map((index) => {
      const { keyStrindex, value } = this.#row('attributeTable', index);
      assert.ok(value?.stringValue !== undefined, 'an attribute is no text');
      return [this.text(keyStrindex), value.stringValue];
    });
    return Object.fromEntries(pairs);
  }

  comments(indexes: readonly number[]): string[] {
    return indexes.flatMap((index) => {
      const { keyStrindex, value } = this.#row('attributeTable', index);
      assert.equal(this.text(keyStrindex), 'pprof.profile.comment');
      return value!.arrayValue!.values.map(({ stringValue }) => stringValue!);
    });
  }

  assertAllUsed(): void {
    for (const name of [
      'stringTable',
      'attributeTable',
      'stackTable',
      'locationTable',
      'functionTable',
    ] as const) {
      const used = this.#used.get(name) ?? new Set();
      for (let index = 1; index < this.#tables[name].length; index++)
        assert.ok(used.has(index), `nothing refers to ${index} of ${name}`);
    }
  }
}

/** An answer of success that says that so many profiles were rejected. */
export function partialSuccess(rejectedProfiles: number, errorMessage: string): Uint8Array {
  const type = root.lookupType('ExportProfilesServiceResponse');
  return type.encode(type.create({ partialSuccess: { rejectedProfiles, errorMessage } })).finish();
}

/** The body of an answer of failure. */
export function otlpStatus(message: string): Uint8Array {
  const type = root.lookupType('Status');
  return type.encode(type.create({ code: 3, message })).finish();
}
