import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { returnUnusedMemory } from './unused-memory.js';

test('what is not used any more is collected', async () => {
  let used: Uint8Array | undefined = new Uint8Array(1 << 20);
  const reference = new WeakRef(used);
  returnUnusedMemory();
  assert.equal(reference.deref(), used);
  used = undefined;
  // What was asked for is kept until the turn is over.
  await setImmediate();
  returnUnusedMemory();
  assert.equal(reference.deref(), undefined);
});

test('nobody else can ask for that', () => {
  returnUnusedMemory();
  assert.equal(runInNewContext('typeof gc'), 'undefined');
});
