import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { complexText, floatText } from './numbers.js';

test('floats are written as Python writes them', () => {
  const written: readonly [number, string][] = [
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [-2.5, '-2.5'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e16, '1.5e+16'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e-7, '1e-07'],
    [1e100, '1e+100'],
    [1e-100, '1e-100'],
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ];
  for (const [value, text] of written) assert.equal(floatText(value), text);
});

test('the text of a float gives the float back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const text = floatText(value);
      const back = text.includes('inf') ? Number(text.replace('inf', 'Infinity')) : Number(text);
      return Object.is(back, value);
    }),
  );
});

test('complex numbers are written as Python writes them', () => {
  assert.equal(complexText(1, 2), '(1+2j)');
  assert.equal(complexText(0, -3), '-3j');
  assert.equal(complexText(-0, 1.5), '(-0+1.5j)');
  assert.equal(complexText(1, -0), '(1-0j)');
  assert.equal(complexText(1, Number.NaN), '(1+nanj)');
});
