import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReadPlan } from '../../memory/read-plan.js';
import { ObjectWatch } from './object-watch.js';

test('what was called once is copied from the next tick on', () => {
  const watch = new ObjectWatch(24);
  assert.equal(watch.offsetOf(0x1000, 1), -1);
  assert.ok(!watch.changed);
  watch.use(0x1000, 1, 10);
  assert.equal(watch.offsetOf(0x1000, 1), -1);
  assert.ok(watch.changed);
  const plan = new ReadPlan();
  plan.add(0x9000, 16);
  watch.addTo(plan);
  assert.equal(plan.addressOf(1), 0x1_0000_1000);
  watch.use(0x1000, 1, 20);
  assert.equal(watch.offsetOf(0x1000, 1), 4);
  assert.ok(!watch.changed);
});

test('of too many the one that was not used for longest makes room', () => {
  const watch = new ObjectWatch(24);
  for (let index = 0; index < 8; index++) watch.use(index * 64, 1, index);
  watch.use(0, 1, 100);
  watch.use(0x8000, 1, 101);
  const plan = new ReadPlan();
  watch.addTo(plan);
  assert.equal(plan.count, 8);
  assert.notEqual(watch.offsetOf(0, 1), -1);
  assert.equal(watch.offsetOf(64, 1), -1);
});

test('what may not be readable beyond a page is left out, but for the least', () => {
  const watch = new ObjectWatch(512, { least: 80 });
  for (const low of [0x1000, 0x1f00, 0x1ff0]) watch.use(low, 0, 0);
  const plan = new ReadPlan();
  watch.addTo(plan);
  assert.deepEqual(
    [0, 1, 2].map((region) => plan.lengthOf(region)),
    [512, 256, 80],
  );
});

test('what is not used, or cannot be read any more, is not copied', () => {
  const watch = new ObjectWatch(24);
  watch.use(0x1000, 0, 0);
  watch.use(0x2000, 0, 2e6);
  watch.review(2.5e6);
  const plan = new ReadPlan();
  watch.addTo(plan);
  assert.equal(plan.count, 1);
  assert.equal(watch.drop(0x3000, 24), false);
  assert.equal(watch.drop(0x2000, 24), true);
  plan.clear();
  watch.addTo(plan);
  assert.equal(plan.count, 0);
});
