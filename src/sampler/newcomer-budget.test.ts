import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NewcomerBudget } from './newcomer-budget.js';

/**
 * In how many of `ticks`, a millisecond apart or as soon as the one before is over, something was done that takes
 * `cost` milliseconds of CPU; and how long the longest tick took. `stretch`: milliseconds that pass for each of CPU.
 */
function ticksOf(budget: NewcomerBudget, ticks: number, cost: number, stretch = 1) {
  let [now, done, longest] = [0, 0, 0];
  for (let tick = 0; tick < ticks; tick++) {
    const began = now;
    budget.beginTick(now);
    while (budget.isOpen && now < began + 1000) {
      budget.spend(cost);
      done++;
      now += cost * stretch;
    }
    budget.endTick(now);
    longest = Math.max(longest, now - began);
    now = Math.max(now, began + 1);
  }
  return { done, longest, all: now };
}

test('what takes less than the part of the time is done at every tick', () => {
  assert.ok(ticksOf(new NewcomerBudget(), 1000, 0.29).done >= 1000);
});

test('what takes more is done as often as its part of the time allows', () => {
  for (const cost of [0.8, 4, 15]) {
    const { done, all } = ticksOf(new NewcomerBudget(), 3000, cost);
    assert.ok(Math.abs((done * cost) / all - 0.3) <= 0.01, `${done} of ${cost} ms each in ${all} ms`);
  }
});

test('after a long pause there is as much as came in during it', () => {
  const budget = new NewcomerBudget();
  budget.beginTick(100);
  budget.spend(29);
  assert.equal(budget.isOpen, true);
  budget.spend(2);
  assert.equal(budget.isOpen, false);
});

test('a tick does not get more since the one before took long', () => {
  for (const stretch of [2, 4, 10]) {
    const { longest } = ticksOf(new NewcomerBudget(), 1000, 0.2, stretch);
    assert.ok(longest < 0.8 * stretch, `${longest} ms with ${stretch} ms for each of CPU`);
  }
});

test('little is saved up, and little stays owed', () => {
  const budget = new NewcomerBudget();
  for (let tick = 0; tick < 1000; tick++) {
    budget.beginTick(tick);
    budget.endTick(tick);
  }
  budget.spend(0.6);
  assert.equal(budget.isOpen, false);
  budget.spend(1e6);
  budget.beginTick(1067);
  assert.equal(budget.isOpen, true);
});
