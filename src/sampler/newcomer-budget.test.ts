import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NewcomerBudget } from './newcomer-budget.js';

/** In how many of `ticks`, a millisecond apart, something was done that takes `cost` milliseconds. */
function doneIn(budget: NewcomerBudget, ticks: number, cost: number): number {
  let done = 0;
  for (let tick = 0; tick < ticks; tick++) {
    budget.pass(1);
    if (!budget.isOpen) continue;
    done++;
    budget.spend(cost);
  }
  return done;
}

test('what takes less than the part of the time is done at every tick', () => {
  assert.equal(doneIn(new NewcomerBudget(), 1000, 0.39), 1000);
});

test('what takes more is done as often as its part of the time allows', () => {
  for (const cost of [0.8, 4, 15]) {
    const used = doneIn(new NewcomerBudget(), 3000, cost) * cost;
    assert.ok(Math.abs(used - 1200) <= 20, `${used} ms of 3,000 for ${cost} ms each`);
  }
});

test('after a long pause there is as much as came in during it', () => {
  const budget = new NewcomerBudget();
  budget.pass(100);
  budget.spend(39);
  assert.equal(budget.isOpen, true);
  budget.pass(1);
  budget.spend(0.6);
  assert.equal(budget.isOpen, false);
});

test('little is saved up, and little stays owed', () => {
  const budget = new NewcomerBudget();
  for (let tick = 0; tick < 1000; tick++) budget.pass(1);
  budget.spend(0.6);
  assert.equal(budget.isOpen, false);
  budget.spend(1e6);
  budget.pass(51);
  assert.equal(budget.isOpen, true);
});
