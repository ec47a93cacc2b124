import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyNode, noNode } from './stack-tree.js';
import { StackWorld } from './stack-world.js';

const [outer, middle, inner] = [0x1000, 0x2000, 0x3000];

test('where only the innermost call is not proven, the node of its callers is known', () => {
  const world = new StackWorld();
  const callers = world.judge([outer]).node;
  assert.ok(callers > emptyNode);
  const lacksInner = world.judge([inner, outer], { isStable: false });
  assert.deepEqual([lacksInner.node, lacksInner.certain, lacksInner.lacking], [noNode, callers, 1]);
  const lacksTwo = world.judge([inner, middle, outer], { isStable: false });
  assert.deepEqual([lacksTwo.node, lacksTwo.certain, lacksTwo.lacking], [noNode, callers, 2]);
  world.prove(outer, inner);
  assert.ok(world.judge([inner, outer], { isStable: false }).node > callers);
});

test('a stack goes on from its callers and from itself, and from no other', () => {
  const world = new StackWorld();
  const { tree } = world;
  world.prove(outer, inner);
  world.prove(outer, middle);
  const root = world.judge([outer]).node;
  const first = world.judge([inner, outer]).node;
  const second = world.judge([middle, outer]).node;
  assert.equal(tree.goesOnFrom(first, root), true);
  assert.equal(tree.goesOnFrom(first, first), true);
  assert.equal(tree.goesOnFrom(second, first), false);
  assert.equal(tree.goesOnFrom(root, first), false);
  assert.equal(tree.goesOnFrom(emptyNode, root), false);
});

test('where a stack begins is taken from a stable read alone', () => {
  const world = new StackWorld();
  assert.equal(world.judge([outer], { isStable: false }).node, noNode);
  assert.ok(world.judge([outer]).node > emptyNode);
  assert.ok(world.judge([outer], { isStable: false }).node > emptyNode);
});
