import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import { PyglassError } from '../../model/error.js';
import { imageTarget } from './image-target.js';
import { imageOf, imagePayload, type MemoryImage, readImage, writeImage } from './memory-image.js';

const streams = {
  deflate: (bytes: Uint8Array) => deflateSync(bytes),
  inflate: (bytes: Uint8Array, most: number) => inflateSync(bytes, { maxOutputLength: most }),
};

const image: MemoryImage = {
  facts: { pid: 7, parentPid: 1, commandLine: ['python', 'größe.py', ''], executable: '/usr/bin/python3' },
  files: [
    { path: '/lib/gone', mappings: [], parts: undefined },
    {
      path: '/usr/bin/python3',
      mappings: [{ start: 0x10_0000, offset: 0, permissions: 'r-xp' }],
      parts: [
        { offset: 0, bytes: Uint8Array.of(1, 2, 3) },
        { offset: 100, bytes: Uint8Array.of(4, 5) },
      ],
    },
  ],
  existing: ['/app/__init__.py'],
  threads: [
    { id: 7, activity: { state: 'R', waitChannel: '' }, waitingFor: '' },
    {
      id: 8,
      activity: {
        state: 'S',
        systemCall: { name: 'futex', number: 202, args: [2 ** 46, -1] },
        waitChannel: 'futex',
      },
      waitingFor: 'a lock',
    },
  ],
  pages: new Map([
    [2 ** 34, new Uint8Array(4096).fill(1)],
    [3, new Uint8Array(4096).fill(2)],
    [4, new Uint8Array(4096).fill(3)],
  ]),
};

test('what is written is read again', () => {
  const { pages, ...rest } = readImage(writeImage(image, streams), streams);
  const { pages: expected, ...others } = image;
  const plain = (value: object) => JSON.parse(JSON.stringify(value));
  assert.deepEqual(plain(rest), plain(others));
  assert.deepEqual([...pages.keys()], [3, 4, 2 ** 34]);
  for (const [number, bytes] of expected) assert.deepEqual(Uint8Array.from(pages.get(number)!), bytes);
});

test('an image gives what it has, and nothing else', () => {
  const { memory, files, hasFile, threads } = imageTarget(imageOf(imagePayload(image)));
  assert.deepEqual(memory.read(4 * 4096 - 2, 4), Uint8Array.of(2, 2, 3, 3));
  assert.equal(memory.read(5 * 4096 - 2, 4), undefined);
  for (const [address, length] of [
    [4096 * 3, 2 ** 52],
    [4096 * 3, Number.NaN],
    [Number.NaN, 8],
    [4096 * 3, -1],
  ] as const)
    assert.equal(memory.read(address, length), undefined);
  const [gone, python] = files();
  assert.equal(gone!.open(), undefined);
  const source = python!.open()!;
  assert.deepEqual(source.read(1, 2), Uint8Array.of(2, 3));
  assert.equal(source.read(2, 2), undefined);
  assert.equal(source.read(100, 2)?.length, 2);
  assert.ok(hasFile('/app/__init__.py') && !hasFile('/app'));
  assert.equal(threads!.waitingFor(threads!.activity(8)), 'a lock');
  assert.equal(threads!.activity(9).state, '?');
});

test('another version, and what is no image, are errors of their own', () => {
  const file = writeImage(image, streams);
  const code = (bytes: Uint8Array) => {
    try {
      readImage(bytes, streams);
    } catch (error) {
      assert.ok(error instanceof PyglassError);
      return error.code;
    }
    return 'none';
  };
  assert.equal(code(Uint8Array.from(file, (byte, at) => (at === 7 ? 2 : byte))), 'image-version');
  assert.equal(code(new Uint8Array(0)), 'image-damaged');
  assert.equal(code(file.subarray(0, file.length - 1)), 'image-damaged');
});

test('a head of which any part has another form is an error', () => {
  const head = { facts: image.facts, files: [], existing: [], threads: [], pages: [] };
  const payload = (json: unknown) => {
    const text = new TextEncoder().encode(JSON.stringify(json));
    const bytes = new Uint8Array(4 + text.length);
    new DataView(bytes.buffer).setUint32(0, text.length, true);
    bytes.set(text, 4);
    return bytes;
  };
  assert.equal(imageOf(payload(head)).pages.size, 0);
  for (const wrong of [
    null,
    [],
    { ...head, facts: {} },
    { ...head, files: [{ path: 1, mappings: [] }] },
    { ...head, files: {} },
    { ...head, existing: [1] },
    { ...head, threads: [{ id: 1.5, activity: {}, waitingFor: '' }] },
    { ...head, pages: [[1]] },
    { ...head, pages: [[1, 1]] },
    { ...head, pages: [[-1, 0]] },
    { ...head, pages: [[1, 2 ** 52]] },
  ])
    assert.throws(() => imageOf(payload(wrong)), PyglassError, JSON.stringify(wrong));
});
