import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PairTable } from './pair-table.js';

test('pairs are numbered in order of first sight, and found by their numbers', () => {
  const table = new PairTable(5);
  assert.deepEqual([table.intern(1, 2), table.intern(2, 1), table.intern(1, 2)], [5, 6, 5]);
  assert.deepEqual([table.firstOf(6), table.secondOf(6)], [2, 1]);
  assert.deepEqual([table.find(1, 2), table.find(2, 2)], [5, -1]);
  assert.deepEqual([table.size, table.next], [2, 7]);
});

test('many pairs, also of negative numbers, keep theirs', () => {
  const table = new PairTable();
  for (let at = 0; at < 10_000; at++) assert.equal(table.intern(at % 100, -at), at);
  for (let at = 0; at < 10_000; at++) assert.equal(table.find(at % 100, -at), at);
});

test('a table that is cleared knows no pair, and goes on with the number that it is given', () => {
  const table = new PairTable(1);
  for (let at = 0; at < 5000; at++) table.intern(at, at);
  table.clear(table.next);
  assert.equal(table.find(7, 7), -1);
  assert.equal(table.intern(7, 7), 5001);
  assert.deepEqual([table.firstOf(5001), table.size], [7, 1]);
  table.clear();
  assert.equal(table.intern(8, 8), 5001);
});
