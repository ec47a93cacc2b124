import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Moments } from './moments.js';
import type { SimulatedProgram } from './simulated-python.js';

const program: SimulatedProgram = { main: [0, 'left', 'right'], left: [0, 'leaf'], right: [0], leaf: [0] };

function known(): Moments {
  const it = new Moments(10, program);
  for (const moment of ['main', 'main:1 left:1 leaf']) it.look(moment);
  return it;
}

test('up to 3.10 a greenlet, whose count goes on from another stack, is read as others are', () => {
  const it = known();
  it.looks(8, 'main:1 left:1 leaf #20');
  const { retried } = it.losses;
  for (const moment of ['main:1 left:1 leaf #20', 'main:1 left #19', 'main #18', 'main:2 right #19'])
    assert.equal(it.ruleOf(moment), 'as copied', moment);
  assert.equal(it.losses.retried, retried);
  // One that was switched to from elsewhere, and what counts nothing besides.
  it.looks(8, 'main:1 left:1 leaf #30');
  for (const moment of ['main:1 left #29', 'main:1 left #19', 'main:1 left'])
    assert.equal(it.ruleOf(moment), 'as copied', moment);
  assert.equal(it.losses.torn, 0);
});

test('up to 3.10 calls that were only seen while a thread counted more than it had are proven all the same', () => {
  const it = new Moments(10, program);
  it.looks(2, 'main:1 left:1 leaf #20');
  assert.equal(it.shown.join(' '), 'main left leaf');
  assert.equal(it.ruleOf('main:1 left:1 leaf #20'), 'as copied');
});

test('up to 3.10 what is missing in a copy, however often, is not taken for what a thread counts besides', () => {
  const it = known();
  // Each time it is over with the next copy.
  for (let look = 0; look < 20; look++)
    assert.equal(it.look(['main:2 right #9', 'main:1 left:1 leaf']), 'main left leaf');
  // Or the thread went on meanwhile.
  it.looks(20, 'main:2 right #9 2/1');
  // Or it is another one.
  for (let look = 0; look < 20; look++) it.look([9, 12, 15].map((depth) => `main:2 right #${depth}`));
  for (const depth of [9, 12, 15])
    assert.equal(it.look([`main:2 right #${depth}`, 'main:1 left:1 leaf']), 'main left leaf', `${depth}`);
  // A thread never counts fewer than it has.
  it.looks(20, 'main:2 right #1');
  assert.equal(it.look(['main:2 right #1', 'main:1 left']), 'main left');
});

test('up to 3.10 what a thread counts besides is forgotten when it has counted otherwise four times', () => {
  const it = known();
  for (const besides of [10, 17, 24, 31, 38]) it.looks(8, `main:1 left:1 leaf #${3 + besides}`);
  assert.equal(it.ruleOf('main:1 left #19'), 'as copied');
  assert.equal(it.ruleOf('main:2 right #12'), 'depth differs');
});
