import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LookTime, LookTurns } from './look-turns.js';

/** Looks of steps that take 100 µs each. */
function begin(steps: number) {
  let cpu = 0;
  // Others have the processor two thirds of the time.
  const clock = () => 3 * cpu;
  const time = new LookTime();
  const look = function* () {
    for (let left = steps; left > 0; left--) {
      cpu += 100;
      yield;
    }
  };
  const turns = new LookTurns({ time, cpu: () => cpu, clock });
  /** Microseconds of one turn. */
  const turn = () => {
    const before = cpu;
    const cost = turns.goOn();
    return { took: cpu - before, cost };
  };
  return { time, turns, look, turn };
}

test('the first turn of a look is long, of the first looks more so, and later ones take a part of a tick', () => {
  const { time, turns, look, turn } = begin(300);
  // The process may be followed long after the recording was begun.
  for (const now of [3e6, 3e6 + 10_000, 3e6 + 20_000]) time.tick(now);
  for (const [isAtFirst, expected] of [
    [true, [20_000, 3000, 3000, 3000, 1000]],
    [false, [5000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 1000]],
  ] as const) {
    turns.begin(look(), isAtFirst);
    const took: number[] = [];
    while (turns.isUnderWay) {
      const { took: microseconds, cost } = turn();
      took.push(microseconds);
      assert.equal(cost, turns.isUnderWay ? undefined : 30_000);
    }
    assert.deepEqual(took, expected);
  }
});

test('looks that are under way share the time, until they are over or left', () => {
  const { time, turns, look, turn } = begin(300);
  const other = new LookTurns({ time, cpu: () => 0, clock: () => 0 });
  for (const now of [0, 10_000, 20_000]) time.tick(now);
  other.begin(look(), false);
  turns.begin(look(), false);
  turn();
  assert.equal(turn().took, 1500);
  other.stop();
  other.stop();
  assert.equal(turn().took, 3000);
  assert.equal(turns.goOn(Number.POSITIVE_INFINITY), 30_000);
  assert.equal(turns.goOn(), undefined);
});

test('what is between two ticks follows when they become rarer, and has its limits', () => {
  const time = new LookTime();
  time.tick(0);
  assert.equal(time.ofEach, 200);
  for (let now = 100; now < 2000; now += 100) time.tick(now);
  assert.equal(time.ofEach, 200);
  for (let at = 1; at < 200; at++) time.tick(2000 + at * 5000);
  assert.equal(Math.round(time.ofEach), 1500);
  for (let at = 1; at < 200; at++) time.tick(1e6 + at * 1e6);
  assert.equal(time.ofEach, 5000);
});
