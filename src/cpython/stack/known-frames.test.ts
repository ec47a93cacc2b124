import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownFrames } from './known-frames.js';

const base = 0x7f00_0000_0000;
const frameWords = 20;

/** A chunk with `frames` frames of 80 bytes; the walk that noted them began in the innermost. */
function known(frames: number) {
  const words = Uint32Array.from({ length: (frames + 1) * frameWords }, (_, word) => word * 3 + 1);
  const path = Float64Array.from({ length: frames }, (_, at) => base + (frames - 1 - at) * frameWords * 4);
  const frameStart = (level: number) => level * frameWords;
  const it = new KnownFrames();
  it.adopt(base, words, 0, frameStart(frames - 1));
  it.note(0, path, 0, frames - 1);
  return { it, words, frameStart };
}

test('frames below the innermost are known while their bytes stay', () => {
  const { it, words, frameStart } = known(5);
  it.compare(words, 0, frameStart(4));
  assert.equal(it.levels, 4);
  assert.equal(it.addressOf(3), base + 3 * frameWords * 4);
});

test('a changed byte ends what is known at its frame, also at later looks', () => {
  const { it, words, frameStart } = known(5);
  words[frameStart(2) + 7]!++;
  it.compare(words, 0, frameStart(4));
  assert.equal(it.levels, 2);
  // The change was taken over, but which frames lie there was not noted again.
  it.compare(words, 0, frameStart(4));
  assert.equal(it.levels, 2);
});

test('frames of a stack that grew are known up to where it had been compared', () => {
  const { it, words, frameStart } = known(3);
  it.compare(words, 0, frameStart(3));
  assert.equal(it.levels, 2);
});

test('a stack that shrank has fewer, and its inner frames are noted anew', () => {
  const { it, words, frameStart } = known(5);
  it.compare(words, 0, frameStart(2));
  assert.equal(it.levels, 2);
  const version = it.version;
  it.note(2, Float64Array.of(base + 3 * frameWords * 4, base + 2 * frameWords * 4), 0, 1);
  assert.notEqual(it.version, version);
  it.compare(words, 0, frameStart(3));
  assert.equal(it.levels, 2);
  it.note(2, Float64Array.of(base + 3 * frameWords * 4, base + 2 * frameWords * 4), 0, 1);
  it.compare(words, 0, frameStart(3));
  assert.equal(it.levels, 3);
});

test('another chunk begins anew', () => {
  const { it, words } = known(5);
  it.adopt(base + 0x10000, words, 0, 40);
  assert.equal(it.levels, 0);
  assert.equal(it.base, base + 0x10000);
});

test('bytes that are no number are compared like others', () => {
  const notANumber = [0x1234, 0x7ff8_0001];
  const words = Uint32Array.from([1, 2, ...notANumber, 3, 4, 5, 6, 7, 8]);
  const { known } = knownFramesOf(words);
  known.compare(words, 0, 10);
  assert.equal(known.levels, 2);
  const changed = Uint32Array.from(words);
  changed[2] = 0x1235;
  known.compare(changed, 0, 10);
  assert.equal(known.levels, 0);
});

test('a copy that begins at an odd word is compared like others', () => {
  const words = Uint32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0]);
  const { known } = knownFramesOf(words.slice(1));
  known.compare(words, 1, 10);
  assert.equal(known.levels, 2);
  words[6] = 77;
  known.compare(words, 1, 10);
  assert.equal(known.levels, 1);
});

/** Three frames of a chunk at 0x1000 are known, which begin at words 0, 4 and 8 of it. */
function knownFramesOf(words: Uint32Array) {
  const known = new KnownFrames();
  known.adopt(0x1000, words, 0, 10);
  known.note(0, Float64Array.of(0x1020, 0x1010, 0x1000), 0, 2);
  return { known };
}
