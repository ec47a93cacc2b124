import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PyglassError } from '../model/error.js';
import { examinePython } from './examine-python.js';

test('what is no Python is an error, not an exception', () => {
  const error = examinePython(process.pid);
  assert.ok(error instanceof PyglassError);
  assert.equal(error.code, 'not-python');
  const gone = examinePython((1 << 22) + 1);
  assert.ok(gone instanceof PyglassError);
  assert.equal(gone.code, 'no-such-process');
});
