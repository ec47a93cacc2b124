import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeInfo } from '../../cpython/code-reader.js';
import type { Layout } from '../../cpython/layout.js';
import { FakeMemory } from '../../memory/fake-memory.js';
import type { NodeId } from '../../model/ids.js';
import { emptyNode } from '../stacks/stack-tree.js';
import { innermostCodes, StepsOfStacks } from './steps-of-stacks.js';

const flags = { function: 0, coroutine: 0x80, 'async generator': 0x200, generator: 0x20 } as const;
type Kind = keyof typeof flags;

/** A stack of frames, outermost first, `C` for one without code; the node of its innermost frame. */
function stepsOf(...stack: readonly (Kind | 'C')[]) {
  const codeOf = (at: number) => 0x1000 + at * 0x100;
  const codes = stack.map((_, at) => ({ address: codeOf(at), info: {} as CodeInfo }));
  const memory = new FakeMemory();
  for (const [at, kind] of stack.entries())
    if (kind !== 'C') memory.put(codeOf(at) + 8, Uint8Array.of(flags[kind] & 0xff, flags[kind] >> 8, 0, 0));
  const tree = {
    version: 1,
    parentOf: (node: NodeId) => (node <= 1 ? emptyNode : ((node - 1) as NodeId)),
    codeOf: (node: NodeId) => (stack[node - 1] === 'C' ? undefined : codes[node - 1]),
  };
  const node = stack.length as NodeId;
  const steps = new StepsOfStacks(memory, { code: { flags: 8 } } as Layout, tree);
  return steps.of(node).map(({ callers, count }) => ({
    callers,
    inner: innermostCodes(tree, node, count).map((code) => (code - 0x1000) / 0x100),
  }));
}

test('a step begins with the coroutine that something else than a coroutine runs', () => {
  assert.deepEqual(stepsOf('function', 'function', 'C'), []);
  assert.deepEqual(stepsOf('function', 'C', 'coroutine', 'coroutine', 'function'), [
    { callers: 2, inner: [4, 3, 2] },
  ]);
  assert.deepEqual(stepsOf('function', 'coroutine', 'async generator', 'coroutine'), [
    { callers: 1, inner: [3, 2, 1] },
  ]);
});

test('of steps within each other the innermost comes first', () => {
  assert.deepEqual(stepsOf('function', 'coroutine', 'function', 'C', 'coroutine'), [
    { callers: 4, inner: [4] },
    { callers: 1, inner: [4, 2, 1] },
  ]);
});

test('what is only resumed by a generator is no task', () => {
  assert.deepEqual(stepsOf('function', 'generator', 'function'), []);
});
