import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
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

test('pages of which little is used are given back as well', async () => {
  // One of 64 stays, so that each page of 256 kB has some of them.
  const made = Array.from({ length: 1 << 19 }, (_, at) => ({ at, values: [at, at + 1, at + 2] }));
  const kept = made.filter(({ at }) => at % 64 === 0);
  returnUnusedMemory();
  made.length = 0;
  await setImmediate();
  returnUnusedMemory();
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!;
  assert.ok(old.space_size < old.space_used_size * 2, `${old.space_size} bytes for ${old.space_used_size}`);
  assert.equal(kept.length, 1 << 13);
});
