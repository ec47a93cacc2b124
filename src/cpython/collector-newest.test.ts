import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOf } from '../memory/steps.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { NewestObjects } from './collector-newest.js';
import { python3_8 } from './layouts/python3_8.js';

const runtime = 0x10_0000;
const objects = 0x20_0000;
const objectBytes = 64;
const ringBytes = 24;
const type = 0x99_0000;

/** Rings of objects, the oldest first, as Python 3.8 has them. */
class Rings implements TargetMemory {
  readonly #words = new Map<number, number>();
  readonly #rings: number[][];
  /** The first place that is free. */
  #made = 0;
  #onRead: (address: number, length: number) => void = () => {};

  constructor(count: number) {
    this.#rings = Array.from({ length: count }, () => []);
    // A program has some as a rule.
    this.make(1);
  }

  /** Makes objects in the youngest ring; returns the address of the last one. */
  make(count: number): number {
    for (let made = 0; made < count; made++) this.#rings.at(-1)!.push(objects + this.#made++ * objectBytes);
    this.#link();
    return objects + (this.#made - 1) * objectBytes + 16;
  }

  /** The last objects of a ring go; one is made, and as many are in their places. Returns the address of that one. */
  makeBefore(count: number, ring: number): number {
    const again = this.#rings[ring]!.splice(-count);
    this.#rings[ring]!.push(objects + this.#made++ * objectBytes, ...again);
    this.#link();
    return objects + (this.#made - 1) * objectBytes + 16;
  }

  /** Of the youngest ring, the last object and every second one before it survive a collection. */
  collect(): void {
    const young = this.#rings.pop()!;
    this.#rings.at(-1)!.push(...young.filter((_, at) => (young.length - at) % 2 === 1));
    this.#rings.push([]);
    this.make(1);
  }

  /** The oldest ring comes to be in another order. */
  turnOldest(): void {
    this.#rings[0]!.reverse();
    this.#link();
  }

  /**
   * The last object but `behind` of the oldest ring is in no ring any more, and leads nowhere, until it was read so
   * many times.
   */
  cut(behind = 0, reads = Number.POSITIVE_INFINITY): void {
    const at = this.#rings[0]!.at(-1 - behind)! + 8;
    const before = this.#words.get(at)!;
    this.#words.set(at, 0);
    this.#onRead = (address, length) => {
      if (at < address || at >= address + length || --reads > 0) return;
      this.#onRead = () => {};
      this.#words.set(at, before);
    };
  }

  #link(): void {
    this.#words.clear();
    for (const [at, ring] of this.#rings.entries()) {
      const head = runtime + python3_8.runtime.gc + 48 + (this.#rings.length - 1 - at) * ringBytes;
      let before = head;
      for (const object of [...ring, head]) {
        // Marks are not part of a pointer.
        this.#words.set(before, object === head ? object : object + 2);
        this.#words.set(object + 8, before === head ? before : before + 1);
        before = object;
      }
      for (const object of ring) this.#words.set(object + 16 + python3_8.object.type, type);
    }
  }

  read(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 8 <= length; at += 8)
      view.setBigUint64(at, BigInt(this.#words.get(address + at) ?? 0), true);
    this.#onRead(address, length);
    return bytes;
  }

  readMany(): number {
    return 0;
  }
}

function walker(rings: Rings) {
  const newest = new NewestObjects({ memory: rings, layout: python3_8, runtime });
  return (from: 'all' | 'last', most = 100_000) => {
    const seen: number[] = [];
    const walk = newest.walk(from, most, (object, ofType) => {
      assert.equal(ofType, type);
      seen.push(object);
    });
    return { ...allOf(walk), seen: new Set(seen) };
  };
}

test('all objects are passed, then those that came', () => {
  const rings = new Rings(3);
  const walk = walker(rings);
  rings.make(5000);
  rings.collect();
  assert.deepEqual([walk('all').seen.size, walk('all').isComplete], [2502, true]);
  const added = rings.make(10);
  const { seen, passed, isComplete } = walk('last');
  assert.ok(seen.has(added));
  assert.equal(isComplete, true);
  assert.ok(passed < 30, String(passed));
});

for (const [ring, name, count] of [
  [1, 'youngest', 100],
  [0, 'oldest', 12],
] as const)
  test(`${count} objects of the ${name} ring that are where others were do not end a walk`, () => {
    const rings = new Rings(2);
    const walk = walker(rings);
    rings.make(5000);
    rings.collect();
    rings.make(1000);
    walk('all');
    const added = rings.makeBefore(count, ring);
    const { seen, isComplete } = walk('last');
    assert.equal(isComplete, true);
    assert.ok(seen.has(added));
  });

test('what survived a collection since then is found at the end of the next ring', () => {
  const rings = new Rings(3);
  const walk = walker(rings);
  rings.make(5000);
  rings.collect();
  walk('all');
  const added = rings.make(100);
  rings.collect();
  const { seen, passed, isComplete } = walk('last');
  assert.ok(seen.has(added));
  assert.equal(isComplete, true);
  assert.ok(passed < 80, String(passed));
});

test('where what is new cannot be told from the rest, or a ring is cut, the walk is not complete', () => {
  const rings = new Rings(2);
  const walk = walker(rings);
  rings.make(5000);
  rings.collect();
  walk('all');
  rings.turnOldest();
  assert.equal(walk('last', 1000).isComplete, false);
  assert.equal(walk('all').isComplete, true);
  rings.cut();
  const { isComplete, seen } = walk('all');
  assert.deepEqual([isComplete, seen.size], [false, 2]);
});

test('a ring that changes while it is passed is passed again at once', () => {
  const rings = new Rings(2);
  const walk = walker(rings);
  rings.make(5000);
  rings.collect();
  walk('all');
  const added = Array.from({ length: 20 }, () => rings.make(1));
  rings.collect();
  rings.cut(2, 2);
  const { seen, isComplete } = walk('last');
  assert.equal(isComplete, true);
  for (const object of added.filter((_, at) => (added.length - at) % 2 === 1)) assert.ok(seen.has(object));
});

test('what a walk did not come to is passed by the next one', () => {
  const rings = new Rings(2);
  const walk = walker(rings);
  rings.make(5000);
  rings.collect();
  walk('all');
  const added = [rings.make(2), rings.make(20)];
  rings.collect();
  rings.cut(8, 20);
  const first = walk('last');
  assert.deepEqual([first.seen.has(added[0]!), first.isComplete], [false, false]);
  const seen = new Set<number>();
  for (let isComplete = false; !isComplete; ) {
    const next = walk('last');
    for (const object of next.seen) seen.add(object);
    isComplete = next.isComplete;
  }
  assert.ok(seen.has(added[0]!));
  rings.make(2);
  rings.collect();
  const { passed } = walk('last');
  assert.ok(passed < 20, String(passed));
});
