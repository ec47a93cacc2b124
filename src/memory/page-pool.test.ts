import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from './fake-memory.js';
import { MomentMemory } from './moment-memory.js';
import { givePage, takePage } from './page-pool.js';
import { pageSize } from './paged-memory.js';

const base = 0x1000_0000;

/** Pages of which each is full of its number, read into bytes that are there. */
function numbered(count: number): FakeMemory & { readInto(address: number, into: Uint8Array): boolean } {
  const memory = new FakeMemory();
  for (let page = 0; page < count; page++)
    memory.put(base + page * pageSize, new Uint8Array(pageSize).fill(page + 1));
  return Object.assign(memory, {
    readInto: (address: number, into: Uint8Array) => {
      const bytes = memory.read(address, into.length);
      if (bytes) into.set(bytes);
      return bytes !== undefined;
    },
  });
}

test('a page that is given back is the next one that is taken, also when that cannot be read', () => {
  const memory = numbered(2);
  const first = takePage(memory, base / pageSize)!;
  givePage(first);
  assert.equal(takePage(memory, base / pageSize + 2), undefined);
  const second = takePage(memory, base / pageSize + 1);
  assert.equal(second, first);
  assert.equal(second![0], 2);
});

test('what was read for a moment stays as it was when its pages are used for the next one', () => {
  const memory = numbered(8);
  const moment = { now: 1 };
  const moments = new MomentMemory(memory, moment);
  const read = () => [0, 1].map((page) => moments.read(base + page * pageSize + 8, 8)!);
  const whole = moments.read(base + 2 * pageSize, pageSize)!;
  const kept = [...read(), moments.read(base + 2 * pageSize - 4, 8)!, whole];
  const before = kept.map((bytes) => [...bytes]);
  moment.now = 2;
  for (let page = 3; page < 8; page++) moments.read(base + page * pageSize, 8);
  assert.deepEqual(
    kept.map((bytes) => [...bytes]),
    before,
  );
});
