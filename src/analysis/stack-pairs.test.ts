import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PairTable } from '../model/pair-table.js';
import { StackPairs } from './stack-pairs.js';

test('pairs have the numbers that a table of pairs gives them', () => {
  const [stacks, table] = [new StackPairs(300), new PairTable()];
  for (let step = 0; step < 5000; step++) {
    const [stack, other] = [(step * 7919) % 300, (step * step) % 11];
    assert.equal(stacks.intern(stack, other), table.intern(stack, other));
  }
  assert.equal(stacks.size, table.size);
  for (let number = 0; number < table.size; number++) {
    assert.equal(stacks.firstOf(number), table.firstOf(number));
    assert.equal(stacks.secondOf(number), table.secondOf(number));
  }
});
