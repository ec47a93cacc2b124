import assert from 'node:assert/strict';
import { test } from 'node:test';
import { python3_13 } from '../cpython/layouts/python3_13.js';
import { anyWay, Walk } from '../cpython/stack/walk.js';
import { FakeMemory } from '../memory/fake-memory.js';
import { CCalls } from './c-calls.js';
import { CallEdges } from './call-edges.js';
import { LastStack } from './last-stack.js';
import { emptyNode, StackNodes } from './stack-nodes.js';

function emptyTree() {
  const edges = new CallEdges();
  const calls = new CCalls(new FakeMemory(), python3_13, false, () => 0);
  let stacks = 1;
  return { edges, nodes: new StackNodes(edges, calls, () => ++stacks, 1) };
}

/** A walk that found these code objects, the innermost first, each at its first instruction. */
function walkOf(...codes: number[]): Walk {
  const walk = new Walk();
  walk.count = codes.length;
  codes.forEach((code, at) => {
    walk.codeLow[at] = code;
    walk.instruction[at] = code + 8;
    walk.ways[at] = anyWay;
  });
  return walk;
}

const [outer, middle, inner] = [0x1000, 0x2000, 0x3000];

test('where only the innermost call is not believed, the node of its callers is known', () => {
  const { edges, nodes } = emptyTree();
  const callers = nodes.find(walkOf(outer), new LastStack(), true);
  assert.ok(callers > emptyNode);
  assert.equal(nodes.find(walkOf(inner, outer), new LastStack(), false), -1);
  assert.equal(nodes.lacksInnermost, true);
  assert.equal(nodes.certain, callers);
  assert.equal(nodes.find(walkOf(inner, middle, outer), new LastStack(), false), -1);
  assert.equal(nodes.lacksInnermost, false);
  edges.believe(outer, 0, outer + 8, inner, 0);
  const node = nodes.find(walkOf(inner, outer), new LastStack(), false);
  assert.ok(node > callers);
});

test('a stack goes on from its callers and from itself, and from no other', () => {
  const { edges, nodes } = emptyTree();
  edges.believe(outer, 0, outer + 8, inner, 0);
  edges.believe(outer, 0, outer + 8, middle, 0);
  const root = nodes.find(walkOf(outer), new LastStack(), true);
  const first = nodes.find(walkOf(inner, outer), new LastStack(), true);
  const second = nodes.find(walkOf(middle, outer), new LastStack(), true);
  assert.equal(nodes.goesOnFrom(first, root), true);
  assert.equal(nodes.goesOnFrom(first, first), true);
  assert.equal(nodes.goesOnFrom(second, first), false);
  assert.equal(nodes.goesOnFrom(root, first), false);
  assert.equal(nodes.goesOnFrom(emptyNode, root), false);
});
