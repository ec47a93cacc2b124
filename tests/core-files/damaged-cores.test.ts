import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInterpreters, readThreadStates } from '../../src/cpython/interpreters.js';
import { FrameBudget, readFrames } from '../../src/cpython/read-frames.js';
import { dumpJson } from '../../src/formats/dump/dump-json.js';
import { dumpText } from '../../src/formats/dump/dump-text.js';
import { PyglassError } from '../../src/model/error.js';
import type { ProcessSnapshot } from '../../src/model/snapshot.js';
import type { SizedSource } from '../../src/platform/core-file/core-headers.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { findPython } from '../../src/sampler/attach.js';
import { coreSnapshot } from '../../src/sampler/core-snapshot.js';
import { flip, random } from '../support/damage.js';
import { coreOfImage, filesOf, sourceOf, targetOf } from '../support/image-core.js';
import { imageOfFixture, stateFixtures, textOf } from '../support/images.js';

/** Bytes read of one core file, which has 3 MB; what is read twice counts twice. */
const mostBytes = 512 << 20;
const mostReads = 1_000_000;

function counted(source: SizedSource): SizedSource {
  let [reads, bytes] = [0, 0];
  return {
    size: source.size,
    read(offset, length) {
      const part = source.read(offset, length);
      bytes += part?.length ?? 0;
      assert.ok(
        ++reads <= mostReads && bytes <= mostBytes,
        `there is no end: ${reads} reads, ${bytes} bytes`,
      );
      return part;
    },
  };
}

for (const fixture of stateFixtures.filter(({ minor }) => minor === 8 || minor === 14)) {
  const { name, minor } = fixture;
  const image = imageOfFixture(fixture);
  const core = coreOfImage(image);
  const headLength = new DataView(core.buffer).getUint32(64 + 56 + 8, true);
  const open = (bytes: Uint8Array) => targetOf(counted(sourceOf(bytes)), filesOf(image));
  /** What comes of it, or an error of ours; anything else fails the test. */
  const orError = <T>(act: () => T): T | PyglassError => {
    try {
      return act();
    } catch (error) {
      if (error instanceof PyglassError) return error;
      throw error;
    }
  };
  const outcome = (bytes: Uint8Array): ProcessSnapshot | PyglassError =>
    orError(() => {
      const snapshot = coreSnapshot(open(bytes), {});
      assert.ok(textOf(snapshot).length + dumpJson([snapshot], 400).length < 8 << 20);
      return snapshot;
    });

  test(`a core file of ${name} with wrong bits in its headers is an error, or shows what is there`, () => {
    const below = random(minor);
    const shown = { snapshot: 0, error: 0 };
    for (let count = 0; count < 60; count++) {
      const flips = Array.from({ length: 1 + below(4) }, () =>
        flip(core, below(count % 3 === 0 ? 64 + 56 : headLength), below),
      );
      // All stacks take ten times as long as to find Python.
      const result = count % 5 === 0 ? outcome(core) : orError(() => findPython(open(core)));
      for (const flipBack of flips) flipBack();
      shown[result instanceof PyglassError ? 'error' : 'snapshot']++;
    }
    assert.ok(shown.snapshot > 8 && shown.error > 2, JSON.stringify(shown));
  });

  test(`a core file of ${name} that is cut short is an error, or shows what is there and that it is cut`, () => {
    const below = random(minor);
    for (let count = 0; count < 40; count++) {
      const result = outcome(core.subarray(0, below(count % 2 === 0 ? headLength : core.length)));
      if (result instanceof PyglassError) assert.match(result.message, /cut short|no core file/);
      else assert.ok(result.core!.missingBytes > 0);
    }
  });

  test(`a core file of ${name} with wrong bits in its memory is read to an end`, () => {
    const below = random(minor);
    for (let count = 0; count < 10; count++) {
      const flips = Array.from({ length: 64 }, () =>
        flip(core, headLength + below(core.length - headLength), below),
      );
      outcome(core);
      for (const flipBack of flips) flipBack();
    }
  });

  test(`a core file of ${name} with zeros in place of a stack does not show its rest as the whole`, () => {
    const { memory } = imageTarget(image);
    const { layout, runtime } = findPython(imageTarget(image))!;
    const [main] = readInterpreters(memory, layout, runtime).reverse();
    const states = readThreadStates(memory, layout, main!.address);
    const { address, ident } = states.find((state) => state.ident !== states.at(-1)!.ident)!;
    const frames = () => readFrames(memory, layout, address, new FrameBudget(1000)).frames;
    const outermost = frames().at(-1)!.address;
    const bytes = new Uint8Array(layout.frame.owner >= 0 ? layout.frame.owner + 8 : 64);
    const wrong = { ...image, pages: new Map(image.pages) };
    for (let at = 0; at < bytes.length; at += 8) {
      const page = Math.floor((outermost + at) / 4096);
      const own = wrong.pages.get(page)!.slice();
      own.fill(0, (outermost + at) % 4096, ((outermost + at) % 4096) + 8);
      wrong.pages.set(page, own);
    }
    const snapshot = outcome(coreOfImage(wrong));
    assert.ok(!(snapshot instanceof PyglassError));
    const thread = snapshot.threads.find((one) => one.ident === ident)!;
    assert.equal(thread.moving, true);
    const text = [...dumpText([snapshot], { fullFileNames: false, valueLength: 400 })].join('');
    assert.match(text, new RegExp(`^Thread ${thread.threadId} .*, stack is incomplete$`, 'm'));
  });
}

const fixture = stateFixtures.find(({ minor }) => minor === 13)!;
const image = imageOfFixture(fixture);

/** A core file of these first bytes, and zeros behind them as a file system with holes gives them. */
function sparse(core: Uint8Array, size: number): SizedSource {
  return {
    size,
    read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= size)) return undefined;
      assert.ok(length <= 64 << 20, `${length} bytes at once`);
      const bytes = new Uint8Array(length);
      if (offset < core.length) bytes.set(core.subarray(offset, offset + length));
      return bytes;
    },
  };
}

/** The same core with a change to its headers. */
function changed(change: (view: DataView) => void): Uint8Array {
  const core = coreOfImage(image);
  change(new DataView(core.buffer));
  return core;
}

test('numbers without sense end in an error, or cost nothing', () => {
  const huge = 2n ** 63n;
  const terabytes = 4 * 2 ** 40;
  for (const [what, change] of [
    ['as many segments as can be', (view) => view.setUint16(56, 0xfffe, true)],
    ['a number of segments that is elsewhere', (view) => view.setUint16(56, 0xffff, true)],
    ['a table at the end of numbers', (view) => view.setBigUint64(32, huge, true)],
    ['notes of terabytes', (view) => view.setBigUint64(64 + 32, 2n ** 41n, true)],
    ['notes at the end of numbers', (view) => view.setBigUint64(64 + 8, huge, true)],
    ['memory of terabytes', (view) => view.setBigUint64(64 + 56 + 40, 2n ** 44n, true)],
    ['more of it in the file', (view) => view.setBigUint64(64 + 56 + 32, 2n ** 44n, true)],
    ['memory at the end of numbers', (view) => view.setBigUint64(64 + 56 + 16, huge, true)],
    ['a segment upon another', (view) => view.setBigUint64(64 + 112 + 16, 0n, true)],
  ] as const satisfies readonly (readonly [string, (view: DataView) => void])[]) {
    for (const source of [sourceOf(changed(change)), sparse(changed(change), terabytes)]) {
      try {
        coreSnapshot(targetOf(counted(source), filesOf(image)), {});
      } catch (error) {
        assert.ok(error instanceof PyglassError, `${what}: ${error}`);
      }
    }
  }
});

test('of more files than any program maps, the first are looked for', () => {
  const mappings = Array.from({ length: 20_000 }, (_, at) => ({
    ...{ start: (at + 1) * 4096, end: (at + 2) * 4096, offset: 0 },
    path: `/library-${at}.so`,
  }));
  const looked = new Set<string>();
  const target = targetOf(sourceOf(coreOfImage(image, { mappings })), ({ path }) => {
    looked.add(path);
    return [];
  });
  assert.throws(() => coreSnapshot(target, {}), PyglassError);
  assert.ok(looked.size > 1000 && looked.size < 18_000, `${looked.size} files`);
});

test('a core file of terabytes, most of them holes, is opened as fast as a small one', () => {
  const source = sparse(coreOfImage(image), 4 * 2 ** 40);
  assert.ok(coreSnapshot(targetOf(counted(source), filesOf(image)), {}).threads.length > 5);
});
