import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { test } from 'node:test';
import { PyglassError } from '../model/error.js';
import { areSame, checkOutput, destinationOf, isPlainFile } from './destination.js';
import { createPart, discardPart } from './part-file.js';
import { writeFileNow, writeOutput } from './write-output.js';

const isRoot = process.getuid!() === 0;

async function withFolder(act: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(`${tmpdir()}/pyglass-test-`);
  try {
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('an output is written whole', () =>
  withFolder(async (folder) => {
    await writeOutput(`${folder}/x`, ['a', Uint8Array.from([98]), 'c'.repeat(200_000)]);
    assert.equal(readFileSync(`${folder}/x`, 'utf8'), `ab${'c'.repeat(200_000)}`);
    assert.deepEqual(readdirSync(folder), ['x']);
  }));

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof PyglassError && error.code === code;

test('when it fails half-way, what was there before stays', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/x`, 'before');
    function* failing() {
      yield 'half'.repeat(100_000);
      throw new RangeError('a mistake');
    }
    // An error of the maker of the chunks is no matter of the disk.
    await assert.rejects(writeOutput(`${folder}/x`, failing()), RangeError);
    assert.equal(readFileSync(`${folder}/x`, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder), ['x']);
  }));

test('a signal to stop leaves what was there before', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/x`, 'before');
    const stop = new AbortController();
    function* stopping() {
      for (let count = 0; ; count++) {
        if (count === 3) stop.abort();
        yield 'x'.repeat(100_000);
      }
    }
    await assert.rejects(
      writeOutput(`${folder}/x`, stopping(), { signal: stop.signal }),
      refusedWith('writing-stopped'),
    );
    assert.equal(readFileSync(`${folder}/x`, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder), ['x']);
  }));

test('a link stays a link', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/real`, 'before');
    symlinkSync('real', `${folder}/link`);
    await writeOutput(`${folder}/link`, ['after']);
    assert.ok(lstatSync(`${folder}/link`).isSymbolicLink());
    assert.equal(readFileSync(`${folder}/real`, 'utf8'), 'after');
  }));

test('a link is not followed from a name that nobody typed, nor one that leads to nothing', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/real`, 'before');
    for (const [write, leadsTo] of [
      [(path: string) => writeOutput(path, ['after'], { follow: false }), 'real'],
      [async (path: string) => writeFileNow(path, ['after']), 'real'],
      [(path: string) => writeOutput(path, ['after']), 'nothing'],
    ] as const) {
      symlinkSync(leadsTo, `${folder}/link`);
      await write(`${folder}/link`);
      assert.ok(lstatSync(`${folder}/link`).isFile());
      assert.equal(readFileSync(`${folder}/link`, 'utf8'), 'after');
      assert.equal(readFileSync(`${folder}/real`, 'utf8'), 'before');
      rmSync(`${folder}/link`);
      assert.deepEqual(readdirSync(folder), ['real']);
    }
  }));

test('a part left by a process that was killed is removed, one in use is not', () =>
  withFolder(async (folder) => {
    const left = `${folder}/.pyglass-0123456789abcdef.part`;
    writeFileSync(left, 'half');
    symlinkSync('/nonexistent', `${folder}/.pyglass-fedcba9876543210.part`);
    const inUse = createPart(folder, false);
    await writeOutput(`${folder}/x`, ['x']);
    discardPart(inUse);
    assert.ok(!existsSync(left));
    assert.deepEqual(readdirSync(folder).sort(), ['.pyglass-fedcba9876543210.part', 'x']);
  }));

test('mode and owner of what was there are kept', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/x`, 'before', { mode: 0o600 });
    if (isRoot) chownSync(`${folder}/x`, 65534, 65534);
    await writeOutput(`${folder}/x`, ['after']);
    const { mode, uid } = statSync(`${folder}/x`);
    assert.equal(mode & 0o777, 0o600);
    assert.equal(uid, isRoot ? 65534 : process.getuid!());
    assert.equal(readFileSync(`${folder}/x`, 'utf8'), 'after');
  }));

test('a file with two names keeps both', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/x`, 'before'.repeat(100_000));
    linkSync(`${folder}/x`, `${folder}/y`);
    await writeOutput(`${folder}/x`, ['after'.repeat(50_000)]);
    for (const name of ['x', 'y'])
      assert.equal(readFileSync(`${folder}/${name}`, 'utf8'), 'after'.repeat(50_000));
    assert.deepEqual(readdirSync(folder), ['x', 'y']);
  }));

test('what is printed follows what is in the file that standard output is', () =>
  withFolder(async (folder) => {
    const log = openSync(`${folder}/log`, 'a');
    try {
      writeFileSync(`${folder}/log`, 'before ');
      for (const path of [`/proc/self/fd/${log}`, `/dev/fd/${log}`]) {
        checkOutput(path);
        assert.ok(!isPlainFile(path));
        await writeOutput(path, ['after ']);
      }
      symlinkSync(`/dev/fd/${log}`, `${folder}/link`);
      await writeOutput(`${folder}/link`, ['and a link']);
      assert.equal(readFileSync(`${folder}/log`, 'utf8'), 'before after after and a link');
      assert.deepEqual(readdirSync(folder).sort(), ['link', 'log']);
    } finally {
      closeSync(log);
    }
  }));

test('devices are written as they are', async () => {
  await writeOutput('/dev/null', ['x']);
  await assert.rejects(writeOutput('/dev/full', ['x']), refusedWith('disk-full'));
});

test('a FIFO is waited for, and its reader gets everything', () =>
  withFolder(async (folder) => {
    const fifo = `${folder}/fifo`;
    execFileSync('mkfifo', [fifo]);
    let reader: ChildProcess | undefined;
    const onWait = () => {
      reader = spawn('cat', [fifo], { stdio: ['ignore', 'pipe', 'inherit'] });
    };
    try {
      const read = new Promise<number>((resolve) => {
        void writeOutput(fifo, ['x'.repeat(300_000)], {
          onWait: () => {
            onWait();
            let size = 0;
            reader!.stdout!.on('data', (bytes: Buffer) => {
              size += bytes.length;
            });
            reader!.on('close', () => resolve(size));
          },
        });
      });
      assert.equal(await read, 300_000);
    } finally {
      reader?.kill('SIGKILL');
    }
  }));

test('what cannot be written is reported beforehand', () =>
  withFolder((folder) => {
    const refused = (path: string, code: string) =>
      assert.throws(() => checkOutput(path), refusedWith(code), path);
    refused(folder, 'file-is-folder');
    refused(`${folder}/new/`, 'file-is-folder');
    refused(`${folder}/no/x`, 'file-not-found');
    writeFileSync(`${folder}/file`, '');
    refused(`${folder}/file/x`, 'file-not-found');
    refused('', 'file-error');
    refused(`${folder}/${'x'.repeat(256)}`, 'file-error');
    symlinkSync('loop', `${folder}/loop`);
    refused(`${folder}/loop`, 'file-error');
    const reading = openSync(`${folder}/file`, 'r');
    refused(`/dev/fd/${reading}`, 'file-permission');
    closeSync(reading);
    checkOutput(`${folder}/file`);
    checkOutput(`${folder}/new`);
    checkOutput(`${folder}/${'x'.repeat(255)}`);
    checkOutput('-');
    assert.deepEqual(readdirSync(folder), ['file', 'loop']);
  }));

test('two paths that lead to one file are the same, two of a device are not', () =>
  withFolder((folder) => {
    const same = (one: string, other: string) => areSame(destinationOf(one), destinationOf(other));
    writeFileSync(`${folder}/x`, '');
    symlinkSync('x', `${folder}/link`);
    linkSync(`${folder}/x`, `${folder}/name`);
    assert.ok(same(`${folder}/x`, `${folder}/link`));
    assert.ok(same(`${folder}/x`, `${folder}/name`));
    assert.ok(same(`${folder}/new`, `${folder}/../${basename(folder)}/new`));
    assert.ok(!same(`${folder}/x`, `${folder}/new`));
    assert.ok(!same(`${folder}/new`, `${folder}/newer`));
    assert.ok(!same('/dev/null', '/dev/null'));
  }));
