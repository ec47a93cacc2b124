import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { openFilesBelow } from '../../tests/support/open-files.js';
import { withFolder } from '../../tests/support/recordings.js';
import { type FileReader, fileInRoot, pathOnly } from './file-in-root.js';

/** A file as a process with this root finds it; its folder is `/app`. */
function textIn(folder: string, path: string, reader?: FileReader): string | undefined {
  const root = openSync(`${folder}/root`, pathOnly);
  const app = openSync(`${folder}/root/app`, pathOnly);
  try {
    const found = fileInRoot({ root, folder: app, reader }, path, 100);
    return found && new TextDecoder().decode(found.bytes);
  } finally {
    closeSync(root);
    closeSync(app);
  }
}

function withRoot(act: (folder: string) => void): Promise<void> {
  return withFolder((folder) => {
    // Others may read all of it, whatever the umask of who runs the tests.
    for (const name of ['root', 'root/app', 'root/etc', 'etc']) {
      mkdirSync(`${folder}/${name}`);
      chmodSync(`${folder}/${name}`, 0o755);
    }
    for (const [name, text] of [
      ['root/app/a.py', 'inside'],
      ['root/etc/b.py', 'of the root'],
      ['etc/b.py', 'outside'],
    ] as const) {
      writeFileSync(`${folder}/${name}`, text);
      chmodSync(`${folder}/${name}`, 0o644);
    }
    act(folder);
    assert.deepEqual(openFilesBelow(folder), [], 'files stay open');
  });
}

test('paths begin at the root of the process, or in its folder', () =>
  withRoot((folder) => {
    for (const path of ['/app/a.py', 'a.py', './a.py', '//app/../app/a.py', '/../../app/a.py'])
      assert.equal(textIn(folder, path), 'inside', path);
    for (const path of [
      '../etc/b.py',
      '/app',
      '/app/none.py',
      '/app/a.py/x',
      '/app/a.py/',
      '',
      '\0',
      '/',
      '.',
    ])
      assert.equal(textIn(folder, path), undefined, path);
  }));

test('links lead nowhere outside of the root', () =>
  withRoot((folder) => {
    const link = (to: string, at: string) => symlinkSync(to, `${folder}/root/app/${at}`);
    link(`${folder}/etc/b.py`, 'absolute-outside.py');
    link('../../etc/b.py', 'upwards.py');
    link('/etc/b.py', 'absolute.py');
    link('/etc', 'folder');
    link('loop.py', 'loop.py');
    assert.equal(textIn(folder, '/app/absolute-outside.py'), undefined);
    assert.equal(textIn(folder, '/app/upwards.py'), 'of the root');
    assert.equal(textIn(folder, '/app/absolute.py'), 'of the root');
    assert.equal(textIn(folder, '/app/folder/b.py'), 'of the root');
    assert.equal(textIn(folder, '/app/loop.py'), undefined);
  }));

test('only regular files of some size are read', { timeout: 20_000 }, () =>
  withRoot((folder) => {
    execFileSync('mkfifo', [`${folder}/root/app/fifo.py`]);
    writeFileSync(`${folder}/root/app/empty.py`, '');
    writeFileSync(`${folder}/root/app/large.py`, 'x'.repeat(101));
    symlinkSync('/dev/zero', `${folder}/root/app/zero.py`);
    for (const name of ['fifo.py', 'empty.py', 'large.py', 'zero.py'])
      assert.equal(textIn(folder, `/app/${name}`), undefined, name);
    const root = openSync('/', pathOnly);
    try {
      for (const path of ['/dev/zero', '/dev/null', '/proc/self/environ'])
        assert.equal(fileInRoot({ root }, path, 100), undefined, path);
      assert.equal(fileInRoot({ root }, 'proc/self/status', 100), undefined);
    } finally {
      closeSync(root);
    }
  }),
);

test('what the process itself may not read is not read for it', () =>
  withRoot((folder) => {
    const app = `${folder}/root/app`;
    execFileSync('chmod', ['600', `${app}/a.py`]);
    const other = { user: 54_321, groups: [54_322] };
    assert.equal(textIn(folder, '/etc/b.py', other), 'of the root');
    assert.equal(textIn(folder, '/app/a.py', other), undefined);
    assert.equal(textIn(folder, '/app/a.py', { user: process.getuid!(), groups: [] }), 'inside');
    execFileSync('chmod', ['640', `${app}/a.py`]);
    assert.equal(textIn(folder, '/app/a.py', { ...other, groups: [process.getgid!()] }), 'inside');
    execFileSync('chmod', ['644', `${app}/a.py`]);
    execFileSync('chmod', ['700', app]);
    assert.equal(textIn(folder, '/app/a.py', other), undefined);
  }));
