import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLabel } from './fit-label.js';

const fit = (name: string, width: number) => {
  const length = (text: string) => text.length;
  return fitLabel(name, 'app.py:1', { width, nameWidth: length, locationWidth: length });
};

test('as much of a label as there is room for', () => {
  assert.deepEqual(fit('View.get', 30), { name: 'View.get', location: 'app.py:1' });
  assert.deepEqual(fit('View.get', 10), { name: 'View.get', location: '' });
  assert.deepEqual(fit('View.get', 5), { name: 'get', location: '' });
  assert.deepEqual(fit('View.dispatch', 5), { name: 'disp…', location: '' });
  assert.deepEqual(fit('View.dispatch', 1), { name: '', location: '' });
});
