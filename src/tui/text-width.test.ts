import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutToWidth, textWidth } from './text-width.js';

const words = ['plain', 'größe', '関数名', 'e\u0301tude', '한국어', '👩‍👩‍👧 family', 'ｆｕｌｌ', ''];

test('wide characters take two columns and combining marks none', () => {
  assert.deepEqual(words.map(textWidth), [5, 5, 6, 5, 6, 9, 8, 0]);
});

test('what is cut fits, ends in an ellipsis and is not cut within a character', () => {
  assert.equal(cutToWidth('関数名', 6), '関数名');
  assert.equal(cutToWidth('関数名', 5), '関数…');
  assert.equal(cutToWidth('関数名', 4), '関…');
  assert.equal(cutToWidth('👩‍👩‍👧 family', 3), '👩‍👩‍👧…');
  assert.equal(cutToWidth('e\u0301tude', 2), 'e\u0301…');
  assert.equal(cutToWidth('plain', 1), '…');
  assert.equal(cutToWidth('plain', 0), '');
  for (const word of words)
    for (let columns = 0; columns < 12; columns++) assert.ok(textWidth(cutToWidth(word, columns)) <= columns);
});
