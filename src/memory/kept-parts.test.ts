import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from './fake-memory.js';
import { KeptParts } from './kept-parts.js';
import { KeptWords } from './kept-words.js';
import { PageCopies } from './page-copies.js';
import { allOf } from './steps.js';

const page = 4096;
const [first, second, third] = [16 * page + 8, 16 * page + 256, 20 * page + 64] as const;

/** Pages whose words are their addresses, and copies of them with these parts. */
function start(...addresses: number[]) {
  const memory = new FakeMemory();
  const pages = [16, 20].map((number) => {
    const words = Uint32Array.from({ length: page / 4 }, (_, at) => number * page + at * 4);
    memory.put(number * page, new Uint8Array(words.buffer));
    return words;
  });
  const copies = new PageCopies();
  for (const number of [16, 20]) copies.want(number * page, page);
  copies.readAll(memory);
  const kept = new KeptWords();
  const keep = (parts: KeptParts, address: number) =>
    parts.keep(address, address + 16, copies.words, copies.at(address, 16));
  const parts = new KeptParts(kept);
  for (const address of addresses) keep(parts, address);
  const set = (address: number, value: number) => {
    pages[address < 20 * page ? 0 : 1]![(address % page) >> 2] = value;
  };
  return { memory, copies, kept, keep, parts, set };
}

test('what is kept is found by itself as well as with all else', () => {
  const { memory, copies, kept, parts, set } = start(first, third);
  const thing = parts.togetherIn(kept);
  const isThere = () => kept.hasAllOf(thing, copies.words, copies.arrangement);
  assert.equal(isThere(), undefined, 'where its parts are is not known yet');
  assert.equal(parts.isIn(copies), true);
  assert.equal(isThere(), true);
  for (const word of [first, first + 12, third, third + 12]) {
    set(word, 1);
    copies.readAll(memory);
    assert.deepEqual([isThere(), parts.isIn(copies)], [false, false], `${word}`);
    set(word, word);
  }
  set(first + 16, 1);
  copies.readAll(memory);
  assert.equal(isThere(), true, 'what comes after a part may be anything');
  assert.equal(kept.hasAllOf(thing, copies.words, copies.arrangement + 1), undefined);
});

test('parts that were kept in turn with those of others are put together', () => {
  const { copies, kept, keep, parts } = start(first);
  const other = new KeptParts(kept);
  keep(other, second);
  keep(parts, third);
  const thing = parts.togetherIn(kept);
  assert.equal(parts.isIn(copies), true);
  assert.equal(kept.hasAllOf(thing, copies.words, copies.arrangement), true);
  copies.words[copies.at(third, 8) >> 2] = 1;
  assert.equal(kept.hasAllOf(thing, copies.words, copies.arrangement), false);
  assert.equal(other.isIn(copies), true);
});

test('parts are in the words of which that was asked, and nothing else of them is', () => {
  const { copies, kept, parts } = start(first, third);
  const later = new KeptWords();
  const thing = parts.togetherIn(later);
  assert.equal(parts.isIn(copies), true);
  assert.equal(later.hasAllOf(thing, copies.words, copies.arrangement), true);
  kept.words.fill(0);
  assert.equal(parts.isIn(copies), true);
  assert.equal(parts.keptCount, later.used);
});

test('a part is in both copies with the words that it had, but for two that may be others', () => {
  const { memory, copies, parts, set } = start(first);
  assert.equal(parts.isIn(copies), true);
  assert.equal(parts.isInBoth(0, copies), false, 'there is no second copy');
  allOf(copies.readingAgain(memory));
  assert.equal(parts.isInBoth(0, copies), true);
  const readTwice = () => {
    copies.readAll(memory);
    allOf(copies.readingAgain(memory));
  };
  set(first + 4, 1);
  readTwice();
  assert.equal(parts.isInBoth(0, copies), false);
  assert.equal(parts.isInBoth(0, copies, 2), false);
  assert.equal(parts.isInBoth(0, copies, 1), true);
  assert.equal(parts.isInBoth(0, copies), true, 'it has that word now');
  copies.readAll(memory);
  set(first + 4, 2);
  allOf(copies.readingAgain(memory));
  assert.equal(parts.isInBoth(0, copies, 1), false, 'it changed in between');
});

test('a part that lies elsewhere now is kept as both copies have it', () => {
  const { memory, copies, parts, set } = start(first);
  assert.equal(parts.isIn(copies), true);
  const place = copies.at(third, 16) >> 2;
  assert.equal(parts.rekeepBoth(0, third, copies, place), false, 'there is no second copy');
  allOf(copies.readingAgain(memory));
  assert.equal(parts.rekeepBoth(0, third, copies, place), true);
  assert.deepEqual([parts.addressOf(0), parts.placeOf(0), parts.isIn(copies)], [third, place, true]);
  set(third + 12, 1);
  allOf(copies.readingAgain(memory));
  assert.equal(parts.rekeepBoth(0, third, copies, place), false, 'it changed in between');
  copies.readAll(memory);
  assert.equal(parts.isIn(copies), false);
});
