import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLogged } from './is-logged.js';

test('the first of a kind is in the log, and then each thousandth', () => {
  const logged = Array.from({ length: 3000 }, (_, before) => before).filter((before) => isLogged(before));
  assert.deepEqual(logged, [0, 1000, 2000]);
});

test('of several at once the log has them where one of them is due', () => {
  for (const [before, count, is] of [
    [0, 0, false],
    [0, 5000, true],
    [5, 990, false],
    [5, 996, true],
    [1000, 1, true],
    [1001, 999, false],
  ] as const)
    assert.equal(isLogged(before, count), is, `${before} ${count}`);
});
