import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elf } from '../../../tests/support/made-elf.js';
import { hasHiddenPython } from './hidden-python.js';

const mark = new TextEncoder().encode(
  "cannot 'yield from' a coroutine object in a non-coroutine generator\0",
);
const size = (2 << 20) + 12_345;

/** A file of one segment, with the mark at `at`. */
function file(at: number, machine = 62, length = size): Uint8Array {
  const bytes = new Uint8Array(length).fill(0x6e);
  bytes.set(elf(machine));
  const view = new DataView(bytes.buffer);
  view.setUint32(68, 4, true);
  view.setBigUint64(96, BigInt(length), true);
  if (at >= 0) bytes.set(mark.subarray(0, length - at), at);
  return bytes;
}

function hiddenIn(bytes: Uint8Array) {
  return hasHiddenPython({
    read: (offset, length) =>
      offset >= 0 && length >= 0 && offset + length <= bytes.length
        ? bytes.subarray(offset, offset + length)
        : undefined,
  });
}

test('CPython is recognised by a text wherever it lies among the constants', () => {
  const chunk = 1 << 20;
  for (const at of [8192, chunk - 1, chunk - mark.length, chunk, chunk + 7, size - mark.length])
    assert.ok(hiddenIn(file(at)), `at ${at}`);
});

test('a file without the text, with a part of it, for another machine or too small holds none', () => {
  assert.ok(!hiddenIn(file(-1)));
  assert.ok(!hiddenIn(file(size - mark.length + 1)));
  assert.ok(!hiddenIn(file(8192, 183)));
  assert.ok(!hiddenIn(file(8192, 62, 1 << 19)));
  assert.ok(!hiddenIn(new Uint8Array(10)));
});
