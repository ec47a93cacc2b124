import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withFolder } from '../../tests/support/recordings.js';
import { fileStart } from './proc-text.js';

test('what was read of a file stays when another one is read, and as much comes as is asked for', () =>
  withFolder(async (folder) => {
    const write = (name: string, content: string) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const short = write('short', 'first');
    const long = 'x'.repeat(70_000) + 'y'.repeat(70_000);
    const read = fileStart(short);
    assert.equal(fileStart(write('long', long))?.toString(), long);
    assert.equal(fileStart(join(folder, 'long'), 70_001)?.toString(), long.slice(0, 70_001));
    assert.equal(read?.toString(), 'first');
    assert.equal(fileStart(write('empty', ''))?.length, 0);
    assert.equal(fileStart(join(folder, 'none')), undefined);
  }));
