import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TickPriority } from './tick-priority.js';

/** Ticks every 10 ms, each of which takes so much; what was said of the priority. */
function priority(isAllowed = true) {
  const said: boolean[] = [];
  const it = new TickPriority((isFirst) => {
    said.push(isFirst);
    return isAllowed;
  });
  let now = 5000;
  // To load and to attach.
  let [cpu, newcomers] = [900, 0];
  let ticks = 0;
  const review = () => it.review(now, { all: cpu, newcomers }, ticks, 10);
  return {
    said,
    ticks(count: number, each: number) {
      for (let tick = 0; tick < count; tick++, now += 10) {
        ticks++;
        cpu += each;
        if (it.isDue(now)) review();
      }
    },
    /** `each` of a tick that comes late, beside so much for newcomers. */
    lateTick(each: number, ofNewcomers: number) {
      newcomers += ofNewcomers;
      this.pass(40);
      this.ticks(1, each + ofNewcomers);
    },
    /** Nothing happens for so long. */
    pass(milliseconds: number) {
      now += milliseconds;
      if (it.isDue(now)) review();
    },
  };
}

test('ticks that take little go first, whatever it took to attach', () => {
  const it = priority();
  it.ticks(5, 1);
  assert.deepEqual(it.said, []);
  it.ticks(50, 1);
  assert.deepEqual(it.said, [true]);
});

test('ticks that take more than half of a processor wait for their turn, until they take less', () => {
  const it = priority();
  it.ticks(50, 5.5);
  assert.deepEqual(it.said, []);
  it.ticks(50, 4);
  assert.deepEqual(it.said, [true]);
  it.ticks(50, 5.5);
  assert.deepEqual(it.said, [true]);
  it.ticks(50, 7);
  assert.deepEqual(it.said, [true, false]);
  it.ticks(50, 5.5);
  it.ticks(50, 1);
  assert.deepEqual(it.said, [true, false, true]);
});

test('ticks that come late cost what they would if they came in time', () => {
  const it = priority();
  for (let tick = 0; tick < 50; tick++) {
    it.ticks(1, 7);
    it.pass(40);
  }
  assert.deepEqual(it.said, []);
});

test('what newcomers take of ticks that come late is a part of the time', () => {
  const it = priority();
  for (let tick = 0; tick < 50; tick++) it.lateTick(1, 15);
  assert.deepEqual(it.said, [true]);
  for (let tick = 0; tick < 50; tick++) it.lateTick(4, 15);
  assert.deepEqual(it.said, [true, false]);
});

test('what is not allowed is not asked for again', () => {
  const it = priority(false);
  it.ticks(100, 1);
  assert.deepEqual(it.said, [true]);
});
