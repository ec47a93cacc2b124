import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elf, exporting } from '../../tests/support/made-elf.js';
import type { ByteSource } from './byte-source.js';
import { languageRuntimeIn } from './language-runtime.js';

function source(bytes: Uint8Array): ByteSource {
  return {
    read: (offset, length) =>
      offset >= 0 && length >= 0 && offset + length <= bytes.length
        ? bytes.slice(offset, offset + length)
        : undefined,
  };
}

const idOf = (bytes: Uint8Array, path = '/opt/engine') => languageRuntimeIn(source(bytes), path)?.id;

test('a runtime is known by what its file exports', () => {
  assert.equal(idOf(exporting('pypy_main_startup')), 'pypy');
  assert.equal(idOf(exporting('_ZN4node5StartEiPPc')), 'node');
  assert.equal(idOf(exporting('JNI_CreateJavaVM')), 'java');
  assert.equal(idOf(exporting('Py_BytesMain')), undefined);
});

test('a runtime is known by its sections', () => {
  for (const name of ['.go.buildinfo', '.gopclntab', '.note.go.buildid'])
    assert.equal(idOf(elf(62, [name, 1, 4096, 4096, 16, 0])), 'go');
});

test('GraalPy is distinguished from other native images by its name, and by its name alone it is none', () => {
  const image = elf(62, ['.svm_heap', 1, 4096, 4096, 16, 0]);
  assert.equal(idOf(image, '/opt/graalpy/bin/graalpy'), 'graalpy');
  assert.equal(idOf(image, '/opt/graalpy/lib/libpythonvm.so'), 'graalpy');
  assert.equal(idOf(image, '/opt/service'), undefined);
  assert.equal(idOf(elf(62), '/opt/graalpy/bin/graalpy'), undefined);
});

test('a name is no mark', () => {
  for (const name of ['pypy3.10-c', 'node', 'java', 'libjvm.so', 'libpypy3-c.so'])
    assert.equal(idOf(elf(62), `/usr/bin/${name}`), undefined, name);
});

test('a file that is no executable is none, and neither is one that only begins like one', () => {
  assert.equal(idOf(new TextEncoder().encode('#!/bin/sh')), undefined);
  assert.equal(idOf(elf(62).slice(0, 100)), undefined);
});
