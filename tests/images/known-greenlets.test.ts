import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectorStates } from '../../src/cpython/collector-lists.js';
import type { ReadGreenlet } from '../../src/cpython/greenlets/greenlet-reader.js';
import {
  type GreenletLook,
  KnownGreenlets,
  type NamedBy,
} from '../../src/cpython/greenlets/known-greenlets.js';
import type { Layout } from '../../src/cpython/layout.js';
import type { FoundFrame } from '../../src/cpython/read-frames.js';
import { allOf } from '../../src/memory/steps.js';
import { changingImage } from '../support/changing-image.js';
import { greenletFixtures, type ImageFixture } from '../support/images.js';
import { PatchedMemory } from '../support/patched-memory.js';

/** Of tests/programs/known_greenlets.py, those that wait; one runs in each thread, and one has not begun. */
const suspendedCount = 10;

function open(fixture: ImageFixture, users: readonly string[] = ['threading']) {
  const { target, location } = changingImage(fixture);
  const memory = new PatchedMemory(target.memory);
  const { layout, runtime } = location;
  const known = new KnownGreenlets({ memory, layout, runtime, users });
  const it = {
    memory,
    layout,
    runtime,
    /** Named at the last look. */
    named: [] as ReadGreenlet[],
    onName: (_: readonly ReadGreenlet[]) => {},
    namedBy: [] as NamedBy[],
    now: 1,
    look: (): GreenletLook | undefined => {
      it.named = [];
      const name = (greenlets: readonly ReadGreenlet[]) => {
        it.named.push(...greenlets);
        it.onName(greenlets);
        return it.namedBy;
      };
      return allOf(known.look({ name, onCopied: () => {}, clock: () => it.now++, cpu: () => 0 }));
    },
    known,
  };
  return it;
}

for (const fixture of greenletFixtures) {
  const instructionOf = (greenlet: ReadGreenlet, layout: ReturnType<typeof open>['layout']) =>
    greenlet.frames[0]!.address + (layout.frame.instruction & ~7);

  test(`greenlets of ${fixture.name} that stay as they are are read once`, () => {
    const it = open(fixture);
    const { suspended, unread, areThere } = it.look()!;
    assert.deepEqual([suspended.length, unread, areThere], [suspendedCount, 0, true]);
    assert.deepEqual(new Set(it.named), new Set(suspended));
    const again = it.look()!;
    assert.deepEqual(it.named, []);
    for (const greenlet of again.suspended) assert.ok(suspended.includes(greenlet));
    assert.equal(again.suspended.length, suspendedCount);
  });

  test(`a greenlet of ${fixture.name} that ran is read anew, the others are not`, () => {
    const it = open(fixture);
    const one = it.look()!.suspended.find(({ frames }) => frames.length > 3)!;
    const at = instructionOf(one, it.layout);
    it.memory.set(at, it.memory.get(at) + 2);
    const { suspended } = it.look()!;
    assert.deepEqual(
      it.named.map(({ address }) => address),
      [one.address],
    );
    const now = suspended.find(({ address }) => address === one.address)!;
    assert.notEqual(now, one);
    assert.notEqual(now.frames[0]!.instruction, one.frames[0]!.instruction);
    assert.equal(suspended.length, suspendedCount);
  });

  test(`a greenlet of ${fixture.name} that goes on while it is named does not count`, () => {
    const it = open(fixture);
    const one = it.look()!.suspended.find(({ frames }) => frames.length > 3)!;
    const at = instructionOf(one, it.layout);
    const value = it.memory.get(at);
    let [runs, times] = [0, 1];
    it.onName = (greenlets) => {
      if (greenlets.some(({ address }) => address === one.address) && runs++ < times)
        it.memory.set(at, value + 2 * (runs % 2));
    };
    it.memory.set(at, value + 4);
    // It is read again.
    assert.deepEqual([it.look()!.suspended.length, runs], [suspendedCount, 2]);
    times = 100;
    it.memory.set(at, value + 4);
    const { suspended, unread } = it.look()!;
    assert.deepEqual([suspended.length, unread], [suspendedCount - 1, 1]);
    assert.ok(!suspended.some(({ address }) => address === one.address));
  });

  test(`a greenlet of ${fixture.name} is read anew when what it was named by is another`, () => {
    const it = open(fixture);
    const first = it.look()!.suspended.find(({ frames }) => frames.length > 3)!;
    // Any word that nothing else depends on.
    const slot = first.frames[0]!.address + it.layout.frame.localsPlus;
    it.onName = (greenlets) => {
      it.namedBy = greenlets.map((one) => [one, { address: slot, length: 8 }]);
    };
    const at = instructionOf(first, it.layout);
    it.memory.set(at, it.memory.get(at) + 2);
    it.look();
    it.look();
    assert.deepEqual(it.named, []);
    it.memory.set(slot, 0x10);
    assert.equal(it.look()!.suspended.length, suspendedCount);
    assert.deepEqual(
      it.named.map(({ address }) => address),
      [first.address],
    );
  });

  test(`a greenlet of ${fixture.name} that runs, or is gone, is not suspended`, () => {
    for (const change of ['runs', 'gone'] as const) {
      const it = open(fixture);
      const one = it.look()!.suspended.find(({ isMain }) => !isMain)!;
      assert.equal(it.known.isBegun(one.address), true);
      if (change === 'gone') it.memory.set(trackedWord(one, it.layout), 0);
      else {
        const object = framePointerOf(it.memory, one, it.layout);
        it.memory.set(object, 0);
      }
      const { suspended } = it.look()!;
      assert.ok(!suspended.some(({ address }) => address === one.address), change);
      assert.equal(suspended.length, suspendedCount - 1);
      assert.equal(it.known.isBegun(one.address), change === 'runs');
    }
  });

  test(`a greenlet of ${fixture.name} of which the collector has no links at one look is there afterwards, at two it is gone`, () => {
    for (const looks of [1, 2]) {
      const it = open(fixture);
      const one = it.look()!.suspended.find(({ isMain }) => !isMain)!;
      const link = it.layout.freeThreading ? trackedWord(one, it.layout) : one.address - 8;
      const before = it.memory.get(link);
      it.memory.set(link, 0);
      // It is read again.
      const at = instructionOf(one, it.layout);
      it.memory.set(at, it.memory.get(at) + 2);
      // It is not found anew: nothing shows where the rings begin.
      const states = collectorStates(it);
      const read = it.memory.read.bind(it.memory);
      it.memory.read = (address, length) =>
        states.some((state) => address >= state && address < state + 512) ? undefined : read(address, length);
      for (let look = 0; look < looks; look++) it.look();
      assert.equal(it.known.has(one.address), false);
      it.memory.set(link, before);
      const found = it.look()!.suspended.some(({ address }) => address === one.address);
      const isThere = looks === 1;
      assert.deepEqual([found, it.known.has(one.address)], [isThere, isThere]);
    }
  });

  test(`in ${fixture.name} nothing that makes greenlets is found by counting modules`, () => {
    const it = open(fixture, ['gevent']);
    assert.equal(it.look(), undefined);
    let reads = 0;
    const read = it.memory.read.bind(it.memory);
    it.memory.read = (address, length) => {
      reads++;
      return read(address, length);
    };
    for (let look = 0; look < 10; look++) assert.equal(it.look(), undefined);
    assert.ok(reads <= 10, String(reads));
  });
}

/** Of a greenlet that the collector does not have any more, this word is 0. */
function trackedWord({ address }: ReadGreenlet, { freeThreading }: Layout): number {
  return freeThreading ? address + 8 : address - 16;
}

/** Where the struct of a suspended greenlet refers to its innermost frame. */
function framePointerOf(
  memory: PatchedMemory,
  { address, frames }: ReadGreenlet,
  { minor, object: { size } }: Layout,
): number {
  const struct = memory.get(address + size + 16);
  for (let at = struct; at < struct + 256; at += 8) {
    const object = memory.get(at);
    const [{ address: frame }] = frames as [FoundFrame];
    if (minor < 11 ? object === frame : isFrameObject(memory, object + size + 8, frame)) return at;
  }
  throw new Error('no frame');
}

/** From 3.11: PyFrameObject has the frame after `f_back`. */
function isFrameObject(memory: PatchedMemory, field: number, frame: number): boolean {
  try {
    return memory.get(field) === frame;
  } catch {
    return false;
  }
}
