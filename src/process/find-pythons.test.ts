import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { PythonFinder } from './find-pythons.js';

test('what has ended since it was found is no Python that cannot be read', () => {
  const { pid } = spawnSync('true');
  for (const executable of ['/usr/bin/python3', undefined]) {
    const found = { pid, executable, isInterpreter: true };
    assert.equal(new PythonFinder(() => true).inspect(found), undefined);
  }
});
