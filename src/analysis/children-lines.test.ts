import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenLines } from './children-lines.js';

const old = { pid: 7, commandLine: ['python2'], reason: 'this is Python 2.7.18' };

test('nothing is said where nothing is missing', () => {
  assert.deepEqual(childrenLines({ cpuSeconds: 0, processes: [] }), []);
});

test('children that were not recorded, and their time', () => {
  assert.deepEqual(childrenLines({ cpuSeconds: 2.1, processes: [old] }), [
    'One Python child was not recorded (process 7: this is Python 2.7.18).',
    'Ended children used 2.10 s of CPU time outside the recording: not Python, or too short-lived.',
  ]);
  assert.match(
    childrenLines({ cpuSeconds: 0, processes: [old, old] })[0]!,
    /^2 Python children were not recorded, such as process 7: this is/,
  );
});
