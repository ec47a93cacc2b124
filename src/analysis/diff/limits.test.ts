import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedLoad } from '../../../tests/support/simulated-load.js';
import { defaultView } from '../view-options.js';
import { diffOf } from './diff.js';
import { checkLimits, type GrowthLimit } from './limits.js';

const run = (seed: number, slower: number) => simulatedLoad({ seed, seconds: 10, slower, calls: 'loop' });
const diff = diffOf(run(1, 1), run(2, 1.5), { view: defaultView });
const check = (...limits: GrowthLimit[]) => checkLimits(diff, limits);
const names = (...limits: GrowthLimit[]) => check(...limits).exceeded.map(({ name }) => name);

test('what grew by more than it may is found, by route, function, or file and function', () => {
  assert.deepEqual(names({ growth: 0.2 }), ['f0 (app.py)']);
  assert.deepEqual(names({ growth: 0.2, pattern: 'f0' }), ['f0 (app.py)']);
  assert.deepEqual(names({ growth: 0.2, pattern: 'app.py:f0' }), ['f0 (app.py)']);
  assert.deepEqual(names({ growth: 0.2, pattern: 'f*' }, { growth: 0.1, pattern: 'f0' }), ['f0 (app.py)']);
});

test('what grew by less, or by chance, is not', () => {
  assert.deepEqual(names({ growth: 0.9 }), []);
  assert.deepEqual(names({ growth: 0, pattern: 'f1' }), []);
  assert.deepEqual(names(), []);
});

test('a name that is in neither recording could never fail', () => {
  assert.deepEqual(check({ growth: 0.1, pattern: 'f' }).unmatched, [{ growth: 0.1, pattern: 'f' }]);
  assert.deepEqual(check({ growth: 0.1, pattern: 'f0' }, { growth: 0.1 }).unmatched, []);
});

test('what is new has nothing to be compared with', () => {
  const before = run(1, 1);
  const fn = before.functions.findIndex(({ name }) => name === 'f0');
  before.functions[fn] = { ...before.functions[fn]!, name: 'old', qualifiedName: 'old' };
  const renamed = diffOf(before, run(2, 1), { view: defaultView });
  assert.deepEqual(checkLimits(renamed, [{ growth: 0 }, { growth: 0, pattern: 'f0' }]), {
    exceeded: [],
    unmatched: [],
  });
});
