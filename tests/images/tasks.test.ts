import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAsyncioDebug } from '../../src/cpython/asyncio/debug-section.js';
import { type ReadTask, TaskReader } from '../../src/cpython/asyncio/task-reader.js';
import { readString } from '../../src/cpython/objects/strings.js';
import { versionOf } from '../../src/cpython/versions.js';
import { pageSize } from '../../src/memory/paged-memory.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { findPython } from '../../src/sampler/attach.js';
import { type ImageFixture, imageOfFixture, taskFixtures } from '../support/images.js';
import { PatchedMemory } from '../support/patched-memory.js';

/** How many tasks tests/programs/known_tasks.py has. */
const taskCount = 11;
const mostFrames = 2000;

function open(fixture: ImageFixture) {
  const target = imageTarget(imageOfFixture(fixture));
  const { layout, runtime, image } = findPython(target)!;
  const memory = new PatchedMemory(target.memory);
  const findDebug = () => findAsyncioDebug(target.files(), target.memory, image);
  const debug = layout.minor < 14 ? undefined : findDebug();
  const fresh = () => new TaskReader({ memory, layout, runtime, findDebug });
  return { memory, layout, debug, reader: fresh(), fresh };
}

/** Of a page behind which none can be read. */
function endOfMemory(fixture: ImageFixture): number {
  const { pages } = imageOfFixture(fixture);
  const numbers = [...pages.keys()].filter((number) => !pages.has(number + 1));
  return (Math.max(...numbers) + 1) * pageSize;
}

const named = (tasks: readonly ReadTask[], name: string) => tasks.find((task) => task.name === name)!;

/** Where the outer one of two frames refers to the coroutine that it awaits. */
function slotOf(memory: PatchedMemory, { frames: [inner, outer] }: ReadTask): number {
  for (let at = outer!.frame; ; at += 8)
    if (memory.get(at) - (memory.get(at) % 8) === inner!.object) return at;
}

for (const fixture of taskFixtures.filter(({ name }) => /3\.1[45]/.test(name)))
  test(`of ${fixture.name} no task is missing when one before it ended while the list was read`, () => {
    const { memory, reader, debug } = open(fixture);
    const { node } = debug!.task;
    const { tasks } = reader.read();
    const nextOf = (place: number) => memory.get(place + node);
    const places = new Map(tasks.map((task) => [task.address + node, task]));
    const others = tasks.filter(({ name }) => name !== 'Task-2' && name !== 'Task-7');
    const before = others.find(({ address }) => others.includes(places.get(nextOf(address))!))!;
    const ended = places.get(nextOf(before.address))!;
    const next = nextOf(ended.address);
    let head = next;
    while (places.has(head)) head = memory.get(head);
    memory.set(slotOf(memory, named(tasks, 'Task-2')), named(tasks, 'Task-7').coroutine);
    memory.set(ended.address + node, 0);
    memory.set(ended.coroutine + 8, 0);
    // What was copied of the place before is older.
    memory.before(head, () => memory.set(before.address + node, next));
    const after = reader.read();
    assert.deepEqual(
      after.tasks.map(({ address }) => address).sort(),
      tasks.flatMap((task) => (task === ended ? [] : [task.address])).sort(),
    );
    assert.equal(after.isComplete, true);
  });

for (const fixture of taskFixtures) {
  test(`tasks of ${fixture.name} are read anew only when their memory changes`, () => {
    const { memory, reader } = open(fixture);
    const { tasks, unread, isComplete } = reader.read();
    assert.deepEqual([tasks.length, unread, isComplete], [taskCount, 0, true]);
    const again = reader.read().tasks;
    for (const task of tasks) assert.ok(again.includes(task), task.name);
    const changed = named(tasks, 'Task-2');
    // Its innermost coroutine is not awaited any more, but that of another task.
    memory.set(slotOf(memory, changed), named(tasks, 'Task-7').coroutine);
    const after = reader.read().tasks;
    assert.ok(!after.includes(changed));
    for (const task of tasks) if (task !== changed) assert.ok(after.includes(task), task.name);
  });

  test(`a name that ends where memory of ${fixture.name} ends is read`, () => {
    const { memory, layout, debug, fresh } = open(fixture);
    const task = named(fresh().read().tasks, 'Task-2');
    const field = task.address + (debug ?? versionOf(layout)!.asyncio!).task.name;
    const name = memory.get(field);
    // An int while nobody has asked for it.
    const size = readString(memory, layout, name) === undefined ? 32 : layout.unicode.asciiSize + 8;
    const end = endOfMemory(fixture);
    for (let at = 0; at < size; at += 8) memory.set(end - size + at, memory.get(name + at));
    memory.set(field, end - size);
    assert.ok(memory.read(end - size, size + 1) === undefined);
    const found = fresh()
      .read()
      .tasks.find(({ address }) => address === task.address);
    assert.equal(found?.name, task.name);
  });

  test(`a coroutine of ${fixture.name} that awaits itself ends`, () => {
    const { memory, reader } = open(fixture);
    const task = named(reader.read().tasks, 'Task-2');
    memory.set(slotOf(memory, task), task.frames[1]!.object);
    const circular = named(reader.read().tasks, 'Task-2');
    assert.equal(circular.truncated, true);
    assert.equal(circular.frames.length, mostFrames);
  });

  test(`what a task of ${fixture.name} awaits is checked to be an object`, () => {
    const { memory, reader } = open(fixture);
    const task = named(reader.read().tasks, 'Task-2');
    const slot = slotOf(memory, task);
    for (const wrong of [0x10, task.frames[0]!.code + 16, 2 ** 45]) {
      memory.set(slot, wrong);
      const { tasks, unread } = reader.read();
      assert.deepEqual([tasks.length, unread], [taskCount - 1, 1]);
    }
  });

  test(`a task of ${fixture.name} that changes at every look is counted, not shown`, () => {
    const { memory, layout, reader } = open(fixture);
    const task = named(reader.read().tasks, 'Task-2');
    const at = task.outermostFrame + layout.frame.localsPlus;
    let value = 0;
    const readMany = memory.readMany.bind(memory);
    memory.readMany = (plan, into) => {
      memory.set(at, value++);
      return readMany(plan, into);
    };
    const { tasks, unread } = reader.read();
    assert.equal(named(tasks, 'Task-2'), undefined);
    assert.deepEqual([tasks.length, unread], [taskCount - 1, 1]);
  });

  test(`one task of ${fixture.name} is read by itself, and compared with what it is then`, () => {
    const { memory, reader } = open(fixture);
    assert.equal(reader.readOne(4096), undefined);
    const tasks = reader.read().tasks;
    const [one, other] = [named(tasks, 'Task-2'), named(tasks, 'Task-7')];
    const again = reader.readOne(one.address)!;
    assert.deepEqual(valuesOf(again), valuesOf(one));
    assert.deepEqual([...reader.unchanged([again, other])], [again, other]);
    memory.set(slotOf(memory, again), other.coroutine);
    assert.deepEqual([...reader.unchanged([again, other])], [other]);
    assert.notDeepEqual(reader.readOne(one.address)!.frames, one.frames);
  });

  test(`types of ${fixture.name} are read anew only when that is asked for`, () => {
    const { memory, layout, reader } = open(fixture);
    const task = named(reader.read().tasks, 'Task-2');
    const type = memory.get(task.address + layout.object.type);
    memory.set(type + layout.type.basicSize, 8);
    assert.ok(reader.readOne(task.address));
    reader.renew();
    assert.equal(reader.readOne(task.address), undefined);
  });

  test(`without its memory ${fixture.name} has no tasks`, () => {
    const { memory, reader } = open(fixture);
    reader.read();
    memory.ended = true;
    assert.deepEqual(reader.read().tasks, []);
  });
}

/** From 3.11 a coroutine has its frame within it. */
for (const fixture of taskFixtures.filter(({ name }) => /3\.1[1-9]/.test(name)))
  test(`tasks of ${fixture.name} that ran meanwhile are found as by one who never saw them, in few reads`, () => {
    const { memory, layout, reader, fresh } = open(fixture);
    const { asyncio } = fresh();
    let reads = 0;
    const readMany = memory.readMany.bind(memory);
    memory.readMany = (plan, into) => {
      reads++;
      return readMany(plan, into);
    };
    const readsOf = () => {
      const before = reads;
      const { tasks } = reader.read();
      return { tasks, count: reads - before };
    };
    readsOf();
    const { tasks, count: unchanged } = readsOf();
    assert.equal(readsOf().count, unchanged, 'that all were new at first does not make it a busy program');
    const most = [];
    for (let round = 1; round <= 4; round++) {
      // Names of coroutines, which nothing depends on.
      for (const { coroutine } of tasks) memory.set(coroutine + layout.object.type + 16, 4096 * round);
      const sleeping = named(tasks, 'Task-2');
      const word = asyncio!.future.state & ~7;
      const state = memory.get(sleeping.waiter!.address + word);
      const bit = 2 ** (8 * (asyncio!.future.state & 7));
      memory.set(sleeping.waiter!.address + word, round % 2 === 1 ? state + bit : state - bit);
      const { tasks: after, count } = readsOf();
      most.push(count);
      assert.equal(named(after, 'Task-2').state, round % 2 === 1 ? 'ready' : 'waiting');
      const sorted = (all: readonly ReadTask[]) => all.map(valuesOf).sort();
      assert.deepEqual(sorted(after), sorted(fresh().read().tasks));
      for (const task of tasks) assert.ok(!after.includes(task), task.name);
    }
    // What its struct says, and a name at the same address, are others.
    for (const { coroutine } of tasks) memory.set(coroutine + layout.object.type + 16, 4096 * 5);
    const { address } = named(tasks, 'Task-2');
    memory.set(address + asyncio!.future.callback, 4096 * 5);
    memory.set(named(tasks, 'Task-7').address + asyncio!.future.loop, 4096 * 5);
    const name = memory.get(named(tasks, 'Task-3').address + asyncio!.task.name);
    const isText = memory.get(name + layout.unicode.length) === 'Task-3'.length;
    const digits = isText ? name + layout.unicode.asciiSize : name + layout.long.digits;
    memory.set(digits, memory.get(digits) + (isText ? 1 : 90));
    const { tasks: others } = reader.read();
    assert.equal(named(others, 'Task-3'), undefined);
    assert.deepEqual(others.map(valuesOf).sort(), fresh().read().tasks.map(valuesOf).sort());
    // All of them are compared with one more copy; what has no frame of its own is walked.
    assert.ok(
      Math.max(...most.slice(1)) - unchanged < 25,
      `${most} reads, ${unchanged} when nothing changes`,
    );
    // One that runs has its frame as it was when it was left.
    const { state: ofState, executing, awaiting } = asyncio!.generator;
    const { coroutine } = named(tasks, 'Task-2');
    const [at, unit] = [coroutine + (ofState & ~7), 2 ** (8 * (ofState & 7))];
    const waits = memory.get(at);
    memory.set(at, waits + (executing - awaiting) * unit);
    const running = named(reader.read().tasks, 'Task-2');
    assert.deepEqual([running.state, running.frames], ['running', []]);
    assert.deepEqual(valuesOf(running), valuesOf(named(fresh().read().tasks, 'Task-2')));
    memory.set(at, waits);
    assert.equal(named(reader.read().tasks, 'Task-2').state, 'waiting');
    // What both copies have not alike is of no moment.
    let value = 4096 * 6;
    for (const { coroutine } of tasks) memory.set(coroutine + layout.object.type + 16, value);
    const counting = memory.readMany;
    memory.readMany = (plan, into) => {
      memory.set(named(tasks, 'Task-2').coroutine + layout.object.type + 16, value++);
      return counting(plan, into);
    };
    const { tasks: held, unread } = reader.read();
    assert.deepEqual([held.length, unread, named(held, 'Task-2')], [taskCount - 1, 1, undefined]);
    memory.readMany = counting;
    // Another coroutine: it is found out anew.
    memory.set(slotOf(memory, named(tasks, 'Task-2')), named(tasks, 'Task-7').coroutine);
    const { frames } = named(reader.read().tasks, 'Task-2');
    assert.deepEqual(frames, named(fresh().read().tasks, 'Task-2').frames);
  });

/** What a reading says, however it was made. */
function valuesOf(task: ReadTask): unknown {
  const { address, name, loop, state, isCancelling, coroutine, frames, outermostFrame, truncated } = task;
  const { awaited, awaitedType, waiter, awaitedBy, hasCallbacks, callbacks } = task;
  return [
    ...[address, name, loop, state, isCancelling, coroutine, frames, outermostFrame, truncated],
    ...[awaited, awaitedType, waiter, awaitedBy, hasCallbacks, callbacks],
  ];
}
