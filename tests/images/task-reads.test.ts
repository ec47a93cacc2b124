import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAsyncioDebug } from '../../src/cpython/asyncio/debug-section.js';
import { TaskReader } from '../../src/cpython/asyncio/task-reader.js';
import { isPointer } from '../../src/memory/pointers.js';
import { changingImage } from '../support/changing-image.js';
import { countingMemory } from '../support/counting-memory.js';
import { taskFixtures } from '../support/images.js';

for (const fixture of taskFixtures.filter(({ name }) => /3\.9$/.test(name)))
  test(`a task of ${fixture.name} that lies where others lay is read in few reads`, () => {
    const { memory, location } = changingImage(fixture);
    const { layout, runtime } = location;
    const counting = countingMemory(memory);
    const reader = new TaskReader({ memory: counting, layout, runtime });
    const [task, other] = reader.read().tasks.filter(({ name }) => name !== '');
    const name = task!.address + reader.asyncio!.task.name;
    const names = [memory.get(name), memory.get(other!.address + reader.asyncio!.task.name)];
    const counts = Array.from({ length: 8 }, (_, round) => {
      memory.set(name, names[(round + 1) % 2]!);
      const before = counting.reads;
      assert.equal(reader.readOne(task!.address)?.name, [task, other][(round + 1) % 2]!.name);
      return counting.reads - before;
    });
    assert.ok(counts.at(-1)! * 2 <= counts[0]!, counts.join());
  });

for (const fixture of taskFixtures)
  test(`that a task of ${fixture.name} was added is seen without reading any, though it lies where another lay`, () => {
    const { memory, location, target } = changingImage(fixture);
    const { layout, runtime, image } = location;
    const counting = countingMemory(memory);
    const findDebug = () => findAsyncioDebug(target.files(), memory, image);
    const reader = new TaskReader({ memory: counting, layout, runtime, findDebug });
    const { tasks } = reader.read();
    const listed = reader.listed()!;
    const before = counting.reads;
    assert.ok(listed.isSame());
    assert.equal(counting.reads, before + 1);
    // One that is written in Python has its name elsewhere.
    const names = tasks
      .map(({ address }) => memory.get(address + reader.asyncio!.task.name))
      .filter(isPointer);
    const isSeen = names.map((name) => {
      // The word after its header: the length of a text, or the digits of a number.
      const word = name + layout.object.size;
      const was = memory.get(word);
      memory.set(word, was + 8);
      const isAnother = !listed.isSame();
      memory.set(word, was);
      return isAnother;
    });
    // A list has the newest one at its end, a set anywhere.
    assert.equal(isSeen.filter((is) => is).length, layout.minor < 14 ? names.length : 1);
    assert.ok(listed.isSame());
  });
