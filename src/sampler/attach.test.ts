import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { tryAttach } from './attach.js';

test('a process that is no Python is looked at without a file left open', () => {
  const open = () => readdirSync('/proc/self/fd').length;
  tryAttach(process.pid);
  const before = open();
  for (let look = 0; look < 5; look++) assert.equal(tryAttach(process.pid), undefined);
  assert.equal(open(), before);
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
