import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elf } from '../../../tests/support/made-elf.js';
import type { FileCandidate } from './core-files.js';
import { executableMappings } from './executable-mappings.js';

/** Of one segment at address 0, with its program headers at byte 64. */
const bytes = elf(183);
const candidate = (isNamed: boolean, content = bytes): FileCandidate => ({
  source: { size: content.length, read: (offset, length) => content.slice(offset, offset + length) },
  isNamed,
});
const bias = 0xaaaa_0000_0000;
const find = (...candidates: readonly FileCandidate[]) =>
  executableMappings('/usr/bin/python3', bias + 64, () => candidates);

test('a file that a person names is mapped where its program headers are', () => {
  assert.deepEqual(find(candidate(true)), [
    { start: bias, end: bias + 8192, offset: 0, path: '/usr/bin/python3' },
  ]);
});

test('otherwise only the page of the program headers is known', () => {
  const page = [{ start: bias, end: bias + 4096, offset: 0, path: '/usr/bin/python3' }];
  assert.deepEqual(find(), page);
  assert.deepEqual(find(candidate(false)), page);
  assert.deepEqual(find(candidate(true, new Uint8Array(100))), page);
});

test('without an auxiliary vector nothing is known', () => {
  assert.deepEqual(
    executableMappings('', Number.NaN, () => assert.fail('not looked for')),
    [],
  );
});
