import assert from 'node:assert/strict';
import { test } from 'node:test';
import { python3_13 } from '../../cpython/layouts/python3_13.js';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import { FakeMemory } from '../../memory/fake-memory.js';
import { MomentMemory } from '../../memory/moment-memory.js';
import { emptyNode, type StackTree } from '../stacks/stack-tree.js';
import { ThreadProofs } from './still-there.js';

const base = 0x1000_0000;
const about = {};

/** A thread whose stack a test reads at a byte of a page, and a request that is on another page. */
function begin() {
  const memory = new FakeMemory();
  const fill = (byte: number) => memory.put(base, new Uint8Array(4 * 4096).fill(byte));
  fill(1);
  const pages = new MomentMemory(memory, { now: 0 });
  const tree = { codeOf: () => undefined, parentOf: () => emptyNode } as unknown as StackTree;
  const moment = { lookedAt: 0 };
  const proofs = new ThreadProofs({ memory, layout: python3_13, tree, clock: () => 0, moment, pages });
  const thread = () => ({
    ...{ stack: { threadState: base } as ThreadStack, node: emptyNode, currentFrame: 0 },
    activity: { hasStood: () => false },
  });
  const one = thread();
  const proof = (of = one) => proofs.memoryOf(of).read(base, 1)?.[0];
  const request = (page = 1) => pages.read(base + page * 4096, 1);
  const next = () => {
    pages.forget();
    proofs.begin();
  };
  // Until it is known which pages are needed.
  for (let times = 0; times < 4; times++) {
    next();
    proofs.readAhead(one, about);
    request();
    proof();
  }
  next();
  return { proofs, fill, one, other: thread(), request, proof, next };
}

test('what was copied right after a request proves it', () => {
  const { proofs, fill, one, request, proof } = begin();
  proofs.readAhead(one, about);
  fill(2);
  request();
  assert.equal(proof(), 1);
});

test('what is read of a request later needs another proof, which holds until more is read', () => {
  const { proofs, fill, one, request, proof } = begin();
  proofs.readAhead(one, about);
  fill(2);
  request(2);
  assert.equal(proof(), 2);
  fill(3);
  assert.equal(proof(), 2);
  request(3);
  assert.equal(proof(), 3);
});

test('a proof is of one thread, and of one moment', () => {
  const { proofs, fill, one, other, proof, next } = begin();
  assert.equal(proof(), 1);
  fill(2);
  assert.equal(proof(other), 2);
  assert.equal(proof(), 2);
  fill(3);
  next();
  assert.equal(proof(), 3);
  proofs.readAhead(one, about);
  next();
  fill(4);
  assert.equal(proof(), 4);
});
