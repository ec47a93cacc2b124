import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { PyglassError } from '../model/error.js';
import { checkOutput, writeOutput } from './write-output.js';

function withFolder(act: (folder: string) => void): void {
  const folder = mkdtempSync(`${tmpdir()}/pyglass-test-`);
  try {
    act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('an output is written whole', () =>
  withFolder((folder) => {
    writeOutput(`${folder}/x`, ['a', Uint8Array.from([98]), 'c'.repeat(200_000)]);
    assert.equal(readFileSync(`${folder}/x`, 'utf8'), `ab${'c'.repeat(200_000)}`);
    assert.deepEqual(readdirSync(folder), ['x']);
  }));

test('when it fails half-way, what was there before stays', () =>
  withFolder((folder) => {
    writeFileSync(`${folder}/x`, 'before');
    function* failing() {
      yield 'half';
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    }
    assert.throws(
      () => writeOutput(`${folder}/x`, failing()),
      (error) => error instanceof PyglassError && error.code === 'disk-full',
    );
    assert.equal(readFileSync(`${folder}/x`, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder), ['x']);
  }));

test('a link stays a link', () =>
  withFolder((folder) => {
    writeFileSync(`${folder}/real`, 'before');
    symlinkSync('real', `${folder}/link`);
    writeOutput(`${folder}/link`, ['after']);
    assert.ok(lstatSync(`${folder}/link`).isSymbolicLink());
    assert.equal(readFileSync(`${folder}/real`, 'utf8'), 'after');
  }));

test('devices are written as they are', () => {
  writeOutput('/dev/null', ['x']);
  assert.throws(
    () => writeOutput('/dev/full', ['x']),
    (error) => error instanceof PyglassError && error.code === 'disk-full',
  );
});

test('what cannot be written is told beforehand', () =>
  withFolder((folder) => {
    const refused = (path: string, code: string) =>
      assert.throws(
        () => checkOutput(path),
        (error) => error instanceof PyglassError && error.code === code,
      );
    refused(folder, 'file-is-folder');
    refused(`${folder}/no/x`, 'file-not-found');
    writeFileSync(`${folder}/file`, '');
    refused(`${folder}/file/x`, 'file-not-found');
    checkOutput(`${folder}/file`);
    checkOutput(`${folder}/new`);
    checkOutput('-');
    assert.deepEqual(readdirSync(folder), ['file']);
  }));
