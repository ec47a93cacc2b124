import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countPythons } from './count-pythons.js';

test('those that can be read and those that cannot are all that are found', () => {
  const { found, readable, example, errors } = countPythons();
  assert.equal(
    found,
    errors.reduce((sum, { count }) => sum + count, readable),
  );
  assert.equal(example === null, readable === 0);
});
