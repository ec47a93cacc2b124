import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criticalT, twoSidedP } from './student-t.js';

/** Of printed tables: degrees of freedom, the chance to either side, t. */
const table: readonly (readonly [number, number, number])[] = [
  [1, 0.05, 12.7062],
  [4, 0.01, 4.6041],
  [7, 0.05, 2.3646],
  [15, 0.001, 4.0728],
  [30, 0.05, 2.0423],
  [120, 0.01, 2.6174],
  [Number.POSITIVE_INFINITY, 0.05, 1.96],
];

test('critical values are those of the tables, and back', () => {
  for (const [freedom, p, t] of table) {
    assert.ok(Math.abs(criticalT(p, freedom) - t) < 1e-3, `${freedom} ${p}: ${criticalT(p, freedom)}`);
    assert.ok(Math.abs(twoSidedP(t, freedom) - p) < 1e-4, `${freedom} ${t}: ${twoSidedP(t, freedom)}`);
    assert.equal(twoSidedP(-t, freedom), twoSidedP(t, freedom));
  }
});

test('the critical value of a chance has that chance, however small, and few degrees or many', () => {
  for (const freedom of [0.5, 1, 2.7, 16, 400, 1e5, Number.POSITIVE_INFINITY])
    for (const p of [0.999, 0.5, 0.05, 1e-3, 1e-6, 1e-12, 1e-200]) {
      const t = criticalT(p, freedom);
      if (t < 1e12) assert.ok(Math.abs(twoSidedP(t, freedom) / p - 1) < 1e-6, `${freedom} ${p}: ${t}`);
      else assert.ok(twoSidedP(1e12, freedom) > p * 0.999, `${freedom} ${p}: ${t}`);
    }
  assert.equal(criticalT(0.05, 0), 1e12);
  assert.equal(criticalT(0.05, Number.NaN), 1e12);
});

test('the ends of the scale are numbers too', () => {
  assert.equal(twoSidedP(0, 15), 1);
  assert.equal(twoSidedP(Number.POSITIVE_INFINITY, 15), 0);
  assert.equal(twoSidedP(Number.NaN, 15), 1);
  assert.equal(twoSidedP(5, 0), 1);
  assert.ok(twoSidedP(40, 30) < 1e-25);
});
