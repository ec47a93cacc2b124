import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  freeThreadedVersions,
  supportedPythons,
  supportedVersions,
  versionName,
} from '../../src/cpython/versions.js';
import { documents, textOf } from '../support/repository.js';

test('the list of versions is in order, and each line has what belongs to its version', () => {
  const numbers = supportedVersions.map(({ minor }) => minor);
  assert.deepEqual([numbers[0], versionName(numbers[0]!)], [-1, '2.7']);
  for (const [index, { minor, layout, debugOffsets }] of supportedVersions.entries()) {
    if (index > 0) assert.equal(minor, numbers[1]! + index - 1);
    assert.deepEqual([layout.major, layout.minor], [minor < 0 ? 2 : 3, minor]);
    assert.equal(layout.python2 !== undefined, minor < 0);
    assert.equal(debugOffsets !== undefined, minor >= 13, `3.${minor}`);
  }
  assert.equal(new Set(supportedVersions.map(({ opcodes }) => opcodes)).size, supportedVersions.length);
});

test('each generated table is of the version that its name says', () => {
  for (const { minor } of supportedVersions) {
    for (const folder of ['layouts', 'opcodes']) {
      const name = versionName(minor);
      const text = textOf(`src/cpython/${folder}/python${name.replace('.', '_')}.ts`);
      assert.match(text, new RegExp(`CPython ${name.replace('.', '\\.')}\\.\\d`), `${folder} of ${name}`);
    }
  }
});

test('each free-threaded build is one of a version of the list, with what only it has', () => {
  for (const { minor, abi, layout } of freeThreadedVersions) {
    assert.ok(supportedVersions.some((version) => version.minor === minor));
    assert.equal(abi, 't');
    assert.deepEqual([layout.major, layout.minor], [3, minor]);
    assert.equal((layout.freeThreading?.bytecodeCopies ?? -1) >= 0, minor >= 14);
    assert.match(textOf(`src/cpython/layouts/python3_${minor}t.ts`), /, free-threaded,/);
  }
  for (const { layout } of supportedVersions) assert.equal(layout.freeThreading, undefined);
});

test('documents name the versions of the list', () => {
  let mentions = 0;
  for (const file of documents()) {
    // What is measured and what changed is of a time.
    if (['CHANGELOG.md', 'docs/performance.md'].includes(file)) continue;
    for (const [range] of textOf(file).matchAll(/(?:\b2\.7 and )?\b3\.\d to 3\.\d+/g)) {
      assert.equal(range, supportedPythons(), file);
      mentions++;
    }
  }
  assert.ok(mentions >= 1);
});
