import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { returnUnusedMemory } from './unused-memory.js';

test('what is not used any more is collected', async () => {
  const unused = new WeakRef(new Uint8Array(1 << 20));
  // What was just made is kept until the turn is over.
  await setImmediate();
  assert.ok(unused.deref());
  await setImmediate();
  returnUnusedMemory();
  assert.equal(unused.deref(), undefined);
});

test('nobody else can ask for that', () => {
  returnUnusedMemory();
  assert.equal(runInNewContext('typeof gc'), 'undefined');
});
