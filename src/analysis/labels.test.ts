import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionInfo } from '../model/profile.js';
import { frameLabel, processLabel, threadLabel } from './labels.js';
import { defaultView } from './view-options.js';

const route: FunctionInfo = {
  kind: 'python',
  name: 'get',
  qualifiedName: 'View.get',
  file: '/srv/shop/views.py',
  shortFile: 'shop/views.py',
  firstLine: 10,
};

test('a Python frame is its qualified name, short file and current line', () => {
  assert.equal(frameLabel(route, 12, defaultView), 'View.get (shop/views.py:12)');
  assert.equal(frameLabel(route, 0, defaultView), 'View.get (shop/views.py)');
});

test('lines and file names as asked for', () => {
  assert.equal(frameLabel(route, 12, { ...defaultView, lines: 'function' }), 'View.get (shop/views.py:10)');
  assert.equal(frameLabel(route, 12, { ...defaultView, lines: 'none' }), 'View.get (shop/views.py)');
  assert.equal(
    frameLabel(route, 12, { ...defaultView, fullFileNames: true }),
    'View.get (/srv/shop/views.py:12)',
  );
});

test('C functions and synthetic frames have no location', () => {
  const none = { file: '', shortFile: '', firstLine: 0 };
  assert.equal(
    frameLabel({ kind: 'c', name: 'sleep', qualifiedName: 'time.sleep', ...none }, 0, defaultView),
    'time.sleep',
  );
  assert.equal(
    frameLabel({ kind: 'synthetic', name: '<gc>', qualifiedName: '<gc>', ...none }, 3, defaultView),
    '<gc>',
  );
});

test('threads and processes', () => {
  assert.equal(
    threadLabel({ process: 0, threadId: 7, name: 'MainThread', interpreter: 0 }),
    'thread (7): MainThread',
  );
  assert.equal(threadLabel({ process: 0, threadId: 7, name: '', interpreter: 0 }), 'thread (7)');
  const process = { pid: 12, parentPid: 1, commandLine: ['python', 'app.py'], pythonVersion: '3.12.1' };
  assert.equal(processLabel(process), 'process 12: python app.py');
  assert.equal(processLabel({ ...process, commandLine: [] }), 'process 12');
});
