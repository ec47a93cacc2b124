import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskSnapshot } from '../../model/snapshot.js';
import { type TaskGroup, taskTree } from './task-tree.js';

const task = (id: number, place: string, ...awaitedBy: number[]): TaskSnapshot => ({
  ...{ id, name: `Task-${id}`, state: 'waiting', isCancelling: false, waitKind: 'sleep', waitingFor: '' },
  ...{ loop: 1, threadId: 1, awaitedBy, truncated: false },
  frames: [
    {
      ...{ kind: 'python', name: place, qualifiedName: place, file: 'a.py', shortFile: 'a.py' },
      ...{ line: 1, firstLine: 1 },
    },
  ],
});

const drawn = (groups: readonly TaskGroup[]): string =>
  groups
    .map(({ tasks, awaited }) => {
      const names = tasks.map(({ id }) => id).join('+');
      return awaited.length === 0 ? names : `${names}(${drawn(awaited)})`;
    })
    .join(' ');

test('a task stands below who waits for it, once', () => {
  const tasks = [task(1, 'a'), task(2, 'b', 1), task(3, 'c', 2), task(4, 'd', 1, 2), task(5, 'e', 99)];
  assert.equal(drawn(taskTree(tasks, false)), '1(2(3) 4) 5');
});

test('of tasks that wait for each other one stands at the top', () => {
  assert.equal(drawn(taskTree([task(1, 'a', 3), task(2, 'b', 1), task(3, 'c', 2)], false)), '3(1(2))');
  assert.equal(drawn(taskTree([task(1, 'a', 1)], false)), '1');
});

test('tasks at the same place that wait for the same are one group', () => {
  const tasks = [
    ...[task(1, 'a'), task(2, 'a'), task(3, 'a'), task(4, 'other')],
    ...[task(5, 'b', 1), task(6, 'b', 2), task(7, 'c', 3)],
  ];
  assert.equal(drawn(taskTree(tasks, true)), '1+2(5) 3(7) 4');
  assert.equal(drawn(taskTree(tasks, false)), '1(5) 2(6) 3(7) 4');
});

test('a chain of 20,000 tasks, each waiting for the next, is drawn', () => {
  const tasks = Array.from({ length: 20_000 }, (_, id) => task(id + 1, 'a', id));
  let depth = 0;
  for (let groups = taskTree(tasks, true); groups.length > 0; groups = groups[0]!.awaited) {
    assert.equal(groups.length, 1);
    depth++;
  }
  assert.equal(depth, 20_000);
});
