import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemCallOf } from '../platform/system-calls.js';
import { fileText, unknownFile, waitingText } from './thread-activity.js';

test('a call of which the first argument is lost names no file', () => {
  const systemCall = systemCallOf('aarch64', 63, [Number.NaN, 1, 2]);
  const waiting = (file: (descriptor: number) => string) =>
    waitingText({ state: 'S', systemCall, waitChannel: '' }, file);
  assert.equal(waiting(unknownFile), 'reading from a file');
  assert.equal(
    waiting((descriptor) => fileText(process.pid, descriptor)),
    'reading from a file',
  );
  assert.equal(unknownFile(3), 'file 3');
});
