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
  #made = 0;

  constructor(count: number) {
    this.#rings = Array.from({ length: count }, () => []);
    this.#link();
  }

  /** Makes objects in the youngest ring; returns the address of the last one. */
  make(count: number): number {
    for (let made = 0; made < count; made++) this.#rings.at(-1)!.push(objects + this.#made++ * objectBytes);
    this.#link();
    return objects + (this.#made - 1) * objectBytes + 16;
  }

  /** What is in the youngest ring survives a collection: all but every second one. */
  collect(): void {
    const young = this.#rings.pop()!;
    this.#rings.at(-1)!.push(...young.filter((_, at) => at % 2 === 1));
    this.#rings.push([]);
    this.#link();
  }

  /** The oldest ring comes to be in another order. */
  turnOldest(): void {
    this.#rings[0]!.reverse();
    this.#link();
  }

  /** Objects that are in no ring lead nowhere. */
  cut(): void {
    const [, second] = this.#rings[0]!.slice(-2);
    this.#words.set(second! + 8, 0);
  }

  #link(): void {
    this.#words.clear();
    for (const [at, ring] of this.#rings.entries()) {
      const head = runtime + python3_8.runtime.gc + 48 + at * ringBytes;
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
  assert.deepEqual([walk('all').seen.size, walk('all').isComplete], [2500, true]);
  const added = rings.make(10);
  const { seen, passed, isComplete } = walk('last');
  assert.ok(seen.has(added));
  assert.equal(isComplete, true);
  assert.ok(passed < 20, String(passed));
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
  const { isComplete, passed } = walk('all');
  assert.deepEqual([isComplete, passed], [false, 1]);
});
