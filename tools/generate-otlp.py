"""Prints src/formats/otlp/otlp-messages.ts: the messages of OTLP profiles, as the published protos have them.

    python3 -m venv venv && venv/bin/pip install opentelemetry-proto==1.45.2
    venv/bin/python tools/generate-otlp.py > src/formats/otlp/otlp-messages.ts

The package holds the descriptors that protoc made of https://github.com/open-telemetry/opentelemetry-proto. While the
signal is in development its fields change: the version of the package goes with that of the test's reader.
"""

import importlib.metadata
import re

from google.protobuf.descriptor import FieldDescriptor
from opentelemetry.proto.collector.profiles.v1development import profiles_service_pb2

SCALARS = {
    FieldDescriptor.TYPE_STRING: ("string", "string"),
    FieldDescriptor.TYPE_BYTES: ("bytes", "Uint8Array"),
    FieldDescriptor.TYPE_BOOL: ("varint", "boolean"),
    FieldDescriptor.TYPE_INT32: ("varint", "number"),
    FieldDescriptor.TYPE_UINT32: ("varint", "number"),
    FieldDescriptor.TYPE_INT64: ("varint", "number"),
    FieldDescriptor.TYPE_UINT64: ("varint", "number"),
    FieldDescriptor.TYPE_FIXED64: ("fixed64", "bigint"),
    FieldDescriptor.TYPE_DOUBLE: ("double", "number"),
}


def camel(name):
    return re.sub(r"_(\w)", lambda match: match.group(1).upper(), name)


def reachable(roots):
    found = []
    waiting = list(roots)
    while waiting:
        message = waiting.pop(0)
        if message in found:
            continue
        found.append(message)
        waiting += [field.message_type for field in message.fields if field.message_type]
    return found


def wire_of(field):
    return field.message_type.name if field.message_type else SCALARS[field.type][0]


def type_of(field):
    single = field.message_type.name if field.message_type else SCALARS[field.type][1]
    if not field.is_repeated:
        return single
    return f"readonly {single}[]"


services = profiles_service_pb2.DESCRIPTOR.message_types_by_name
messages = reachable(
    [services["ExportProfilesServiceRequest"], services["ExportProfilesServiceResponse"]]
)
package = importlib.metadata.metadata("opentelemetry-proto")
about = package.get_payload() or package["Description"]
release = re.search(r"using the v([\d.]+) release", about).group(1)

print("// Made by tools/generate-otlp.py from the descriptors of opentelemetry-proto, whose license is Apache-2.0.")
print("// Copyright The OpenTelemetry Authors. https://www.apache.org/licenses/LICENSE-2.0")
print()
print("/** Release of https://github.com/open-telemetry/opentelemetry-proto; its profiles are v1development. */")
print(f"export const otlpRelease = '{release}';")
print()
print("/** How a value is written; otherwise the name of a message. */")
print("export type WireType = 'string' | 'bytes' | 'varint' | 'fixed64' | 'double';")
print()
print("export interface OtlpField {")
print("  readonly number: number;")
print("  readonly type: WireType | OtlpName;")
print("  readonly isRepeated?: true;")
print("  /** One of several: that it is there says something, also where it is 0 or empty. */")
print("  readonly hasPresence?: true;")
print("}")
for message in messages:
    print()
    print(f"export interface {message.name} {{")
    for field in message.fields:
        print(f"  readonly {camel(field.name)}?: {type_of(field)};")
    print("}")
print()
print("export interface OtlpMessages {")
for message in messages:
    print(f"  readonly {message.name}: {message.name};")
print("}")
print("export type OtlpName = keyof OtlpMessages;")
print()
print("/** In the order of their numbers, which is that of the file. */")
print("export const otlpFields: { readonly [Name in OtlpName]: { readonly [key: string]: OtlpField } } = {")
for message in messages:
    print(f"  {message.name}: {{")
    for field in sorted(message.fields, key=lambda field: field.number):
        repeated = ", isRepeated: true" if field.is_repeated else ""
        presence = ", hasPresence: true" if field.containing_oneof else ""
        about = f"number: {field.number}, type: '{wire_of(field)}'{repeated}{presence}"
        print(f"    {camel(field.name)}: {{ {about} }},")
    print("  },")
print("};")
