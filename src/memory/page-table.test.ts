import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageTable } from './page-table.js';

/** Pages near each other, and far away: those that share their low bits are different nevertheless. */
const pages = Array.from({ length: 5000 }, (_, at) => (at % 2 ? 0x7_f123_0000 + at : at * 0x1000 + 5));

test('a table of pages has for each what was set last', () => {
  const table = new PageTable();
  for (const [at, page] of pages.entries()) table.set(page, at);
  table.set(pages[17]!, -1);
  assert.equal(table.size, pages.length);
  for (const [at, page] of pages.entries()) assert.equal(table.get(page, -2), at === 17 ? -1 : at);
  assert.deepEqual(
    table.pages.sort((a, b) => a - b),
    pages.toSorted((a, b) => a - b),
  );
});

test('a table of pages has nothing for others, nor once it is cleared', () => {
  const table = new PageTable();
  table.set(0x7_f123_0000, 1);
  assert.equal(table.has(0x7_f123_0000), true);
  assert.equal(table.has(0x3_f123_0000), false, 'the same low 32 bits');
  assert.equal(table.get(0x3_f123_0000, -2), -2);
  table.clear();
  assert.equal(table.size, 0);
  assert.equal(table.get(0x7_f123_0000, -2), -2);
});
