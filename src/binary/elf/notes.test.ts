import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildIdAmong, elfNotes } from './notes.js';

const sourceOf = (bytes: Uint8Array) => ({
  read: (offset: number, length: number) =>
    offset >= 0 && length >= 0 && offset + length <= bytes.length
      ? bytes.subarray(offset, offset + length)
      : undefined,
});

function note(owner: string, type: number, ...content: number[]): number[] {
  const name = [...new TextEncoder().encode(`${owner}\0`)];
  const padded = (part: number[]) => [...part, ...new Array((4 - (part.length % 4)) % 4).fill(0)];
  const words = Uint32Array.of(name.length, content.length, type);
  return [...new Uint8Array(words.buffer), ...padded(name), ...padded(content)];
}

test('notes are listed one after another, and a build id is found among them', () => {
  const bytes = Uint8Array.from([
    ...note('LINUX', 5, 1, 2, 3),
    ...note('GNU', 1, 9),
    ...note('GNU', 3, 0xab, 0, 0x0c),
  ]);
  const notes = [...elfNotes(sourceOf(bytes), 0, bytes.length)];
  assert.deepEqual(
    notes.map(({ owner, type, size }) => [owner, type, size]),
    [
      ['LINUX', 5, 3],
      ['GNU', 1, 1],
      ['GNU', 3, 3],
    ],
  );
  assert.equal(buildIdAmong(sourceOf(bytes), [{ offset: 0, size: bytes.length }]), 'ab000c');
  assert.equal(buildIdAmong(sourceOf(bytes), [{ offset: 0, size: bytes.length - 4 }]), undefined);
  assert.equal(buildIdAmong(sourceOf(bytes), []), undefined);
});

test('a build id that is too long, or empty, is none', () => {
  for (const content of [[], new Array(65).fill(1)]) {
    const bytes = Uint8Array.from(note('GNU', 3, ...content));
    assert.equal(buildIdAmong(sourceOf(bytes), [{ offset: 0, size: bytes.length }]), undefined);
  }
});

test('whatever the bytes are, each note lies within them, behind the one before', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), fc.nat(250), (bytes, offset, size) => {
      let before = offset;
      for (const one of elfNotes(sourceOf(bytes), offset, size)) {
        assert.ok(one.offset >= before + 12 && one.offset + one.size <= offset + size);
        before = one.offset + one.size;
      }
    }),
  );
});
