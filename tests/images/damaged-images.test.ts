import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { dumpJson } from '../../src/formats/dump/dump-json.js';
import { PyglassError } from '../../src/model/error.js';
import type { FrameSnapshot, ProcessSnapshot } from '../../src/model/snapshot.js';
import type { Value } from '../../src/model/value.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import {
  imageOf,
  imagePayload,
  type MemoryImage,
  readImage,
  writeImage,
} from '../../src/platform/image/memory-image.js';
import type { Target } from '../../src/platform/target.js';
import { findPython } from '../../src/sampler/attach.js';
import { flip, random } from '../support/damage.js';
import {
  imageFixtures,
  imageOfFixture,
  inflate,
  snapshotOfFixture,
  snapshotWithVariables,
  textOf,
} from '../support/images.js';

/** Reads of memory for one dump; 3,000 of an image that is whole. */
const mostReads = 300_000;
/** Bytes of them; 6 MB. */
const mostBytes = 256 << 20;

/**
 * What comes of a target: a snapshot, no Python, or an error of ours; anything else fails the test, and so does what
 * takes too many reads.
 */
function outcome(target: Target): ProcessSnapshot | undefined {
  let reads = 0;
  let bytes = 0;
  const { memory } = target;
  const counted: Target = {
    ...target,
    memory: {
      ...memory,
      read: (address, length) => {
        const part = memory.read(address, length);
        assert.ok(++reads <= mostReads, 'there is no end of reads');
        bytes += part?.length ?? 0;
        assert.ok(bytes <= mostBytes, 'there is no end of bytes');
        return part;
      },
    },
  };
  try {
    const snapshot = snapshotWithVariables(counted);
    if (snapshot) assert.ok(textOf(snapshot).length + dumpJson([snapshot], 400).length < 8 << 20);
    return snapshot;
  } catch (error) {
    if (error instanceof PyglassError) return undefined;
    throw error;
  }
}

for (const fixture of imageFixtures) {
  const { name, minor } = fixture;
  const image = imageOfFixture(fixture);
  const payload = imagePayload(image);
  const headLength = new DataView(payload.buffer).getUint32(0, true);
  const whole = () => snapshotOfFixture(fixture);

  test(`an image ${name} that is cut short or has a wrong bit is refused, or the same`, () => {
    const below = random(minor);
    const [file, content] = smallFile(image);
    const isRefused = (bytes: Uint8Array) =>
      assert.throws(() => readImage(bytes, { inflate }), PyglassError, `${bytes.length} bytes`);
    const isRefusedOrSame = (bytes: Uint8Array) => {
      let read: MemoryImage;
      try {
        read = readImage(bytes, { inflate });
      } catch (error) {
        assert.ok(error instanceof PyglassError, String(error));
        return;
      }
      assert.equal(Buffer.compare(imagePayload(read), content), 0);
    };
    for (const length of [0, 1, 7, 8, 9, file.length - 1]) isRefused(file.subarray(0, length));
    for (let count = 0; count < 20; count++) {
      isRefused(file.subarray(0, below(file.length)));
      const flipBack = flip(file, below(file.length), below);
      // A few bits of a compressed file mean nothing.
      isRefusedOrSame(file);
      flipBack();
    }
  });

  test(`an image ${name} whose payload is cut short is refused`, () => {
    const below = random(minor);
    for (let count = 0; count < 100; count++) {
      const length = below(count < 50 ? headLength : payload.length);
      assert.throws(() => imageOf(payload.subarray(0, length)), PyglassError, `${length} bytes`);
    }
  });

  test(`an image ${name} with wrong bits in its head or its files is an error or a target`, () => {
    const below = random(minor);
    const end = 4 + headLength + partBytes(image);
    let read = 0;
    for (let count = 0; count < 20; count++) {
      const flips = Array.from({ length: 1 + below(3) }, () =>
        flip(payload, below(count % 2 ? end : headLength), below),
      );
      try {
        findPython(imageTarget(imageOf(payload)));
        read++;
      } catch (error) {
        assert.ok(error instanceof PyglassError, String(error));
      }
      for (const flipBack of flips) flipBack();
    }
    assert.ok(read > 0);
  });

  test(`an image ${name} with wrong bits in its memory is read to an end`, () => {
    const below = random(minor);
    const pages = [...image.pages];
    let same = 0;
    for (let count = 0; count < 3; count++) {
      const wrong = new Map(image.pages);
      for (let flips = 8 << below(6); flips > 0; flips--) {
        const [number] = pages[below(pages.length)]!;
        const bytes = wrong.get(number)!.slice();
        // What was not read is zero.
        let at = below(bytes.length);
        while (bytes[at] === 0) at++;
        if (at < bytes.length) flip(bytes, at, below);
        wrong.set(number, bytes);
      }
      if (outcome(imageTarget({ ...image, pages: wrong }))?.threads.length === whole().threads.length) same++;
    }
    assert.ok(same > 0, 'some of them have all threads');
  });

  test(`an image ${name} that lacks pages shows what is right, or less`, () => {
    const below = random(minor);
    let compared = 0;
    for (const percent of [1, 1, 3, 25]) {
      const pages = new Map([...image.pages].filter(() => below(100) >= percent));
      const part = outcome(imageTarget({ ...image, pages }));
      for (const thread of part?.threads ?? []) {
        const same = whole().threads.find(({ ident }) => ident === thread.ident);
        assert.ok(same, `there is no thread ${thread.ident}`);
        assert.ok([same.threadId, 0].includes(thread.threadId), `thread ${thread.threadId}`);
        compared += comparedFrames(thread.frames, same.frames);
      }
    }
    assert.ok(compared > 0, 'frames are compared');
  });
}

/** How many frames there are, each of which must be one of the whole stack, in its order. */
function comparedFrames(frames: readonly FrameSnapshot[], whole: readonly FrameSnapshot[]): number {
  let at = 0;
  for (const frame of frames) {
    const rest = whole.slice(at);
    // A function whose line table is not read is shown at its first line.
    const found = rest.findIndex(
      ({ name, file, line, firstLine }) =>
        name === frame.name && file === frame.file && (frame.line === line || frame.line === firstLine),
    );
    assert.ok(found >= 0, `${frame.name} (${frame.shortFile}:${frame.line}) is not on that stack`);
    at += found + 1;
    for (const { name, value } of frame.variables ?? []) {
      const right = rest[found]!.variables?.find((variable) => variable.name === name)?.value;
      if (right)
        assert.ok(
          isRightOrAbsent(value, right),
          `${name}: ${JSON.stringify(value)}, not ${JSON.stringify(right)}`,
        );
    }
  }
  return frames.length;
}

/** Numbers and texts are all there or not at all; of objects and containers a part may be. */
function isRightOrAbsent(value: Value, right: Value): boolean {
  const isSimple =
    right.kind === 'text' ||
    (right.kind === 'plain' &&
      /^(?:int|float|complex|bool|NoneType|date|time|datetime|timedelta|Decimal)$/.test(right.type));
  if (!isSimple || JSON.stringify(value) === JSON.stringify(right)) return true;
  return value.kind === 'plain' && / object at 0x|^<unreadable>$|^<int of \d+ bits>$/.test(value.text);
}

/**
 * A file of an image and its payload, of few pages and parts: what is wrong with a stream is seen where it ends, and to
 * unpack a whole image for each wrong bit took a sixth of the time of these tests.
 */
function smallFile(image: MemoryImage): [file: Uint8Array, payload: Uint8Array] {
  const small: MemoryImage = {
    ...image,
    files: image.files.map((file) => ({ ...file, parts: file.parts?.slice(0, 2) })),
    pages: new Map([...image.pages].slice(0, 16)),
  };
  return [writeImage(small, { deflate: deflateSync }), imagePayload(small)];
}

function partBytes({ files }: MemoryImage): number {
  return files.reduce(
    (sum, { parts }) => sum + (parts ?? []).reduce((all, { bytes }) => all + bytes.length, 0),
    0,
  );
}
