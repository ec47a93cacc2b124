import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KernelFile } from './kernel-file.js';

test('a file is as it was noted while it has the same text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pyglass-kernel-file-'));
  const path = join(folder, 'schedstat');
  const file = new KernelFile(path);
  try {
    const write = (text: string) => writeFileSync(path, text);
    write('1000 20 3\n');
    assert.ok(!file.isAsNoted(), 'nothing was noted');
    file.note(file.read());
    assert.ok(file.isAsNoted());
    for (const other of ['1000 20 4\n', '2000 20 3\n', '1000 20 30\n', '1000 20 ', '']) {
      write(other);
      assert.ok(!file.isAsNoted(), other);
    }
    write('1000 20 3\n');
    assert.ok(file.isAsNoted());
    file.close();
    assert.ok(file.isAsNoted(), 'it is opened again');
    rmSync(path);
    file.close();
    assert.ok(!file.isAsNoted());
  } finally {
    file.close();
    rmSync(folder, { recursive: true });
  }
});

test('what cannot be read, or is longer than can be noted, is never as it was', () => {
  const gone = new KernelFile('/proc/self/no-such-file');
  gone.note(gone.read());
  assert.ok(!gone.isAsNoted());
  const long = new KernelFile('/proc/self/stat');
  try {
    long.note(long.read());
    assert.ok(!long.isAsNoted());
  } finally {
    long.close();
  }
});
