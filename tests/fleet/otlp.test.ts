import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { defaultView } from '../../src/analysis/view-options.js';
import { otlpBody } from '../../src/delivery/otlp-receiver.js';
import { profileMessage } from '../../src/delivery/recording-messages.js';
import { withPackages } from '../support/packages.js';
import { profileFromText } from '../support/profile-from-text.js';
import { anyPython } from '../support/pythons.js';
import { readOtlp } from '../support/read-otlp.js';

/** The release of the protos that `src/formats/otlp/` was made from. */
const published = 'opentelemetry-proto==1.45.2';

/** Prints a request as the published messages have it, and how many bytes they do not know. */
const reader = `
import json, sys
from google.protobuf.json_format import MessageToDict
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.profiles.v1development.profiles_service_pb2 import ExportProfilesServiceRequest

def unknown(message):
    count = len(UnknownFieldSet(message))
    for field, value in message.ListFields():
        if field.message_type:
            count += sum(unknown(one) for one in (value if hasattr(value, "append") else [value]))
    return count

data = sys.stdin.buffer.read()
request = ExportProfilesServiceRequest.FromString(data)
same = request.SerializeToString(deterministic=True) == data
print(json.dumps({"unknown": unknown(request), "same": same, "request": MessageToDict(request)}))
`;

interface Published {
  readonly unknown: number;
  readonly same: boolean;
  readonly request: {
    readonly resourceProfiles: readonly {
      readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: object }[] };
      readonly scopeProfiles: readonly {
        readonly profiles: readonly {
          readonly samples: readonly { readonly stackIndex: number; readonly values: readonly string[] }[];
        }[];
      }[];
    }[];
    readonly dictionary: {
      readonly stringTable: readonly string[];
      readonly functionTable: readonly { readonly nameStrindex?: number }[];
      readonly locationTable: readonly { readonly lines?: readonly { readonly functionIndex: number }[] }[];
      readonly stackTable: readonly { readonly locationIndices?: readonly number[] }[];
    };
  };
}

const python = anyPython();
let environment: NodeJS.ProcessEnv | undefined;
let skip: string | false = false;
try {
  environment = withPackages(python, [published]).env;
} catch {
  skip = `${published} cannot be installed here`;
}

test('the published messages read what is sent, with nothing that they do not know', { skip }, () => {
  const profile = profileFromText(
    { 'Thread-1 (work)': 'a a a | b b c', main: 'a a | b e | d .' },
    { states: { 'Thread-1 (work)': 'RRW', main: 'RW' } },
  );
  const labels = { host: 'web-1', pid: '12', python_version: '3.13.0', container_id: 'c0ffee' };
  const bytes = otlpBody(profileMessage(profile, defaultView, { service: 'shop', labels })!);
  const [command, ...args] = python.command;
  const output = execFileSync(command, [...args, '-c', reader], {
    input: bytes,
    ...(environment ? { env: environment } : {}),
  });
  const { unknown, same, request } = JSON.parse(String(output)) as Published;
  assert.deepEqual([unknown, same], [0, true]);
  const [{ resource, scopeProfiles }] = request.resourceProfiles as [
    Published['request']['resourceProfiles'][0],
  ];
  assert.deepEqual(
    resource.attributes.map(({ key, value }) => [key, ...Object.entries(value)[0]!]),
    [
      ['service.name', 'stringValue', 'shop'],
      ['host.name', 'stringValue', 'web-1'],
      ['process.runtime.version', 'stringValue', '3.13.0'],
      ['container.id', 'stringValue', 'c0ffee'],
      ['process.pid', 'intValue', '12'],
      ['process.runtime.name', 'stringValue', 'cpython'],
    ],
  );
  const { stringTable, functionTable, locationTable, stackTable } = request.dictionary;
  const stackOf = (index: number) =>
    (stackTable[index]!.locationIndices ?? []).map((location) => {
      const { functionIndex } = locationTable[location]!.lines![0]!;
      return stringTable[functionTable[functionIndex]!.nameStrindex ?? 0];
    });
  // Wall time by stack, innermost first, of both readers.
  const theirs = scopeProfiles[0]!.profiles[0]!.samples.map(({ stackIndex, values }) => [
    stackOf(stackIndex).join(),
    Number(values[0]),
  ]);
  const ours = readOtlp(bytes).samples.map(({ stack, values }) => [
    stack.map(({ name }) => name).join(),
    values['wall'],
  ]);
  assert.deepEqual(theirs, ours);
  assert.ok(theirs.some(([stack, wall]) => stack === 'b,a' && wall === 20e6));
});
