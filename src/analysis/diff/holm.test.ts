import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holm } from './holm.js';

test('the smallest counts for all tests, the next for one less, none for less than a smaller one', () => {
  assert.deepEqual(holm([0.25, 0.0625, 0.125]), [0.25, 0.1875, 0.25]);
  assert.deepEqual(holm([0.5, 0.9]), [1, 1]);
  assert.deepEqual(holm([]), []);
});
