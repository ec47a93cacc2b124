import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from './fake-memory.js';
import { ProvenReads } from './proven-reads.js';
import { ReadPlan } from './read-plan.js';

test('what was read is as it was while each byte of it is', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, at) => at);
  const memory = new FakeMemory();
  memory.put(0x1000, bytes);
  const reads = new ProvenReads(memory);
  assert.deepEqual([...reads.read(0x1000 + 33, 3)!], [33, 34, 35]);
  assert.deepEqual([...reads.read(0x1000, 16)!], [...bytes.subarray(0, 16)]);
  const plan = new ReadPlan();
  plan.add(0x1000 + 48, 8);
  const into = new Uint8Array(8);
  assert.equal(reads.readMany(plan, into), 8);
  assert.deepEqual(into, bytes.slice(48, 56));
  assert.equal(reads.read(0x5000, 8), undefined);
  const { known } = reads;
  const changed = (at: number) => {
    const other = bytes.slice();
    other[at] = 255;
    memory.put(0x1000, other);
    return !known.areIn(memory);
  };
  assert.deepEqual([12, 33, 35, 48, 55].map(changed), [true, true, true, true, true]);
  // A count of references, and what was not read.
  assert.deepEqual([0, 7, 20, 40, 60].map(changed), [false, false, false, false, false]);
});
