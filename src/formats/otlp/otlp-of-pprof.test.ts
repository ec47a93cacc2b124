import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { readOtlp } from '../../../tests/support/read-otlp.js';
import { readPprof } from '../../../tests/support/read-pprof.js';
import { defaultView } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { seriesPprof } from '../series-pprof.js';
import { otlpOfPprof } from './otlp-of-pprof.js';
import { readFields, writeMessage } from './protobuf.js';

const pprofOf = (profile: Profile) =>
  Buffer.concat([...seriesPprof.write(profile, defaultView)] as Uint8Array[]);

function otlpOf(pprof: Uint8Array): Uint8Array {
  const request = otlpOfPprof(pprof, {
    resource: { 'service.name': 'shop', 'process.pid': 4_000_000 },
    profileId: (type) => new Uint8Array(16).fill(type.length),
  });
  return writeMessage('ExportProfilesServiceRequest', request);
}

/** Two threads, one of which waits for a part, with a route. */
function shopProfile(): Profile {
  const profile = profileFromText(
    { 'Thread-1 (work)': 'a a a | b b c', main: 'a a | b e | d .' },
    { states: { 'Thread-1 (work)': 'RRW', main: 'RW' } },
  );
  const outer =
    profile.contexts.push({ kind: 'route', values: { route: 'GET /item/<int:id>' }, outer: 0 }) - 1;
  profile.runs.context.set(0, outer);
  return profile;
}

const renamed: Readonly<Record<string, string>> = {
  thread: 'thread.name',
  http_method: 'http.request.method',
  http_route: 'http.route',
};
const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

test('it says the same as the pprof: stacks, values, labels, time and rate', () => {
  const bytes = pprofOf(shopProfile());
  const [pprof, otlp] = [readPprof(bytes), readOtlp(otlpOf(bytes))];
  assert.deepEqual(otlp.types, ['wall/nanoseconds', 'cpu/nanoseconds']);
  assert.deepEqual(otlp.types, pprof.types);
  const wanted = pprof.samples.map(({ stack, values, labels }) => ({
    ...{ stack, values },
    labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [renamed[key] ?? key, value])),
  }));
  assert.deepEqual(otlp.samples.toSorted(byText), wanted.toSorted(byText));
  assert.ok(otlp.samples.some(({ labels }) => labels['http.route'] === '/item/<int:id>'));
  for (const key of ['timeNanos', 'durationNanos', 'period', 'comments'] as const)
    assert.deepEqual(otlp[key], pprof[key], key);
});

test('who made it and of what process', () => {
  const { resource, scope, profileIds, frameTypes } = readOtlp(otlpOf(pprofOf(shopProfile())));
  assert.deepEqual(resource, { 'service.name': 'shop', 'process.pid': 4_000_000 });
  assert.equal(scope, 'pyglass');
  // One for each type of value.
  assert.deepEqual(profileIds, ['04'.repeat(16), '03'.repeat(16)]);
  assert.deepEqual(new Set(Object.values(frameTypes)), new Set(['cpython']));
});

test('what took no CPU time has no sample in its profile', () => {
  const { samples } = otlpOfPprof(pprofOf(profileFromText({ main: 'f f' }, { states: { main: 'WW' } })), {
    ...{ resource: {}, profileId: () => new Uint8Array(16) },
  }).resourceProfiles![0]!.scopeProfiles![0]!.profiles![1]!;
  assert.deepEqual(samples, []);
});

test('a profile that is damaged is refused', () => {
  const bytes = pprofOf(shopProfile());
  const context = { resource: {}, profileId: () => new Uint8Array(16) };
  let refused = 0;
  for (let length = 0; length < bytes.length; length += 7)
    try {
      writeMessage('ExportProfilesServiceRequest', otlpOfPprof(bytes.subarray(0, length), context));
    } catch (error) {
      assert.ok(error instanceof Error);
      refused++;
    }
  assert.ok(refused > 10, `${refused}`);
});

test('numbers, texts and lists of each kind are written as protobuf has them', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  assert.equal(
    hex(writeMessage('Sample', { values: [1, 300], timestampsUnixNano: [1n] })),
    '22 03 01ac02 2a 08 0100000000000000'.replaceAll(' ', ''),
  );
  assert.equal(hex(writeMessage('AnyValue', { doubleValue: 1 })), '21000000000000f03f');
  assert.equal(hex(writeMessage('AnyValue', { boolValue: true })), '1001');
  assert.equal(hex(writeMessage('AnyValue', { stringValue: '' })), '0a00');
  assert.equal(hex(writeMessage('Link', { spanId: new Uint8Array([7]) })), '120107');
  assert.equal(hex(writeMessage('Stack', { locationIndices: [] })), '');
});

test('what is read is what was written, and nothing of what is damaged', () => {
  const bytes = writeMessage('Function', { nameStrindex: 2 ** 31, startLine: 5 });
  assert.deepEqual(
    [...readFields(bytes)!],
    [
      [1, 2 ** 31],
      [4, 5],
    ],
  );
  const texts = writeMessage('ExportProfilesPartialSuccess', { rejectedProfiles: 1, errorMessage: 'no' });
  assert.equal(Buffer.from(readFields(texts)!.get(2) as Uint8Array).toString(), 'no');
  for (const damaged of [[0x0a, 5, 1], [0x0b], [0x08], [0x0a, 0xff], new Array(20).fill(0xff)])
    assert.equal(readFields(new Uint8Array(damaged)), undefined, damaged.join());
});
