import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReadPlan } from '../../memory/read-plan.js';
import { coreMemory, lastBefore } from './core-memory.js';

/** 100 bytes, each its own number. */
const bytes = Uint8Array.from({ length: 100 }, (_, at) => at);
const source = {
  read: (offset: number, length: number) =>
    offset + length <= bytes.length ? bytes.slice(offset, offset + length) : undefined,
};
const segments = [
  { start: 1000, end: 1020, offset: 10, fileSize: 20, flags: 6 },
  { start: 1020, end: 1040, offset: 50, fileSize: 5, flags: 6 },
  { start: 2000, end: 2010, offset: 95, fileSize: 10, flags: 6 },
];

test('memory is read across segments, and is absent where the file has none', () => {
  const memory = coreMemory(source, segments);
  assert.deepEqual(memory.read(1000, 3), Uint8Array.of(10, 11, 12));
  assert.deepEqual(memory.read(1018, 4), Uint8Array.of(28, 29, 50, 51));
  assert.deepEqual(memory.read(1001, 0), new Uint8Array(0));
  for (const [address, length] of [
    [999, 1],
    [1024, 2],
    [1039, 1],
    [1040, 1],
    [2000, 6],
    [Number.NaN, 1],
    [1000, Number.NaN],
    [-1, 4],
    [1000, -1],
    [1000, 2 ** 46],
    [2 ** 60, 8],
  ] as const)
    assert.equal(memory.read(address, length), undefined, `${length} bytes at ${address}`);
});

test('what the core file lacks is asked for elsewhere, up to its next part', () => {
  const asked: [number, number][] = [];
  const memory = coreMemory(source, segments, (address, end) => {
    asked.push([address, end]);
    return address >= 1900 ? { source: undefined, offset: 0, length: end - address } : undefined;
  });
  assert.equal(memory.read(1025, 1), undefined);
  assert.equal(memory.read(1040, 1), undefined);
  assert.deepEqual(memory.read(1998, 4), Uint8Array.of(0, 0, 95, 96));
  assert.deepEqual(asked, [
    [1025, 1040],
    [1040, 2000],
    [1998, 2000],
  ]);
});

test('of several regions those before the first that is not there arrive', () => {
  const memory = coreMemory(source, segments);
  const plan = new ReadPlan();
  plan.add(1000, 4);
  plan.add(1500, 4);
  plan.add(1004, 4);
  const into = new Uint8Array(12);
  assert.equal(memory.readMany(plan, into), 4);
  assert.deepEqual(into.subarray(0, 4), Uint8Array.of(10, 11, 12, 13));
});

test('the last one that begins at or before an address is found', () => {
  const starts = [10, 20, 30].map((start) => ({ start }));
  assert.deepEqual(
    [9, 10, 19, 20, 35].map((address) => lastBefore(starts, address)),
    [-1, 0, 0, 1, 2],
  );
  assert.equal(lastBefore([], 5), -1);
});
