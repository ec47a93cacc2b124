import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SameTicks } from './same-ticks.js';

function clock() {
  return {
    ...{ still: true, asked: 0 },
    isStill() {
      this.asked++;
      return this.still;
    },
  };
}

/** Ticks that are the same up to 90 ms, while two clocks are still. */
function same() {
  const it = {
    ...{ clocks: [clock(), clock()], repeated: [] as [number, number][], rested: [] as number[] },
    ...{ changes: { count: 0 }, records: { isWaiting: false } },
  };
  const ticks = new SameTicks({
    encoder: { repeatTick: (process, time) => it.repeated.push([process, time]) },
    process: 7,
    labels: { changes: it.changes },
    records: it.records,
    rest: (time) => it.rested.push(time),
  });
  assert.ok(!ticks.repeat(1000));
  ticks.begin(it.clocks, 90_000);
  return { ...it, ticks };
}

test('ticks are repeated until another is due', () => {
  const { ticks, repeated, clocks } = same();
  for (const time of [1000, 89_999]) assert.ok(ticks.repeat(time));
  assert.ok(!ticks.repeat(90_000));
  assert.deepEqual(repeated, [
    [7, 1000],
    [7, 89_999],
  ]);
  assert.deepEqual([ticks.threads, ticks.last], [2, 89_999]);
  assert.deepEqual(
    clocks.map(({ asked }) => asked),
    [2, 2],
  );
});

test('ticks end before something else is due, and not later', () => {
  const { ticks } = same();
  ticks.endBy(50_000);
  assert.ok(ticks.repeat(49_999));
  ticks.endBy(80_000);
  assert.ok(!ticks.repeat(50_000));
  ticks.begin([], 90_000);
  ticks.endBy(95_000);
  assert.ok(!ticks.repeat(90_000));
});

test('a thread that was given a processor ends them, also once it stands again', () => {
  const { ticks, clocks, repeated } = same();
  clocks[1]!.still = false;
  assert.ok(!ticks.repeat(1000));
  clocks[1]!.still = true;
  assert.ok(!ticks.repeat(2000));
  assert.deepEqual(repeated, []);
});

test('a label that was set or ended ends them', () => {
  const { ticks, clocks, changes } = same();
  changes.count++;
  assert.ok(!ticks.repeat(1000));
  ticks.begin(clocks, 90_000);
  assert.ok(ticks.repeat(1000));
});

test('what waits for the times of all processes hears of each of them', () => {
  const { ticks, records, rested } = same();
  assert.ok(ticks.repeat(1000));
  records.isWaiting = true;
  assert.ok(ticks.repeat(2000));
  ticks.end();
  assert.ok(!ticks.repeat(3000));
  assert.deepEqual(rested, [2000]);
});
