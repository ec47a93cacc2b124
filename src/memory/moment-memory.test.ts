import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from './fake-memory.js';
import { MomentMemory } from './moment-memory.js';
import { ReadPlan } from './read-plan.js';
import { UsualPages } from './usual-pages.js';

const base = 0x1000_0000;

/** Two pages that hold a byte each, over and over, and how often they were read. */
function pages() {
  const behind = new FakeMemory();
  const fill = (byte: number) => behind.put(base, new Uint8Array(8192).fill(byte));
  fill(1);
  let reads = 0;
  const read = behind.read.bind(behind);
  behind.read = (address, length) => {
    reads++;
    return read(address, length);
  };
  const moment = { now: 1 };
  return { behind, fill, moment, memory: new MomentMemory(behind, moment), reads: () => reads };
}

test('of one moment each page is read once, and what lies across two is put together', () => {
  const { memory, reads } = pages();
  for (const address of [base, base + 100, base + 4090, base + 5000])
    assert.deepEqual(memory.read(address, 8), new Uint8Array(8).fill(1));
  assert.equal(reads(), 2);
});

test('at another moment, and when told so, it is read anew', () => {
  const { memory, moment, fill } = pages();
  const first = memory.read(base, 1)!;
  fill(2);
  assert.deepEqual(memory.read(base, 1), first);
  moment.now = 2;
  assert.deepEqual(memory.read(base, 1), Uint8Array.of(2));
  fill(3);
  memory.forget();
  assert.deepEqual(memory.read(base, 1), Uint8Array.of(3));
  assert.deepEqual(first, Uint8Array.of(1));
});

test('what is long is read by itself, and what is not there is not', () => {
  const { memory, reads } = pages();
  assert.equal(memory.read(base, 4000)?.length, 4000);
  assert.equal(memory.read(base + 8190, 4), undefined);
  assert.equal(memory.read(base + 8188, 4)?.length, 4);
  assert.equal(memory.read(base, Number.NaN), undefined);
  assert.equal(reads(), 3);
});

test('what was read for a moment is compared with what is there now', () => {
  const { memory, fill } = pages();
  memory.read(base, 8);
  assert.equal(memory.isStill(base, 8), true);
  fill(2);
  assert.equal(memory.isStill(base, 8), false);
  memory.forget();
  assert.equal(memory.isStill(base, 8), true);
  assert.equal(memory.isStill(base - 8, 8), true);
});

/** The same, where reads of many regions are counted by themselves: how many regions each had. */
function countedPages(count: number) {
  const { behind, memory, reads } = pages();
  behind.put(base, new Uint8Array(count * 4096).fill(1));
  const together: number[] = [];
  let within = 0;
  const readMany = behind.readMany.bind(behind);
  behind.readMany = (plan, into) => {
    together.push(plan.count);
    const before = reads();
    const copied = readMany(plan, into);
    within += reads() - before;
    return copied;
  };
  /** Reads a byte of each of these pages, of a moment of its own. */
  const look = (...wanted: readonly number[]) => {
    memory.forget();
    return wanted.map((page) => memory.read(base + page * 4096, 1)?.[0]);
  };
  return { behind, look, together, single: () => reads() - within };
}

test('pages that most moments before needed are read together', () => {
  const { behind, look, together, single } = countedPages(40);
  const twenty = Array.from({ length: 20 }, (_, page) => page);
  for (let moment = 0; moment < 3; moment++) look(...twenty);
  assert.deepEqual([single(), together], [60, []]);
  // Two, then all that were needed before, then the one that was not.
  look(...twenty, 30);
  assert.deepEqual([single(), together], [63, [18]]);
  // As they are now.
  behind.put(base, new Uint8Array(20 * 4096).fill(2));
  assert.deepEqual(look(0, 1, 2, 3, 30), [2, 2, 2, 2, 1]);
  assert.deepEqual([single(), together], [66, [18, 18]]);
  // Two pages are not worth it.
  look(0, 1);
  assert.deepEqual([single(), together], [68, [18, 18]]);
});

test('pages that were needed long ago, or are not there any more, are not read along', () => {
  const { behind, look, together } = countedPages(8);
  for (let moment = 0; moment < 3; moment++) look(0, 1, 2, 3, 4, 5);
  for (let moment = 0; moment < 20; moment++) look(0, 1, 2);
  assert.deepEqual([together[0], together.at(-1)], [4, 1]);
  for (let moment = 0; moment < 4; moment++) look(0, 1, 2, 3, 4);
  behind.take(base + 3 * 4096);
  for (let moment = 0; moment < 3; moment++) assert.deepEqual(look(0, 1, 2, 3, 4), [1, 1, 1, undefined, 1]);
  assert.deepEqual(together.slice(-3), [3, 2, 2]);
});

test('of two copies of one moment only the last one is there', () => {
  const memory = new FakeMemory();
  memory.put(base, new Uint8Array(8 * 4096).fill(1));
  const usual = new UsualPages();
  const first = base / 4096;
  for (let copy = 0; copy < 3; copy++) {
    usual.fetch(memory, () => false);
    for (const page of [first, first + 1]) usual.needed(page);
  }
  usual.fetch(memory, () => false);
  assert.ok(usual.fetched(first) && usual.fetched(first + 1));
  usual.fetch(memory, (page) => page === first);
  assert.equal(usual.fetched(first), undefined);
  assert.ok(usual.fetched(first + 1));
});

test('a copy is no larger than what was copied', () => {
  const memory = new FakeMemory();
  memory.put(base, new Uint8Array(8 * 4096));
  const usual = new UsualPages();
  const pages = Array.from({ length: 8 }, (_, page) => base / 4096 + page);
  for (let copy = 0; copy < 4; copy++) {
    for (const page of pages) usual.needed(page);
    usual.fetch(memory, () => false);
  }
  assert.equal(usual.fetched(pages[7]!)?.buffer.byteLength, 8 * 4096);
});

/** Two memories of moments, and in what order pages were copied together. */
function together() {
  const behind = new FakeMemory();
  behind.put(base, new Uint8Array(16 * 4096).fill(1));
  const copies: number[][] = [];
  const readMany = behind.readMany.bind(behind);
  behind.readMany = (plan, into) => {
    const pages = Array.from({ length: plan.count }, (_, region) => (plan.addressOf(region) - base) / 4096);
    copies.push(pages);
    return readMany(plan, into);
  };
  const [first, second] = [0, 0].map(() => new MomentMemory(behind, { now: 0 }));
  const read = (memory: MomentMemory, ...pages: number[]) =>
    pages.map((page) => memory.read(base + page * 4096, 1)?.[0]);
  return { behind, copies, first: first!, second: second!, read };
}

test('what one memory needs about something is copied ahead, and right after it what another one needs', () => {
  const { behind, copies, first, second, read } = together();
  const [request, name] = [{}, {}];
  for (let moment = 0; moment < 5; moment++) {
    first.forget();
    first.fetch(request, second);
    read(first, 1, 2);
    read(second, 3);
    first.forget();
    first.fetch(name);
    read(first, 4);
  }
  assert.deepEqual(copies.slice(-2), [[1, 2, 3], [4]]);
  first.forget();
  const before = first.reads;
  first.fetch(request, second);
  assert.equal(first.reads, before + 1);
  behind.put(base, new Uint8Array(16 * 4096).fill(2));
  assert.deepEqual([...read(first, 1, 2), ...read(second, 3)], [1, 1, 1]);
  assert.equal(first.reads, before + 1);
  assert.deepEqual(read(first, 5), [2]);
  assert.equal(first.reads, before + 2, 'it is later than what the other one has');
  // Once for each moment.
  first.fetch(request, second);
  assert.deepEqual(read(second, 3), [1]);
});

test('regions that were copied ahead are read of that copy, all or none', () => {
  const { behind, copies, first } = together();
  const plan = new ReadPlan();
  for (const page of [6, 7, 8]) plan.add(base + page * 4096 + 4000, 8);
  const into = new Uint8Array(24);
  for (let moment = 0; moment < 4; moment++) {
    first.forget();
    first.fetch(plan);
    assert.equal(first.readMany(plan, into), 24);
  }
  assert.deepEqual(copies.at(-1), [6, 7, 8]);
  behind.put(base, new Uint8Array(16 * 4096).fill(2));
  first.readMany(plan, into);
  assert.deepEqual(new Set(into), new Set([1]));
  plan.add(base + 9 * 4096, 8);
  assert.equal(first.readMany(plan, new Uint8Array(32)), 32);
  const more = new Uint8Array(32);
  first.readMany(plan, more);
  assert.deepEqual(new Set(more), new Set([2]));
});
