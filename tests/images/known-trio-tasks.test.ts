import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributeOf } from '../../src/cpython/objects/instances.js';
import { slotsOf } from '../../src/cpython/objects/slots.js';
import { KnownTrioTasks } from '../../src/cpython/trio/known-trio-tasks.js';
import type { ReadTrioTask } from '../../src/cpython/trio/trio-reader.js';
import { supportedVersion } from '../../src/cpython/versions.js';
import { allOf } from '../../src/memory/steps.js';
import { snapshotOf } from '../../src/sampler/snapshot.js';
import { changingImage } from '../support/changing-image.js';
import { trioFixture } from '../support/images.js';
import { PatchedMemory } from '../support/patched-memory.js';

/** Of tests/programs/known_trio.py, with those of trio itself. */
const taskCount = 11;

function open() {
  const { target, location } = changingImage(trioFixture);
  const memory = new PatchedMemory(target.memory);
  const { layout } = location;
  const runner = snapshotOf(target, location, {}).trio!.tasks[0]!.loop;
  const known = new KnownTrioTasks(memory, layout, supportedVersion(layout.major, layout.minor)!.asyncio!);
  const it = {
    ...{ memory, layout, known, runner },
    named: [] as ReadTrioTask[],
    onName: (_: readonly ReadTrioTask[]) => {},
    look: () => {
      it.named = [];
      const name = (tasks: readonly ReadTrioTask[]) => {
        it.named.push(...tasks);
        it.onName(tasks);
      };
      return allOf(known.look([runner], name, () => {}));
    },
  };
  return it;
}

const deep = (tasks: readonly ReadTrioTask[]) =>
  tasks.find(({ state, frames }) => state === 'waiting' && frames.length > 3)!;

test('tasks of trio that stay as they are are read once', () => {
  const it = open();
  const { tasks, unread } = it.look();
  assert.deepEqual([tasks.length, unread], [taskCount, 0]);
  assert.deepEqual(new Set(it.named), new Set(tasks));
  // Pages are arranged anew meanwhile.
  for (let look = 0; look < 40; look++) {
    const again = it.look();
    assert.deepEqual(it.named, []);
    assert.deepEqual(new Set(again.tasks), new Set(tasks));
  }
});

test('a task of trio that goes on while it is named does not count', () => {
  const it = open();
  const one = deep(it.look().tasks);
  // Its frame, and what its object says: either is enough.
  const { frame } = one.frames[0]!;
  for (const at of [frame + (it.layout.frame.instruction & ~7), one.address + it.layout.object.size]) {
    const value = it.memory.get(at);
    let [runs, times] = [0, 1];
    it.onName = (tasks) => {
      if (tasks.some(({ address }) => address === one.address) && runs++ < times)
        it.memory.set(at, value + 2 * (runs % 2));
    };
    it.memory.set(at, value + 4);
    // It is read again.
    const { tasks, unread } = it.look();
    const isThere = tasks.some(({ address }) => address === one.address);
    assert.equal(isThere ? 0 : 1, unread);
    times = 100;
    it.memory.set(at, value + 4);
    const busy = it.look();
    assert.ok(!busy.tasks.some(({ address }) => address === one.address));
    assert.deepEqual([busy.tasks.length, busy.unread], [taskCount - 1, 1]);
    it.onName = () => {};
    it.memory.set(at, value);
    assert.equal(it.look().tasks.length, taskCount);
  }
});

test('a task of trio with another name or coroutine is another one', () => {
  const it = open();
  const one = deep(it.look().tasks);
  assert.equal(it.known.isStill(one), true);
  assert.equal(it.known.isStill({ ...one, name: 'another' }), false);
  assert.equal(it.known.isStill({ ...one, coroutine: one.coroutine + 16 }), false);
  it.memory.set(one.address + it.layout.object.type, 0x10);
  assert.equal(it.known.isStill(one), false);
});

test('a task of trio that its runner has no more is forgotten', () => {
  const it = open();
  const one = deep(it.look().tasks);
  const { used, table, mask, entryKey, entryHash } = it.layout.set;
  const set = attributeOf(it.memory, it.layout, it.runner, 'tasks');
  const entries = it.memory.get(set + table);
  const size = 2 * Math.abs(entryHash - entryKey);
  let entry = entries;
  while (it.memory.get(entry + entryKey) !== one.address) entry += size;
  assert.ok(entry <= entries + it.memory.get(set + mask) * size);
  it.memory.set(entry + entryKey, 0);
  it.memory.set(set + used, taskCount - 1);
  const { tasks, unread } = it.look();
  assert.ok(!tasks.some(({ address }) => address === one.address));
  assert.deepEqual([tasks.length, unread], [taskCount - 1, 0]);
  it.memory.set(entry + entryKey, one.address);
  it.memory.set(set + used, taskCount);
  assert.equal(it.look().tasks.length, taskCount);
  assert.deepEqual(
    it.named.map(({ address }) => address),
    [one.address],
  );
});

test('a task of trio that is to run next is ready', () => {
  const it = open();
  const one = deep(it.look().tasks);
  const type = it.memory.get(one.address + it.layout.object.type);
  const next = slotsOf(it.memory, it.layout, type).find(({ name }) => name === '_next_send_fn')!;
  // Any object but None.
  it.memory.set(one.address + next.offset, one.address);
  const now = it.look().tasks.find(({ address }) => address === one.address)!;
  assert.deepEqual([one.state, now.state], ['waiting', 'ready']);
});

test('what is no runner of trio has no tasks', () => {
  const it = open();
  assert.deepEqual([it.known.isRunner(it.runner), it.known.isRunner(it.runner + 16)], [true, false]);
  const nameOf = (object: number) => it.memory.get(object + it.layout.object.type) + it.layout.type.name;
  const name = it.memory.get(nameOf(it.runner));
  it.memory.set(nameOf(it.runner), it.memory.get(nameOf(it.look().tasks[0]!.address)));
  assert.equal(it.known.isRunner(it.runner), false);
  it.memory.set(nameOf(it.runner), name);
  assert.equal(it.known.isRunner(it.runner), true);
  it.memory.ended = true;
  assert.deepEqual(it.look().tasks, []);
});
