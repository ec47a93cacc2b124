import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeThreads } from '../platform/fake-threads.js';
import { OtherThreads } from './other-threads.js';

const python = new Set([1]);
const none: ReadonlySet<number> = new Set();

test('what threads without Python use counts from the first look on, by their names', () => {
  const threads = new FakeThreads([1, 2, 3, 4]);
  for (const id of [2, 3]) threads.at(id).name = 'blas';
  const others = new OtherThreads(threads);
  others.look(python, Number.POSITIVE_INFINITY);
  assert.deepEqual([...others.cpu], []);
  for (const id of [1, 2, 3, 4]) threads.at(id).used += id * 1000;
  others.look(python, 1e6);
  assert.deepEqual(
    [...others.cpu].sort(),
    [
      ['', 4000],
      ['blas', 5000],
    ].sort(),
  );
  others.look(python, 1e6);
  assert.equal(others.cpu.get('blas'), 5000);
});

test('a thread that began between two looks counts from its birth, one that is only seen late from then on', () => {
  const threads = new FakeThreads([1]);
  const others = new OtherThreads(threads);
  others.look(python, Number.POSITIVE_INFINITY);
  Object.assign(threads.add(2), { name: 'young', age: 0.5e6, used: 3000 });
  Object.assign(threads.add(3), { name: 'old', used: 3000 });
  others.look(python, 1e6);
  // It may be about to run Python.
  assert.deepEqual([...others.cpu], []);
  others.look(python, 1e6);
  assert.deepEqual([...others.cpu], [['young', 3000]]);
});

test('what a thread used while it ran Python is not counted again', () => {
  const threads = new FakeThreads([1, 2]);
  const others = new OtherThreads(threads);
  others.look(new Set([1, 2]), Number.POSITIVE_INFINITY);
  threads.at(2).used += 7000;
  threads.at(2).age = 0;
  others.look(python, 1e6);
  threads.at(2).used += 500;
  others.look(python, 1e6);
  assert.deepEqual([...others.cpu], [['', 500]]);
});

test('of many threads each look takes the next ones, and of many names the last have none', () => {
  const threads = new FakeThreads(Array.from({ length: 300 }, (_, at) => at + 1));
  for (const [id, thread] of threads.byId) thread.name = `pool-${id}`;
  const others = new OtherThreads(threads);
  others.look(none, Number.POSITIVE_INFINITY);
  others.look(none, 1e6);
  for (const thread of threads.byId.values()) thread.used += 10;
  others.look(none, 1e6);
  others.look(none, 1e6);
  const sum = [...others.cpu.values()].reduce((all, one) => all + one, 0);
  assert.equal(sum, 3000);
  assert.equal(others.cpu.size, 33);
  assert.equal(others.cpu.get(''), 3000 - 32 * 10);
});
