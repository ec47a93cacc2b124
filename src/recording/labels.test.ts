import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteSink } from '../bytes/byte-sink.js';
import type { Profile } from '../model/profile.js';
import { EntryKind } from './format.js';
import { RecordingDecoder } from './recording-decoder.js';
import { RecordingEncoder } from './recording-encoder.js';

const info = { writer: 't', startedAt: 0, rate: 1000, title: 'x' };

function decoded(payload: Uint8Array): Profile {
  const decoder = new RecordingDecoder();
  decoder.feed(payload);
  return decoder.snapshot();
}

/** A recording whose description is this JSON. */
function described(json: string): Profile {
  const body = Buffer.from(json);
  const out = new ByteSink(64);
  out.varint(EntryKind.info);
  out.varint(body.length);
  out.append(body);
  return decoded(out.written.slice());
}

test('labels are read back, and a recording without has none', () => {
  const labels = { service: 'shop', 'é;\n': '' };
  assert.deepEqual(decoded(new RecordingEncoder({ ...info, labels }).takeBlock()!).info, { ...info, labels });
  assert.deepEqual(decoded(new RecordingEncoder(info).takeBlock()!).info, info);
});

test('what is no text by a name is no label', () => {
  for (const labels of ['7', '"shop"', 'null', '[]', '["a"]', '{}', '{"a":1,"b":null,"c":["x"]}'])
    assert.equal(described(`{"title":"x","labels":${labels}}`).info.labels, undefined, labels);
  assert.deepEqual(described('{"labels":{"a":1,"b":"kept"}}').info.labels, { b: 'kept' });
});

test('a label of any name is one', () => {
  const { labels } = described('{"labels":{"__proto__":"p","constructor":"c"}}').info;
  assert.deepEqual(Object.entries(labels!), [
    ['__proto__', 'p'],
    ['constructor', 'c'],
  ]);
  assert.equal(Object.getPrototypeOf(labels), Object.prototype);
});

test('long labels are cut', () => {
  const [[name, value]] = Object.entries(
    described(`{"labels":{"${'n'.repeat(70_000)}":"${'v'.repeat(70_000)}"}}`).info.labels!,
  ) as [[string, string]];
  assert.deepEqual([name.length, value.length], [65_536, 65_536]);
});
