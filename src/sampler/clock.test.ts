import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestTime } from '../../tests/support/test-time.js';
import { SamplingClock } from './clock.js';
import { realTime } from './time.js';

function clock(rate: number) {
  const control = new Int32Array(new SharedArrayBuffer(8));
  const time = new TestTime();
  return { it: new SamplingClock(rate, control, time), time, control };
}

test('ticks come at the rate that was asked for, at changing intervals', () => {
  for (const rate of [10, 100, 10_000, 50_000]) {
    const { it } = clock(rate);
    const first = it.next();
    const times = Array.from({ length: 100 }, () => it.next());
    assert.ok(Math.abs((times.at(-1)! - first) / 100 - 1000 / rate) < 0.01, `${rate} a second`);
    const [a, b, c] = times;
    assert.ok(Math.abs(b! - a! - (c! - b!)) > 200 / rate);
    assert.equal(it.missed, 0);
  }
});

test('what was missed is counted and not made up for', () => {
  const { it, time } = clock(100);
  it.next();
  time.pass(55);
  const late = it.next();
  assert.ok(it.missed >= 4 && it.missed <= 5, `${it.missed}`);
  assert.ok(it.next() - late > 5);
});

test('it is known how long a tick may take before the next one is missed', () => {
  const { it, time } = clock(100);
  for (let tick = 0; tick < 50; tick++) {
    it.next();
    const { timeLeft } = it;
    assert.ok(timeLeft > 5 && timeLeft < 25, `${timeLeft} ms`);
    const { missed } = it;
    time.pass(timeLeft - 0.1);
    it.next();
    assert.equal(it.missed, missed);
    time.pass(it.timeLeft + 0.1);
    it.next();
    assert.equal(it.missed, missed + 1);
  }
});

test('the thread goes before others while ticks take less than half of the time, however late they come', () => {
  const { it, time } = clock(100);
  for (let tick = 0; tick < 30; tick++) {
    time.pass(30);
    it.next();
  }
  assert.equal(time.isFirst, false);
  for (let tick = 0; tick < 30; tick++) {
    time.pass(2);
    it.next();
  }
  assert.equal(time.isFirst, true);
});

test('a tick that is late by less than a period is followed by one in time', () => {
  const { it, time } = clock(100);
  const first = it.next();
  time.pass(18);
  it.next();
  it.next();
  const third = it.next();
  assert.equal(it.missed, 0);
  assert.ok(Math.abs(third - first - 30) < 6, `${third - first}`);
});

test('a wait ends when sampling is to stop', () => {
  const { it, time, control } = clock(1);
  time.at(100, () => {
    control[0] = 1;
    // As who waits is woken.
    time.wait = () => {};
  });
  time.wait = () => time.pass(10);
  const stopped = it.next();
  assert.ok(it.stopped);
  assert.ok(stopped < 120, `${stopped}`);
});

test('the fastest rate does not wait', () => {
  const { it, time } = clock(500_000);
  time.wait = () => assert.fail('waits');
  const first = it.next();
  assert.ok(it.next() - first < 0.01);
});

test('time itself passes, and a wait ends when its cell changes', () => {
  const cells = new Int32Array(new SharedArrayBuffer(4));
  const before = realTime.now();
  realTime.wait(cells, 0, 2);
  assert.ok(realTime.now() - before >= 1.9);
  cells[0] = 1;
  const began = realTime.now();
  realTime.wait(cells, 0, 600_000);
  assert.ok(realTime.now() - began < 60_000);
  const random = realTime.random();
  assert.ok(random >= 0 && random < 1);
});
