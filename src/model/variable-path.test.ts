import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVariablePath } from './variable-path.js';

test('attributes, keys and indices, from a variable on', () => {
  assert.deepEqual(parseVariablePath("ctx.request.environ['A-B'][12].x_1"), {
    variable: 'ctx',
    steps: [
      { attribute: 'request' },
      { attribute: 'environ' },
      { key: 'A-B' },
      { index: 12 },
      { attribute: 'x_1' },
    ],
  });
  assert.deepEqual(parseVariablePath('environ'), { variable: 'environ', steps: [] });
});

test('anything else is no path', () => {
  for (const text of [
    '',
    '.a',
    'a.',
    'a..b',
    "a['",
    "a['']",
    'a[b]',
    'a[1234]',
    'a()',
    'a b',
    `a${'.b'.repeat(17)}`,
  ])
    assert.equal(parseVariablePath(text), undefined, text);
});
