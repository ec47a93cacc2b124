import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from './fake-memory.js';
import { PageCopies } from './page-copies.js';

const page = 4096;

/** Each word of it is its own address. */
function memoryOf(...pages: number[]): FakeMemory {
  const memory = new FakeMemory();
  for (const number of pages) {
    const words = Uint32Array.from({ length: page / 4 }, (_, at) => number * page + at * 4);
    memory.put(number * page, new Uint8Array(words.buffer));
  }
  return memory;
}

function wordsAt(copies: PageCopies, address: number, length: number): number[] | undefined {
  const at = copies.at(address, length);
  return at < 0 ? undefined : [...copies.words.subarray(at >> 2, (at + length) >> 2)];
}

// The first one, so that nothing is collected meanwhile.
test('copies take no room before something is wanted', () => {
  const { arrayBuffers } = process.memoryUsage();
  const copies = Array.from({ length: 1000 }, () => new PageCopies());
  const taken = process.memoryUsage().arrayBuffers - arrayBuffers;
  assert.ok(taken < copies.length * 1024, `${taken / copies.length} bytes each`);
});

test('objects on pages that are read together, and later, are found', () => {
  const memory = memoryOf(16, 17, 20, 21);
  const copies = new PageCopies();
  for (const address of [16 * page + 8, 20 * page]) copies.want(address, 8);
  copies.read(memory);
  assert.deepEqual(wordsAt(copies, 16 * page + 8, 8), [16 * page + 8, 16 * page + 12]);
  assert.deepEqual(wordsAt(copies, 20 * page, 4), [20 * page]);
  assert.equal(wordsAt(copies, 17 * page, 8), undefined, 'nobody asked for it');
  copies.want(17 * page, 8);
  copies.read(memory);
  // The halves lie apart in the copy.
  assert.deepEqual(
    wordsAt(copies, 17 * page - 8, 16),
    [-8, -4, 0, 4].map((at) => 17 * page + at),
  );
});

test('what cannot be read spoils nothing else, and is tried again', () => {
  const copies = new PageCopies();
  for (const number of [15, 16, 17, 30]) copies.want(number * page, 8);
  copies.want(7, 8);
  copies.want(Number.NaN, 8);
  copies.read(memoryOf(15, 17));
  assert.deepEqual(wordsAt(copies, 15 * page, 4), [15 * page]);
  assert.equal(wordsAt(copies, 16 * page, 4), undefined);
  assert.deepEqual(wordsAt(copies, 17 * page, 4), [17 * page]);
  assert.equal(wordsAt(copies, 15 * page + 4092, 8), undefined, 'no address of an object');
  assert.equal(
    wordsAt(copies, 15 * page + 4088, 16),
    undefined,
    'the half of it that is there is not enough',
  );
  assert.equal(copies.at(Number.NaN, 8), -1);
  copies.readAll(memoryOf(16, 30));
  assert.equal(wordsAt(copies, 15 * page, 4), undefined);
  assert.deepEqual(wordsAt(copies, 30 * page, 4), [30 * page]);
});

test('what was cleared is not there any more, and nor are its places', () => {
  const memory = memoryOf(16, 17);
  const copies = new PageCopies();
  copies.want(16 * page, 8);
  copies.readAll(memory);
  const { arrangement, words } = copies;
  copies.clear();
  assert.equal(wordsAt(copies, 16 * page, 8), undefined);
  assert.notEqual(copies.arrangement, arrangement);
  copies.want(17 * page, 8);
  copies.readAll(memory);
  assert.deepEqual(wordsAt(copies, 17 * page, 4), [17 * page]);
  assert.equal(wordsAt(copies, 16 * page, 8), undefined);
  assert.equal(copies.words, words, 'its room is used again');
});

test('room that is not needed any more is let go', () => {
  const pages = Array.from({ length: 400 }, (_, at) => 16 + at);
  const memory = memoryOf(...pages);
  const copies = new PageCopies();
  for (const number of pages) copies.want(number * page, 8);
  copies.readAll(memory);
  for (let look = 0; look < 2; look++) {
    assert.ok(
      copies.words.byteLength >= pages.length * page,
      'of a look as large as the one before it stays',
    );
    copies.clear();
    if (look === 0) copies.want(16 * page, 8);
    copies.readAll(memory);
  }
  assert.equal(copies.words.byteLength, 0);
});

test('pages that are new come after the others, and what goes on in them must be read by itself', () => {
  const memory = memoryOf(16, 17, 20);
  const copies = new PageCopies();
  copies.want(17 * page, 8);
  copies.readAll(memory);
  const { arrangement } = copies;
  const place = copies.at(17 * page, 8);
  copies.want(16 * page, 8);
  copies.want(20 * page, 8);
  assert.equal(copies.isSettled, false);
  copies.readAll(memory);
  assert.deepEqual([copies.arrangement, copies.at(17 * page, 8)], [arrangement, place]);
  assert.deepEqual(wordsAt(copies, 16 * page, 4), [16 * page]);
  assert.deepEqual(wordsAt(copies, 20 * page + 8, 4), [20 * page + 8]);
  assert.equal(copies.at(17 * page - 8, 16), -1);
});

test('pages are copied a second time beside the first, in steps', () => {
  const memory = new FakeMemory();
  memory.put(16 * page, new Uint8Array(300 * page).fill(1));
  const copies = new PageCopies();
  for (let number = 16; number < 316; number++) copies.want(number * page, 8);
  assert.equal([...copies.readingAll(memory)].length, 3);
  const at = copies.at(17 * page, 8) >> 2;
  assert.equal(copies.isReadAgain(at, 1), false);
  memory.put(16 * page, new Uint8Array(300 * page).fill(2));
  assert.equal([...copies.readingAgain(memory)].length, 3);
  assert.equal(copies.isReadAgain(at, 1), true);
  assert.deepEqual([copies.words[at], copies.second[at]], [0x01010101, 0x02020202]);
  assert.equal(copies.isReadAgain(copies.words.length, 1), false);
  copies.readAll(memory);
  assert.equal(copies.isReadAgain(at, 1), false, 'it is of a moment before');
});

test('pages that are new are copied together with the others, in as few reads', () => {
  const numbers = Array.from({ length: 300 }, (_, at) => 16 + 2 * at);
  const memory = memoryOf(...numbers);
  const copies = new PageCopies();
  const reads: number[] = [];
  const readMany = memory.readMany.bind(memory);
  memory.readMany = (plan, into) => {
    reads.push(plan.bytes / page);
    return readMany(plan, into);
  };
  copies.want(16 * page, 8);
  copies.readAll(memory);
  for (const number of numbers.slice(1, 10)) {
    copies.want(number * page, 8);
    copies.readAll(memory);
  }
  assert.deepEqual(reads, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const number of numbers) copies.want(number * page, 8);
  reads.length = 0;
  copies.readAll(memory);
  assert.deepEqual(reads, [128, 128, 44]);
  for (const number of numbers) assert.deepEqual(wordsAt(copies, number * page, 4), [number * page]);
});
