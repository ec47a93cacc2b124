import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from '../../memory/fake-memory.js';
import { RecordedMemory } from '../../memory/recorded-memory.js';
import { CallableCache } from './callable-cache.js';

const [object, definition] = [0x1000, 0x2000];

/**
 * A cache that knows the function at `object` as number 7 since 0 µs: an object of 24 bytes that points to a
 * definition.
 */
function known() {
  const memory = new FakeMemory();
  const put = (address: number, ...words: number[]) =>
    memory.put(address, new Uint8Array(BigUint64Array.from(words.map(BigInt)).buffer));
  put(object, 1, 0x500, definition);
  put(definition, 0x600);
  const recorded = new RecordedMemory(memory);
  recorded.read(object, 24);
  recorded.read(definition, 8);
  const cache = new CallableCache(memory);
  cache.set({ first: object, second: 0, kind: 1 }, 0, 7, recorded.known());
  return { put, cache, recorded, look: (now: number) => cache.get(object, 0, 1, now) };
}

test('a function is known as long as what it was learnt from is the same', () => {
  const { put, look } = known();
  for (const now of [100, 200, 5000]) assert.equal(look(now), 7);
  put(definition, 0x601);
  assert.equal(look(10_000), 'changed');
  put(definition, 0x600);
  assert.equal(look(20_000), undefined);
});

test('references to it may come and go', () => {
  const { put, look } = known();
  put(object, 9, 0x500, definition);
  assert.equal(look(1000), 7);
});

test('an object of another type at its address is not taken for it', () => {
  const { put, look } = known();
  put(object, 1, 0x501, definition);
  assert.equal(look(1000), 'changed');
});

test('what is known for long is looked at more seldom, but still', () => {
  const { put, look } = known();
  const second = 1e6;
  assert.equal(look(second), 7);
  put(definition, 0x601);
  assert.equal(look(second + 400), 7);
  assert.equal(look(second + 500), 'changed');
});

test('what lies within the object itself is left out when others like it are meant', () => {
  const { put, cache, recorded } = known();
  cache.set({ first: 0x500, second: 3, kind: 1 }, 0, 8, recorded.known(object));
  put(object, 1, 0x501, definition);
  assert.equal(cache.get(0x500, 3, 1, 1000), 8);
  put(definition, 0x601);
  assert.equal(cache.get(0x500, 3, 1, 2000), 'changed');
});

test('a function of Python is compared again only when asked', () => {
  const { put, cache, recorded, look } = known();
  const other = (now: number) => cache.get(0x9000, 0, 1, now);
  cache.set({ first: 0x9000, second: 0, kind: 1 }, 0, -3, recorded.known(object));
  cache.doubtOthers(1000);
  assert.equal(other(1500), -3);
  put(definition, 0x601);
  assert.equal(other(2000), -3);
  cache.doubtOthers(3000);
  assert.equal(look(3001), 'changed');
  assert.equal(other(3001), undefined);
});

test('what was nothing of interest is learnt anew when asked, though it looks the same', () => {
  const { cache, recorded, look } = known();
  const other = (now: number) => cache.get(0x9000, 0, 1, now);
  cache.set({ first: 0x9000, second: 0, kind: 1 }, 0, 0, recorded.known());
  assert.equal(other(500), 0);
  cache.doubtOthers(1000);
  assert.equal(other(1500), undefined);
  assert.equal(look(1500), 7);
});
