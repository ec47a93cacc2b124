import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from './fake-memory.js';
import { pointerAt } from './pointers.js';
import { ReadPlan } from './read-plan.js';

const base = 0x10000;

/** Memory in which every word of 8 bytes holds its own address, and what `addWords` gives for some of them. */
function readWords(addresses: readonly number[]) {
  const words = new BigUint64Array(4096);
  for (let at = 0; at < words.length; at++) words[at] = BigInt(base + at * 8);
  const memory = new FakeMemory();
  memory.put(base, new Uint8Array(words.buffer));
  const plan = new ReadPlan();
  plan.add(base, 16);
  const offsets = plan.addWords(addresses);
  const copy = new Uint8Array(plan.bytes);
  assert.equal(memory.readMany(plan, copy), plan.bytes);
  const found = offsets.map((offset) => pointerAt(new Uint32Array(copy.buffer), offset));
  return { found, regions: plan.count - 1 };
}

test('words near each other are one region, in whatever order they are asked for', () => {
  const addresses = [base + 4000, base + 3600, base + 4008];
  assert.deepEqual(readWords(addresses), { found: addresses, regions: 1 });
});

test('words far from each other are regions of their own', () => {
  const addresses = [base + 64, base + 8192, base + 72, base + 20000];
  assert.deepEqual(readWords(addresses), { found: addresses, regions: 3 });
});

test('a word that is asked for twice is read once', () => {
  const addresses = [base + 64, base + 64];
  assert.deepEqual(readWords(addresses), { found: addresses, regions: 1 });
});

test('no words are no region', () => {
  assert.deepEqual(readWords([]), { found: [], regions: 0 });
});

test('a part of a plan is read by itself, and all of it again', () => {
  const memory = new FakeMemory();
  memory.put(base, new Uint8Array(64).fill(7));
  const plan = new ReadPlan();
  plan.add(base, 16);
  plan.endPart();
  plan.add(base + 32, 8);
  const copied = (which: 'part' | 'all') => {
    plan.choose(which);
    const copy = new Uint8Array(32);
    const count = memory.readMany(plan, copy);
    assert.equal(count, plan.bytes);
    return copy.lastIndexOf(7) + 1;
  };
  assert.deepEqual([copied('part'), copied('part'), copied('all'), copied('all')], [16, 16, 24, 24]);
  plan.choose('part');
  plan.clear();
  plan.add(base, 8);
  assert.equal(copied('all'), 8);
});
