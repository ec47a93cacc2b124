import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TaskReader } from '../../src/cpython/asyncio/task-reader.js';
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
