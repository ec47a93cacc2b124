import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPythonName, whyUnreadable } from './unreadable-python.js';

test('programs that are Python by their name', () => {
  for (const name of ['python', 'python3', 'python3.12', '-python3', 'pypy3', 'python3.8-dbg', 'python3.13t'])
    assert.ok(isPythonName(name), name);
  for (const name of ['ipython', 'python-config', 'pythonista', 'sh', 'python3.12-config', ''])
    assert.ok(!isPythonName(name), name);
});

test('what can be looked into, or is gone, is not unreadable', () => {
  assert.equal(whyUnreadable(process.pid), undefined);
  assert.equal(whyUnreadable((1 << 22) + 1), undefined);
});
