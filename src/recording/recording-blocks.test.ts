import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockOf } from '../disk/recording-file.js';
import { zlibCompression } from '../disk/zlib-compression.js';
import { fileMagic, formatVersion } from './format.js';
import { RecordingBlocks } from './recording-blocks.js';

const header = Uint8Array.from([...fileMagic, formatVersion]);
const payloads = ['first', '', 'third '.repeat(1000)].map((text) => Buffer.from(text));
const blocks = payloads.map((payload) => blockOf(payload));
const file = Buffer.concat([header, ...blocks]);

for (const step of [1, 7, 20, file.length])
  test(`pieces of ${step} bytes make the same blocks`, () => {
    const reader = new RecordingBlocks();
    const found: string[] = [];
    for (let at = 0; at < file.length; at += step) {
      for (const packed of reader.add(file.subarray(at, at + step)))
        found.push(Buffer.from(zlibCompression.inflate(packed, 1e6)).toString());
      assert.equal(reader.received, Math.min(at + step, file.length));
    }
    assert.deepEqual(found, payloads.map(String));
    assert.equal(reader.end, file.length);
  });

test('its end is that of the last whole block', () => {
  const reader = new RecordingBlocks();
  reader.add(file.subarray(0, file.length - 1));
  assert.equal(reader.end, file.length - blocks.at(-1)!.length);
});

test('what is no recording is refused', () => {
  assert.throws(() => new RecordingBlocks().add(Buffer.from('PYGLASX12345')), /no recording/);
  assert.throws(() => new RecordingBlocks().add(Buffer.concat([header, Buffer.alloc(20)])), /does not begin/);
  const huge = Uint8Array.from([...header, 0xf5, 0x70, 0x67, 0x62, 255, 255, 255, 255, 0, 0, 0, 0]);
  assert.throws(() => new RecordingBlocks().add(huge), /too large/);
});
