import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8 } from '../bytes/text.js';
import { childrenBody, readChildren } from './children-entry.js';
import { RecordingDecoder } from './recording-decoder.js';
import { RecordingEncoder } from './recording-encoder.js';

const children = {
  cpuSeconds: 1.25,
  processes: [{ pid: 7, commandLine: ['python2', 'app.py'], reason: 'this is Python 2.7.18' }],
};

test('what is known of children comes back, the last of it', () => {
  const encoder = new RecordingEncoder({ writer: '', startedAt: 0, rate: 1000, title: '' });
  encoder.children({ cpuSeconds: 0, processes: [] });
  encoder.children(children);
  const decoder = new RecordingDecoder();
  decoder.feed(encoder.takeBlock()!);
  assert.deepEqual(decoder.snapshot().children, children);
  assert.equal(encoder.takeBlock(), undefined);
});

test('a body that is not as it should be is kept as far as it makes sense', () => {
  assert.deepEqual(readChildren(childrenBody(children)), children);
  assert.equal(readChildren(Uint8Array.of(0xff, 0x7b)), undefined);
  const odd = '{"cpuSeconds": "1", "processes": [null, {"pid": 3, "commandLine": [1]}]}';
  assert.deepEqual(readChildren(encodeUtf8(odd)), {
    cpuSeconds: 0,
    processes: [
      { pid: 0, commandLine: [], reason: '' },
      { pid: 3, commandLine: ['1'], reason: '' },
    ],
  });
  for (const body of ['null', '3', '[]'])
    assert.deepEqual(readChildren(encodeUtf8(body)), { cpuSeconds: 0, processes: [] });
});
