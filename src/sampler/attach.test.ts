import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFilesBelow } from '../../tests/support/open-files.js';
import { tryAttach } from './attach.js';

test('a process that is no Python is looked at without a file left open', () => {
  tryAttach(process.pid);
  // The program and its libraries, and what the kernel tells of the process.
  const before = openFilesBelow('/');
  for (let look = 0; look < 5; look++) assert.equal(tryAttach(process.pid), undefined);
  assert.deepEqual(openFilesBelow('/'), before);
});

test('where pyglass itself cannot work no process is opened', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
  Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' });
  try {
    assert.throws(() => tryAttach(process.pid), { code: 'platform-unsupported' });
  } finally {
    Object.defineProperty(process, 'platform', platform);
  }
});
