import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layout } from '../../cpython/layout.js';
import { ReadPlan } from '../../memory/read-plan.js';
import { ReadyQueue } from './ready-queue.js';

const layout = { object: { size: 16, type: 8 } } as Layout;

/** What a look sees of a queue of that length, and with that count of comings and goings. */
function looks(queue: ReadyQueue) {
  const plan = new ReadPlan();
  plan.add(0x1000, 8);
  queue.addTo(plan);
  return (length: number, state: number) => {
    const words = new Uint32Array(plan.bytes / 4);
    words[2] = length;
    words[2 + 10] = state;
    return queue.isUntouched(words);
  };
}

test('a queue from which nothing was taken is told from one that has as many again', () => {
  const look = looks(new ReadyQueue(layout, 0x2000));
  assert.equal(look(3, 100), false, 'of what was before nothing is known');
  assert.equal(look(3, 100), true);
  assert.equal(look(5, 102), true, 'two came');
  assert.equal(look(5, 104), false, 'one was taken, and one came');
  assert.equal(look(4, 105), false, 'one was taken');
  assert.equal(look(4, 105), true);
  assert.equal(look(0, 109), false);
  assert.equal(look(0, 111), false, 'one came and was taken');
});

test('a queue that is in no copy says nothing', () => {
  assert.equal(new ReadyQueue(layout, 0x2000).isUntouched(new Uint32Array(20)), undefined);
  assert.ok(new ReadyQueue(layout, 0x2000).isWithin(0x2000, 64));
  assert.ok(!new ReadyQueue(layout, 0x2000).isWithin(0x3000, 64));
});
