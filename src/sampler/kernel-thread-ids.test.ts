import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ThreadStateInfo } from '../cpython/interpreters.js';
import { FakeMemory } from '../memory/fake-memory.js';
import type { ThreadIds } from '../platform/target.js';
import { KernelThreadIds, noThread } from './kernel-thread-ids.js';

const state = (ident: number, nativeId: number): ThreadStateInfo => ({ address: ident, ident, nativeId });

/** Threads of a process by the numbers that it has for them itself, and what was asked. */
function threads(ids: readonly number[], outerOf = (id: number) => id) {
  const asked = { all: 0, has: 0, inner: 0 };
  const kernel: ThreadIds = {
    all: () => {
      asked.all++;
      return ids.map(outerOf);
    },
    has: (id) => {
      asked.has++;
      return ids.map(outerOf).includes(id);
    },
    inner: (id) => {
      asked.inner++;
      return ids.find((one) => outerOf(one) === id) ?? id;
    },
    areRenumbered: outerOf(1) !== 1,
  };
  return { kernel, asked };
}

test('a thread state names its thread, which must be there', () => {
  const { kernel } = threads([10, 11]);
  const ids = new KernelThreadIds(new FakeMemory(), kernel);
  assert.equal(ids.of(state(1, 11), []), 11);
  assert.equal(ids.of(state(1, 12), []), 0);
  assert.equal(ids.of(state(1, 2 ** 40), []), 0);
});

test('in a container the ids are those outside of it, each asked for once', () => {
  const { kernel, asked } = threads([1, 2, 3], (id) => id + 5000);
  const ids = new KernelThreadIds(new FakeMemory(), kernel);
  assert.deepEqual(
    [1, 2, 3].map((id) => ids.of(state(9, id), [])),
    [5001, 5002, 5003],
  );
  ids.beginLook();
  assert.equal(ids.of(state(9, 2), []), 5002);
  assert.equal(asked.inner, 3);
});

test('where thread states have no ids, those in the structs of the C library count', () => {
  const memory = new FakeMemory();
  const struct = (ident: number, id: number) => {
    const bytes = new Uint8Array(2304);
    new DataView(bytes.buffer).setUint32(720, id, true);
    memory.put(ident, bytes);
    return state(ident, 0);
  };
  const states = [struct(0x10_0000, 20), struct(0x20_0000, 21), struct(0x30_0000, 99)];
  const { kernel } = threads([20, 21]);
  const ids = new KernelThreadIds(memory, kernel);
  assert.deepEqual(
    states.map((one) => ids.of(one, states)),
    // A fork() left the last one here.
    [20, 21, noThread],
  );
});

test('many threads are asked for at once', () => {
  const all = Array.from({ length: 100 }, (_, at) => 1000 + at);
  const { kernel, asked } = threads(all);
  const ids = new KernelThreadIds(new FakeMemory(), kernel);
  for (let look = 0; look < 2; look++) {
    ids.beginLook();
    for (const id of all) assert.equal(ids.of(state(1, id), []), id);
  }
  assert.deepEqual([asked.all, asked.has], [2, 32]);
});

test('where nobody can be asked, what the thread state says is taken', () => {
  const ids = new KernelThreadIds(new FakeMemory(), undefined);
  assert.equal(ids.of(state(1, 11), []), 11);
  assert.equal(ids.of(state(1, 0), []), 0);
});
