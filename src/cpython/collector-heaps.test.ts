import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagedMemory, pageSize } from '../memory/paged-memory.js';
import { allOf } from '../memory/steps.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { HeapObjects, walkHeaps } from './collector-heaps.js';
import { python3_14t as layout } from './layouts/python3_14t.js';

const runtime = 0x10_0000;
const interpreter = 0x20_0000;
const threads = 0x30_0000;
const segment = 0x4000_0000;
const type = 0x99_0000;
const heapsAt = 944;

/** Where mimalloc 2.1 and 2.5 keep what. */
const versions = {
  '2.1': {
    ...{ heap: 3064, queues: 1040, slices: 264, page: 96, blockSize: 28, ofHeap: 48, next: 56, used: 24 },
    start: -1,
  },
  '2.5': {
    ...{ heap: 3088, queues: 1288, slices: 288, page: 112, blockSize: 40, ofHeap: 64, next: 72, used: 32 },
    start: 48,
  },
};
type Version = keyof typeof versions;

interface MadePage {
  readonly address: number;
  readonly start: number;
  readonly blockSize: number;
  readonly before: number;
  count: number;
}

/** A free-threaded Python with objects in the heaps of its threads. */
class Heaps {
  readonly #pages = new Map<number, Uint8Array>();
  readonly #at: (typeof versions)[Version];
  readonly #marks: number;
  #slices = 0;
  #threads = 0;
  onRead: (address: number, length: number) => void = () => {};
  readonly memory: TargetMemory;
  /** The address of what cannot be read. */
  gone = 0;
  /** The first thread. */
  readonly main: number;
  /** The dict of modules, which is in a heap as well. */
  readonly modules: number;

  /** `marks`: bytes that each block has before all else. */
  constructor(version: Version = '2.1', marks = 0) {
    this.#at = versions[version];
    this.#marks = marks;
    const pages = pagedMemory((number) => this.#pages.get(number) ?? new Uint8Array(pageSize));
    this.memory = {
      ...pages,
      read: (address, length) => {
        const isGone = address <= this.gone && address + length > this.gone;
        const bytes = isGone ? undefined : pages.read(address, length)?.slice();
        this.onRead(address, length);
        return bytes;
      },
    };
    this.put(runtime + layout.runtime.interpretersHead, interpreter);
    this.main = this.thread();
    this.modules = this.make(this.page(this.main, 2, 96));
    this.put(interpreter + layout.interpreter.modules, this.modules);
  }

  put(address: number, value: number): void {
    const number = Math.floor(address / pageSize);
    const page = this.#pages.get(number) ?? new Uint8Array(pageSize);
    this.#pages.set(number, page);
    new DataView(page.buffer).setBigUint64(address % pageSize, BigInt(value), true);
  }

  /** The newest thread. */
  thread(): number {
    const thread = threads + this.#threads * 0x1_0000;
    this.put(thread + layout.threadState.next, this.#threads++ === 0 ? 0 : thread - 0x1_0000);
    this.put(thread + layout.threadState.interpreter, interpreter);
    this.put(interpreter + layout.interpreter.threadsHead, thread);
    for (let heap = 0; heap < 4; heap++)
      this.put(thread + heapsAt + heap * this.#at.heap, thread + heapsAt + 4 * this.#at.heap);
    return thread;
  }

  /** Another page at the beginning of a queue. */
  page(thread: number, heap: number, blockSize: number, queue = 7): MadePage {
    const at = this.#at;
    const slice = ++this.#slices;
    const address = segment + at.slices + slice * at.page;
    const ofHeap = thread + heapsAt + heap * at.heap;
    const first = ofHeap + at.queues + queue * 24;
    const shift = at.start < 0 ? (blockSize <= 64 ? 3 * blockSize : blockSize <= 512 ? blockSize : 0) : 32;
    const start = segment + slice * 0x1_0000 + shift;
    this.put(address + at.ofHeap, ofHeap);
    this.put(address + at.blockSize - (at.start < 0 ? 4 : 0), at.start < 0 ? blockSize * 2 ** 32 : blockSize);
    if (at.start > 0) this.put(address + at.start, start);
    const next = new DataView(this.memory.read(first, 8)!.buffer).getBigUint64(0, true);
    this.put(address + at.next, Number(next));
    this.put(first, address);
    if (next === 0n) this.put(first + 8, address);
    const before = (heap === 3 ? 16 : 0) + this.#marks;
    return { address, start, blockSize, before, count: 0 };
  }

  /** Returns the address of a new object. */
  make(page: MadePage): number {
    const object = page.start + page.count++ * page.blockSize + page.before;
    this.put(page.address + 8, page.count * 2 ** 16);
    this.put(object + 8, 2 ** 24);
    this.put(object + layout.object.type, type);
    return object;
  }

  /** What is there no more keeps its type. */
  free(page: MadePage, object: number): void {
    this.put(object + 8, 0);
    this.put(page.address + 16, object);
  }

  /** While this field of a page is read, and as often, it is of another queue. */
  moves({ address }: MadePage, field: 'ofHeap' | 'next', times: number): void {
    const at = address + this.#at[field];
    const before = Number(new DataView(this.memory.read(at, 8)!.buffer).getBigUint64(0, true));
    this.put(at, 0);
    this.onRead = (from, length) => {
      if (at < from || at >= from + length || --times > 0) return;
      this.onRead = () => {};
      this.put(at, before);
    };
  }
}

function walker(heaps: Heaps) {
  const objects = new HeapObjects({ memory: heaps.memory, layout, runtime });
  return (from: 'all' | 'last', most = 100_000) => {
    const seen = new Set<number>();
    const walk = objects.walk(from, most, (object, ofType) => {
      assert.equal(ofType, type);
      seen.add(object);
    });
    const { passed, isComplete } = allOf(walk);
    return { passed, isComplete, seen };
  };
}

for (const version of ['2.1', '2.5'] as const)
  for (const marks of [0, 16])
    test(`all objects in the heaps of mimalloc ${version} are passed, with ${marks} bytes before each`, () => {
      const heaps = new Heaps(version, marks);
      const made = [heaps.modules];
      for (const thread of [heaps.main, heaps.thread()])
        for (const heap of [2, 3])
          for (const [queue, blockSize] of [64, 64, 80, 96, 640].entries()) {
            const page = heaps.page(thread, heap, blockSize + marks, queue >> 1);
            for (let count = 0; count < 5; count++) made.push(heaps.make(page));
            heaps.free(page, made.pop()!);
          }
      const { seen, isComplete } = walker(heaps)('all');
      assert.deepEqual([...seen].sort(), made.sort());
      assert.equal(isComplete, true);
    });

test('what no object that is looked for is in, is not passed', () => {
  const heaps = new Heaps();
  for (const [heap, blockSize] of [
    [0, 64],
    [1, 64],
    [2, 16],
    [3, 32],
    [2, 10_240],
  ] as const)
    heaps.make(heaps.page(heaps.main, heap, blockSize, 9));
  const { seen, isComplete } = walker(heaps)('all');
  assert.deepEqual([...seen], [heaps.modules]);
  assert.equal(isComplete, true);
});

test('then only pages of which blocks were taken', () => {
  const heaps = new Heaps();
  const page = heaps.page(heaps.main, 2, 64);
  const another = heaps.page(heaps.main, 2, 64);
  for (let count = 0; count < 100; count++) for (const one of [page, another]) heaps.make(one);
  const walk = walker(heaps);
  assert.equal(walk('all').passed, 201);
  assert.equal(walk('last').passed, 0);
  const added = heaps.make(page);
  const { seen, passed } = walk('last');
  assert.ok(seen.has(added));
  assert.equal(passed, 101);
  assert.equal(walk('last').passed, 0);
  assert.equal(walk('all').passed, 202);
});

test('where there is too much, the next walks come to what is left', () => {
  const heaps = new Heaps();
  const walk = walker(heaps);
  walk('all');
  const made = Array.from({ length: 5 }, () => {
    const page = heaps.page(heaps.main, 2, 64);
    return Array.from({ length: 16 }, () => heaps.make(page));
  }).flat();
  const seen = new Set<number>();
  const complete = [1, 2, 3, 4].map(() => {
    const next = walk('last', 2);
    assert.ok(next.passed <= 32);
    for (const one of next.seen) seen.add(one);
    return next.isComplete;
  });
  assert.deepEqual(
    made.filter((one) => !seen.has(one)),
    [],
  );
  assert.deepEqual(complete.slice(0, 2), [false, false]);
  assert.equal(walk('last', 2).isComplete, true);
});

for (const field of ['ofHeap', 'next'] as const)
  test(`a queue whose pages change their ${field} while it is passed is passed again`, () => {
    const heaps = new Heaps();
    const pages = Array.from({ length: 3 }, () => heaps.page(heaps.main, 2, 64));
    const made = pages.map((page) => heaps.make(page));
    const walk = walker(heaps);
    heaps.moves(pages[1]!, field, 2);
    const first = walk('all');
    assert.deepEqual(
      made.filter((one) => !first.seen.has(one)),
      [],
    );
    assert.equal(first.isComplete, true);
    heaps.moves(pages[1]!, field, Number.POSITIVE_INFINITY);
    const second = walk('all');
    assert.equal(second.isComplete, false);
    assert.ok(!second.seen.has(made[0]!));
  });

test('a queue of pages in a circle ends', () => {
  const heaps = new Heaps();
  const page = heaps.page(heaps.main, 2, 64);
  const added = heaps.make(page);
  heaps.put(page.address + versions['2.1'].next, page.address);
  const { seen, isComplete } = walker(heaps)('all');
  assert.ok(seen.has(added));
  assert.equal(isComplete, false);
});

test('of a page that is said to be larger than it can be nothing is read', () => {
  const heaps = new Heaps();
  const page = heaps.page(heaps.main, 2, 8192);
  heaps.make(page);
  heaps.put(page.address + 8, 9 * 2 ** 16);
  const reads: number[] = [];
  heaps.onRead = (_, length) => reads.push(length);
  assert.equal(walker(heaps)('all').isComplete, false);
  assert.ok(Math.max(...reads) <= 0x1_0000);
});

test('a thread whose heaps are like none that are known, is said to be left out', () => {
  const heaps = new Heaps();
  const added = heaps.make(heaps.page(heaps.thread(), 2, 64));
  heaps.put(heaps.thread() + heapsAt + versions['2.1'].heap, 0);
  const { seen, isComplete } = walker(heaps)('all');
  assert.ok(seen.has(added));
  assert.equal(isComplete, false);
});

test('heaps that cannot be read are said to be left out', () => {
  const heaps = new Heaps();
  heaps.gone = heaps.main + heapsAt + 2 * versions['2.1'].heap + versions['2.1'].queues;
  assert.equal(walker(heaps)('all').isComplete, false);
});

test('where a known object is not in a block, all is said to be left out', () => {
  const heaps = new Heaps();
  heaps.put(interpreter + layout.interpreter.modules, heaps.modules + 8);
  assert.deepEqual(walker(heaps)('all'), { passed: 0, isComplete: false, seen: new Set() });
});

test('a dump gives up when it is too late', () => {
  const heaps = new Heaps();
  for (let count = 0; count < 40; count++) {
    const page = heaps.page(heaps.main, 2, 64);
    while (page.count < 1000) heaps.make(page);
  }
  let left = 2;
  const seen: number[] = [];
  const limits = { mostObjects: 100_000, isLate: () => --left === 0 };
  assert.equal(
    walkHeaps({ memory: heaps.memory, layout, runtime }, limits, (one) => seen.push(one)),
    false,
  );
  assert.ok(seen.length > 10_000 && seen.length < 40_000, String(seen.length));
});
