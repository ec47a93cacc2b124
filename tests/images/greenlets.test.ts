import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GreenletReader, type ReadGreenlet } from '../../src/cpython/greenlets/greenlet-reader.js';
import { attributeOf } from '../../src/cpython/objects/instances.js';
import { isTrioRunner, readTrioTasks } from '../../src/cpython/trio/trio-reader.js';
import { supportedVersion } from '../../src/cpython/versions.js';
import type { ProcessSnapshot } from '../../src/model/snapshot.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { findPython } from '../../src/sampler/attach.js';
import { snapshotOf } from '../../src/sampler/snapshot.js';
import { greenletFixtures, type ImageFixture, imageOfFixture, trioFixture } from '../support/images.js';
import { PatchedMemory } from '../support/patched-memory.js';

/** How many tests/programs/known_greenlets.py has that are not done, the main ones of two threads among them. */
const greenletCount = 13;
const trioCount = 11;
const limits = { mostObjects: 1_000_000, isLate: () => false };

function open(fixture: ImageFixture) {
  const target = imageTarget(imageOfFixture(fixture));
  const location = findPython(target)!;
  const memory = new PatchedMemory(target.memory);
  const { layout, runtime } = location;
  const snapshot = (): ProcessSnapshot => snapshotOf({ ...target, memory }, location, {});
  return { memory, layout, runtime, snapshot };
}

const withFrames = (greenlets: readonly ReadGreenlet[]) =>
  greenlets.find(({ isMain, frames }) => !isMain && frames.length > 3)!;

for (const fixture of greenletFixtures) {
  const find = () => {
    const { memory, layout, runtime, snapshot } = open(fixture);
    const reader = new GreenletReader({ memory, layout, runtime, users: [] });
    const { addresses, isComplete } = reader.find(limits, () => {});
    assert.equal(isComplete, true);
    return { memory, layout, reader, addresses, snapshot };
  };

  test(`whether something that makes greenlets is imported in ${fixture.name}`, () => {
    const { memory, layout, runtime } = open(fixture);
    for (const [users, isUsed] of [
      [['json.nothing', 'threading'], true] as const,
      [['gevent'], false] as const,
    ])
      assert.equal(new GreenletReader({ memory, layout, runtime, users }).isUsed, isUsed);
  });

  test(`greenlets of ${fixture.name} are found with their threads`, () => {
    const { reader, addresses, snapshot } = find();
    const { greenlets, unread } = reader.read(addresses);
    assert.deepEqual([greenlets.length, unread.size], [greenletCount, 0]);
    const { greenlets: shown, threads } = snapshot();
    assert.deepEqual([shown!.unread, shown!.isComplete], [0, true]);
    const ids = new Set(shown!.greenlets.map(({ threadId }) => threadId));
    assert.deepEqual([...ids].sort(), threads.map(({ threadId }) => threadId).sort());
  });

  test(`a greenlet of ${fixture.name} whose frames are none is counted, not shown`, () => {
    const { memory, layout, reader, addresses, snapshot } = find();
    const { frames } = withFrames(reader.read(addresses).greenlets);
    const { greenlets: before } = snapshot();
    for (const wrong of [0x10, 2 ** 45]) {
      memory.set(frames[2]!.address + layout.frame.previous, wrong);
      const { greenlets, unread } = reader.read(addresses);
      assert.deepEqual([greenlets.length, unread.size], [greenletCount - 1, 1]);
      const { greenlets: shown } = snapshot();
      assert.deepEqual([shown!.greenlets.length, shown!.unread], [before!.greenlets.length - 1, 1]);
    }
    // A circle has no end.
    memory.set(frames[2]!.address + layout.frame.previous, frames[1]!.address);
    assert.equal(reader.read(addresses).unread.size, 1);
  });

  test(`a greenlet of ${fixture.name} that changes at every look is counted, not shown`, () => {
    const { memory, layout, reader, addresses, snapshot } = find();
    const [frame] = withFrames(reader.read(addresses).greenlets).frames;
    const at = frame!.address + (layout.frame.instruction & ~7);
    const value = memory.get(at);
    let looks = 0;
    const read = memory.read.bind(memory);
    memory.read = (address, length) => {
      // It lies on the page that is read.
      if (address <= at && address + length > at) memory.set(at, value + 4 * (looks++ % 2));
      return read(address, length);
    };
    const { greenlets } = snapshot();
    assert.equal(greenlets!.unread, 1);
  });

  test(`where the objects of ${fixture.name} are in no ring or heap, it is not complete`, () => {
    const { memory, layout, reader, addresses } = find();
    const [first] = addresses;
    const head = layout.freeThreading ? heapOfPage(first!) : first! - 16;
    const next = memory.get(head);
    for (const wrong of [head, 0, 2 ** 45]) {
      memory.set(head, wrong);
      assert.equal(reader.find(limits, () => {}).isComplete, false);
    }
    memory.set(head, next);
    assert.equal(reader.find(limits, () => {}).isComplete, true);
    assert.equal(reader.find({ ...limits, mostObjects: 100 }, () => {}).isComplete, false);
    assert.equal(reader.find({ ...limits, isLate: () => true }, () => {}).isComplete, false);
  });

  if (!fixture.isFreeThreaded)
    test(`a greenlet of ${fixture.name} that the object after it does not know is counted, not shown`, () => {
      const { memory, reader, addresses } = find();
      const { address } = withFrames(reader.read(addresses).greenlets);
      memory.set(address - 16, address - (address % 4096));
      const { greenlets, unread } = reader.read(addresses);
      assert.deepEqual([greenlets.length, [...unread]], [greenletCount - 1, [address]]);
    });

  test(`greenlets of ${fixture.name} with what is another's are not shown`, () => {
    const { memory, layout, reader, addresses } = find();
    const { greenlets } = reader.read(addresses);
    const [one, other] = greenlets.filter(({ isMain, frames }) => !isMain && frames.length > 3);
    const pimpl = one!.address + layout.object.size + 16;
    const struct = memory.get(pimpl);
    const places = Array.from({ length: 32 }, (_, at) => struct + 8 * at);
    const stop = places.find((at) => memory.get(at) === one!.stack)!;
    const frame = one!.frames.at(-1)!.address;
    // A frame on the C stack that it had; others have it now.
    const stack = [memory.get(stop - 8), memory.get(stop)] as const;
    memory.set(stop - 8, frame - 4096);
    memory.set(stop, frame + 4096);
    assert.deepEqual([...reader.read(addresses).unread], [one!.address]);
    memory.set(stop - 8, stack[0]);
    memory.set(stop, stack[1]);
    // The frame of another one.
    const frameField = layout.object.size + 8;
    const first = one!.frames[0]!.address;
    const objects = places
      .map((at) => memory.get(at))
      .filter((object) => memory.read(object + frameField, 8));
    const object = objects.find((at) => memory.get(at + frameField) === first);
    assert.equal(object !== undefined, layout.minor >= 11);
    if (object !== undefined) {
      memory.set(object + frameField, other!.frames[0]!.address);
      assert.deepEqual([...reader.read(addresses).unread], [one!.address]);
      memory.set(object + frameField, first);
    }
    memory.set(pimpl, memory.get(other!.address + layout.object.size + 16));
    const now = reader.read(addresses);
    assert.deepEqual([now.greenlets.length, now.unread.size], [greenletCount - 1, 0]);
    assert.ok(!now.greenlets.some(({ address }) => address === one!.address));
  });

  test(`without its memory ${fixture.name} has no greenlets`, () => {
    const { memory, reader, addresses } = find();
    memory.ended = true;
    assert.deepEqual(reader.find(limits, () => {}).addresses, []);
    assert.deepEqual(reader.read(addresses).greenlets, []);
  });
}

/** Where the page of an object says of which heap it is (mimalloc 2.1). */
function heapOfPage(object: number): number {
  const segment = object - (object % 2 ** 25);
  return segment + 264 + 96 * Math.floor((object - segment) / 2 ** 16) + 48;
}

test('tasks of trio whose coroutines are none are counted, not shown', () => {
  const { memory, layout, snapshot } = open(trioFixture);
  const { trio } = snapshot();
  assert.deepEqual([trio!.tasks.length, trio!.unread, trio!.isComplete], [trioCount, 0, true]);
  const runner = trio!.tasks[0]!.loop;
  assert.equal(isTrioRunner(memory, layout, runner), true);
  assert.equal(isTrioRunner(memory, layout, runner + 16), false);
  const { asyncio } = supportedVersion(layout.major, layout.minor)!;
  const { tasks } = readTrioTasks(memory, layout, asyncio!, [runner]);
  const { frames } = tasks.find(({ state, frames: { length } }) => state === 'waiting' && length > 4)!;
  memory.set(frames[1]!.object + layout.object.type, 0x10);
  assert.equal(readTrioTasks(memory, layout, asyncio!, [runner]).unread.size, 1);
  const { trio: shown } = snapshot();
  assert.deepEqual([shown!.tasks.length, shown!.unread], [trioCount - 1, 1]);
  memory.ended = true;
  assert.deepEqual(readTrioTasks(memory, layout, asyncio!, [runner]).tasks, []);
});

test('a task of trio that goes on while it is read is counted, not shown', () => {
  const { memory, layout, snapshot } = open(trioFixture);
  const runner = snapshot().trio!.tasks[0]!.loop;
  const { asyncio } = supportedVersion(layout.major, layout.minor)!;
  const all = readTrioTasks(memory, layout, asyncio!, [runner]).tasks;
  const one = all.find(({ state, frames: { length } }) => state === 'waiting' && length > 4)!;
  const at = one.frames[0]!.frame + (layout.frame.instruction & ~7);
  const value = memory.get(at);
  let reads = 0;
  const readMany = memory.readMany.bind(memory);
  memory.readMany = (plan, into) => {
    memory.set(at, value + 2 * reads++);
    return readMany(plan, into);
  };
  const { tasks, unread } = readTrioTasks(memory, layout, asyncio!, [runner]);
  assert.deepEqual([tasks.length, [...unread]], [trioCount - 1, [one.address]]);
});

test('tasks of trio are not all when their set has more', () => {
  const { memory, layout, snapshot } = open(trioFixture);
  const runner = snapshot().trio!.tasks[0]!.loop;
  const { asyncio } = supportedVersion(layout.major, layout.minor)!;
  const set = attributeOf(memory, layout, runner, 'tasks');
  memory.set(set + layout.set.used, trioCount + 1);
  const { tasks, isComplete } = readTrioTasks(memory, layout, asyncio!, [runner]);
  assert.deepEqual([tasks.length, isComplete], [trioCount, false]);
});
