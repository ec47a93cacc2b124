import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestAbove, treeOf } from './process-tree.js';

function drawn(...nodes: [pid: number, above?: number][]): string[] {
  return treeOf(nodes.map(([pid, above]) => ({ pid, above }))).map(({ node, lead }) => `${lead}${node.pid}`);
}

test('children stand below their parents, siblings in their order', () => {
  assert.deepEqual(drawn([1], [5, 1], [2], [3, 1], [4, 5], [6, 2]), [
    '1',
    '├─ 5',
    '│  └─ 4',
    '└─ 3',
    '2',
    '└─ 6',
  ]);
});

test('a parent that is not listed is no parent', () => {
  assert.deepEqual(drawn([3, 2], [4, 3]), ['3', '└─ 4']);
});

test('every node is there once, also in a circle', () => {
  assert.deepEqual(drawn([1, 2], [2, 1], [3, 3]), ['1', '└─ 2', '3']);
});

test('the nearest that is listed, whatever is between', () => {
  const parents = new Map([
    [5, 4],
    [4, 3],
    [3, 2],
    [2, 1],
  ]);
  const above = (pid: number, ...listed: number[]) =>
    nearestAbove(pid, new Set(listed), (child) => parents.get(child));
  assert.equal(above(4, 2, 3, 5), 3);
  assert.equal(above(5, 5, 4), 5);
  assert.equal(above(5, 9), undefined);
});

test('processes that are said to be above one another come to an end', () => {
  assert.equal(
    nearestAbove(1, new Set([9]), (pid) => 3 - pid),
    undefined,
  );
});
