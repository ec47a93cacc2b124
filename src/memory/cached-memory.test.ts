import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachedMemory } from './cached-memory.js';
import { FakeMemory } from './fake-memory.js';
import { ReadPlan } from './read-plan.js';

function threePages() {
  const bytes = Uint8Array.from({ length: 3 * 4096 }, (_, at) => (at * 7) % 251);
  const behind = new FakeMemory();
  behind.put(0x10000, bytes);
  let reads = 0;
  const memory = cachedMemory({
    read: (address, length) => {
      reads++;
      return behind.read(address, length);
    },
    readMany: () => 0,
  });
  return { bytes, memory, reads: () => reads };
}

test('bytes are those of the memory behind, within a page and across pages', () => {
  const { bytes, memory } = threePages();
  for (const [offset, length] of [
    [0, 8],
    [4090, 12],
    [100, 9000],
    [3 * 4096 - 1, 1],
  ] as const)
    assert.deepEqual(memory.read(0x10000 + offset, length), bytes.slice(offset, offset + length));
});

test('a page is read once', () => {
  const { memory, reads } = threePages();
  for (let at = 0; at < 4096; at += 8) memory.read(0x10000 + at, 8);
  assert.equal(reads(), 1);
});

test('what reaches into memory that is not there is not read', () => {
  const { memory } = threePages();
  assert.equal(memory.read(0x10000 + 3 * 4096 - 4, 8), undefined);
  assert.equal(memory.read(0x10000 - 4, 8), undefined);
});

test('of a plan all regions arrive up to the first that cannot be read', () => {
  const { bytes, memory } = threePages();
  const plan = new ReadPlan();
  plan.add(0x10000 + 4092, 8);
  plan.add(0x10000, 16);
  plan.add(0x90000, 8);
  const into = new Uint8Array(plan.bytes);
  assert.equal(memory.readMany(plan, into), 24);
  assert.deepEqual(into.slice(0, 8), bytes.slice(4092, 4100));
  assert.deepEqual(into.slice(8, 24), bytes.slice(0, 16));
});
