// Made by tools/generate-otlp.py from the descriptors of opentelemetry-proto, whose license is Apache-2.0.
// Copyright The OpenTelemetry Authors. https://www.apache.org/licenses/LICENSE-2.0

/** Release of https://github.com/open-telemetry/opentelemetry-proto; its profiles are v1development. */
export const otlpRelease = '1.10.0';

/** How a value is written; otherwise the name of a message. */
export type WireType = 'string' | 'bytes' | 'varint' | 'fixed64' | 'double';

export interface OtlpField {
  readonly number: number;
  readonly type: WireType | OtlpName;
  readonly isRepeated?: true;
  /** One of several: that it is there says something, also where it is 0 or empty. */
  readonly hasPresence?: true;
}

export interface ExportProfilesServiceRequest {
  readonly resourceProfiles?: readonly ResourceProfiles[];
  readonly dictionary?: ProfilesDictionary;
}

export interface ExportProfilesServiceResponse {
  readonly partialSuccess?: ExportProfilesPartialSuccess;
}

export interface ResourceProfiles {
  readonly resource?: Resource;
  readonly scopeProfiles?: readonly ScopeProfiles[];
  readonly schemaUrl?: string;
}

export interface ProfilesDictionary {
  readonly mappingTable?: readonly Mapping[];
  readonly locationTable?: readonly Location[];
  readonly functionTable?: readonly Function[];
  readonly linkTable?: readonly Link[];
  readonly stringTable?: readonly string[];
  readonly attributeTable?: readonly KeyValueAndUnit[];
  readonly stackTable?: readonly Stack[];
}

export interface ExportProfilesPartialSuccess {
  readonly rejectedProfiles?: number;
  readonly errorMessage?: string;
}

export interface Resource {
  readonly attributes?: readonly KeyValue[];
  readonly droppedAttributesCount?: number;
  readonly entityRefs?: readonly EntityRef[];
}

export interface ScopeProfiles {
  readonly scope?: InstrumentationScope;
  readonly profiles?: readonly Profile[];
  readonly schemaUrl?: string;
}

export interface Mapping {
  readonly memoryStart?: number;
  readonly memoryLimit?: number;
  readonly fileOffset?: number;
  readonly filenameStrindex?: number;
  readonly attributeIndices?: readonly number[];
}

export interface Location {
  readonly mappingIndex?: number;
  readonly address?: number;
  readonly lines?: readonly Line[];
  readonly attributeIndices?: readonly number[];
}

export interface Function {
  readonly nameStrindex?: number;
  readonly systemNameStrindex?: number;
  readonly filenameStrindex?: number;
  readonly startLine?: number;
}

export interface Link {
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
}

export interface KeyValueAndUnit {
  readonly keyStrindex?: number;
  readonly value?: AnyValue;
  readonly unitStrindex?: number;
}

export interface Stack {
  readonly locationIndices?: readonly number[];
}

export interface KeyValue {
  readonly key?: string;
  readonly value?: AnyValue;
  readonly keyStrindex?: number;
}

export interface EntityRef {
  readonly schemaUrl?: string;
  readonly type?: string;
  readonly idKeys?: readonly string[];
  readonly descriptionKeys?: readonly string[];
}

export interface InstrumentationScope {
  readonly name?: string;
  readonly version?: string;
  readonly attributes?: readonly KeyValue[];
  readonly droppedAttributesCount?: number;
}

export interface Profile {
  readonly sampleType?: ValueType;
  readonly samples?: readonly Sample[];
  readonly timeUnixNano?: bigint;
  readonly durationNano?: number;
  readonly periodType?: ValueType;
  readonly period?: number;
  readonly profileId?: Uint8Array;
  readonly droppedAttributesCount?: number;
  readonly originalPayloadFormat?: string;
  readonly originalPayload?: Uint8Array;
  readonly attributeIndices?: readonly number[];
}

export interface Line {
  readonly functionIndex?: number;
  readonly line?: number;
  readonly column?: number;
}

export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number;
  readonly doubleValue?: number;
  readonly arrayValue?: ArrayValue;
  readonly kvlistValue?: KeyValueList;
  readonly bytesValue?: Uint8Array;
  readonly stringValueStrindex?: number;
}

export interface ValueType {
  readonly typeStrindex?: number;
  readonly unitStrindex?: number;
}

export interface Sample {
  readonly stackIndex?: number;
  readonly attributeIndices?: readonly number[];
  readonly linkIndex?: number;
  readonly values?: readonly number[];
  readonly timestampsUnixNano?: readonly bigint[];
}

export interface ArrayValue {
  readonly values?: readonly AnyValue[];
}

export interface KeyValueList {
  readonly values?: readonly KeyValue[];
}

export interface OtlpMessages {
  readonly ExportProfilesServiceRequest: ExportProfilesServiceRequest;
  readonly ExportProfilesServiceResponse: ExportProfilesServiceResponse;
  readonly ResourceProfiles: ResourceProfiles;
  readonly ProfilesDictionary: ProfilesDictionary;
  readonly ExportProfilesPartialSuccess: ExportProfilesPartialSuccess;
  readonly Resource: Resource;
  readonly ScopeProfiles: ScopeProfiles;
  readonly Mapping: Mapping;
  readonly Location: Location;
  readonly Function: Function;
  readonly Link: Link;
  readonly KeyValueAndUnit: KeyValueAndUnit;
  readonly Stack: Stack;
  readonly KeyValue: KeyValue;
  readonly EntityRef: EntityRef;
  readonly InstrumentationScope: InstrumentationScope;
  readonly Profile: Profile;
  readonly Line: Line;
  readonly AnyValue: AnyValue;
  readonly ValueType: ValueType;
  readonly Sample: Sample;
  readonly ArrayValue: ArrayValue;
  readonly KeyValueList: KeyValueList;
}
export type OtlpName = keyof OtlpMessages;

/** In the order of their numbers, which is that of the file. */
export const otlpFields: { readonly [Name in OtlpName]: { readonly [key: string]: OtlpField } } = {
  ExportProfilesServiceRequest: {
    resourceProfiles: { number: 1, type: 'ResourceProfiles', isRepeated: true },
    dictionary: { number: 2, type: 'ProfilesDictionary' },
  },
  ExportProfilesServiceResponse: {
    partialSuccess: { number: 1, type: 'ExportProfilesPartialSuccess' },
  },
  ResourceProfiles: {
    resource: { number: 1, type: 'Resource' },
    scopeProfiles: { number: 2, type: 'ScopeProfiles', isRepeated: true },
    schemaUrl: { number: 3, type: 'string' },
  },
  ProfilesDictionary: {
    mappingTable: { number: 1, type: 'Mapping', isRepeated: true },
    locationTable: { number: 2, type: 'Location', isRepeated: true },
    functionTable: { number: 3, type: 'Function', isRepeated: true },
    linkTable: { number: 4, type: 'Link', isRepeated: true },
    stringTable: { number: 5, type: 'string', isRepeated: true },
    attributeTable: { number: 6, type: 'KeyValueAndUnit', isRepeated: true },
    stackTable: { number: 7, type: 'Stack', isRepeated: true },
  },
  ExportProfilesPartialSuccess: {
    rejectedProfiles: { number: 1, type: 'varint' },
    errorMessage: { number: 2, type: 'string' },
  },
  Resource: {
    attributes: { number: 1, type: 'KeyValue', isRepeated: true },
    droppedAttributesCount: { number: 2, type: 'varint' },
    entityRefs: { number: 3, type: 'EntityRef', isRepeated: true },
  },
  ScopeProfiles: {
    scope: { number: 1, type: 'InstrumentationScope' },
    profiles: { number: 2, type: 'Profile', isRepeated: true },
    schemaUrl: { number: 3, type: 'string' },
  },
  Mapping: {
    memoryStart: { number: 1, type: 'varint' },
    memoryLimit: { number: 2, type: 'varint' },
    fileOffset: { number: 3, type: 'varint' },
    filenameStrindex: { number: 4, type: 'varint' },
    attributeIndices: { number: 5, type: 'varint', isRepeated: true },
  },
  Location: {
    mappingIndex: { number: 1, type: 'varint' },
    address: { number: 2, type: 'varint' },
    lines: { number: 3, type: 'Line', isRepeated: true },
    attributeIndices: { number: 4, type: 'varint', isRepeated: true },
  },
  Function: {
    nameStrindex: { number: 1, type: 'varint' },
    systemNameStrindex: { number: 2, type: 'varint' },
    filenameStrindex: { number: 3, type: 'varint' },
    startLine: { number: 4, type: 'varint' },
  },
  Link: {
    traceId: { number: 1, type: 'bytes' },
    spanId: { number: 2, type: 'bytes' },
  },
  KeyValueAndUnit: {
    keyStrindex: { number: 1, type: 'varint' },
    value: { number: 2, type: 'AnyValue' },
    unitStrindex: { number: 3, type: 'varint' },
  },
  Stack: {
    locationIndices: { number: 1, type: 'varint', isRepeated: true },
  },
  KeyValue: {
    key: { number: 1, type: 'string' },
    value: { number: 2, type: 'AnyValue' },
    keyStrindex: { number: 3, type: 'varint' },
  },
  EntityRef: {
    schemaUrl: { number: 1, type: 'string' },
    type: { number: 2, type: 'string' },
    idKeys: { number: 3, type: 'string', isRepeated: true },
    descriptionKeys: { number: 4, type: 'string', isRepeated: true },
  },
  InstrumentationScope: {
    name: { number: 1, type: 'string' },
    version: { number: 2, type: 'string' },
    attributes: { number: 3, type: 'KeyValue', isRepeated: true },
    droppedAttributesCount: { number: 4, type: 'varint' },
  },
  Profile: {
    sampleType: { number: 1, type: 'ValueType' },
    samples: { number: 2, type: 'Sample', isRepeated: true },
    timeUnixNano: { number: 3, type: 'fixed64' },
    durationNano: { number: 4, type: 'varint' },
    periodType: { number: 5, type: 'ValueType' },
    period: { number: 6, type: 'varint' },
    profileId: { number: 7, type: 'bytes' },
    droppedAttributesCount: { number: 8, type: 'varint' },
    originalPayloadFormat: { number: 9, type: 'string' },
    originalPayload: { number: 10, type: 'bytes' },
    attributeIndices: { number: 11, type: 'varint', isRepeated: true },
  },
  Line: {
    functionIndex: { number: 1, type: 'varint' },
    line: { number: 2, type: 'varint' },
    column: { number: 3, type: 'varint' },
  },
  AnyValue: {
    stringValue: { number: 1, type: 'string', hasPresence: true },
    boolValue: { number: 2, type: 'varint', hasPresence: true },
    intValue: { number: 3, type: 'varint', hasPresence: true },
    doubleValue: { number: 4, type: 'double', hasPresence: true },
    arrayValue: { number: 5, type: 'ArrayValue', hasPresence: true },
    kvlistValue: { number: 6, type: 'KeyValueList', hasPresence: true },
    bytesValue: { number: 7, type: 'bytes', hasPresence: true },
    stringValueStrindex: { number: 8, type: 'varint', hasPresence: true },
  },
  ValueType: {
    typeStrindex: { number: 1, type: 'varint' },
    unitStrindex: { number: 2, type: 'varint' },
  },
  Sample: {
    stackIndex: { number: 1, type: 'varint' },
    attributeIndices: { number: 2, type: 'varint', isRepeated: true },
    linkIndex: { number: 3, type: 'varint' },
    values: { number: 4, type: 'varint', isRepeated: true },
    timestampsUnixNano: { number: 5, type: 'fixed64', isRepeated: true },
  },
  ArrayValue: {
    values: { number: 1, type: 'AnyValue', isRepeated: true },
  },
  KeyValueList: {
    values: { number: 1, type: 'KeyValue', isRepeated: true },
  },
};
