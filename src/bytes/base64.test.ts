import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64 } from './base64.js';

test('bytes of every length as base64, in pieces', () => {
  for (const length of [0, 1, 2, 3, 4, 5, 257, 49_151, 49_152, 49_153, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7) & 255);
    assert.equal([...base64(bytes)].join(''), Buffer.from(bytes).toString('base64'));
  }
});
