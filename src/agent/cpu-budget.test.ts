import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextRate } from './cpu-budget.js';

const highest = 100;

/** The rate and the share of a processor after some windows, where each sample costs so much beside a fixed share. */
function settled(perSample: number, fixed: number, budget: number) {
  let rate = highest;
  const used = () => fixed + rate * perSample;
  for (let window = 0; window < 30; window++) rate = nextRate({ rate, highest, used: used(), budget });
  return { rate, used: used() };
}

test('without a limit, or below it, the rate is as it was asked for', () => {
  assert.equal(nextRate({ rate: 100, highest, used: 0.5, budget: Number.POSITIVE_INFINITY }), 100);
  assert.equal(nextRate({ rate: 100, highest, used: 0.01, budget: 0.02 }), 100);
});

test('above the limit the rate falls until the cost is below it, and stays there', () => {
  const { rate, used } = settled(0.001, 0.002, 0.02);
  assert.ok(used <= 0.02 && used >= 0.015, `${used}`);
  assert.equal(nextRate({ rate, highest, used, budget: 0.02 }), rate);
});

test('the rate rises again when there is less to do, and never by leaps', () => {
  assert.equal(nextRate({ rate: 10, highest, used: 0.002, budget: 0.02 }), 20);
  assert.equal(nextRate({ rate: 80, highest, used: 5, budget: 0.02 }), 20);
  assert.equal(nextRate({ rate: 90, highest, used: 0.002, budget: 0.02 }), 100);
});

test('there is a sample a second at least', () => {
  assert.equal(settled(0.1, 0.5, 0.02).rate, 1);
});
