import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AskAgain } from './ask-again.js';

test('what is missed is asked for again, less and less often', () => {
  const ask = new AskAgain();
  assert.equal(ask.at, Number.POSITIVE_INFINITY);
  const pauses: number[] = [];
  for (let time = 0; pauses.length < 20; time = ask.at) {
    assert.ok(!ask.isTooEarly(4096, time));
    ask.missed(4096, time);
    assert.ok(ask.isTooEarly(4096, ask.at - 1));
    pauses.push(ask.at - time);
  }
  assert.equal(pauses[0], 1000);
  assert.deepEqual(
    pauses,
    pauses.toSorted((a, b) => a - b),
  );
  assert.equal(pauses.at(-1), 100_000);
});

test('to ask too early puts nothing off', () => {
  const ask = new AskAgain();
  ask.missed(4096, 0);
  ask.missed(4096, 400);
  ask.missed(4096, 999);
  assert.equal(ask.at, 1000);
  assert.ok(!ask.isTooEarly(4096, 1000));
});

test('another thing is asked for at once', () => {
  const ask = new AskAgain();
  for (let time = 0; time < 1e6; time = ask.at) ask.missed(4096, time);
  const now = ask.at - 1;
  assert.ok(!ask.isTooEarly(8192, now));
  ask.missed(8192, now);
  assert.equal(ask.at, now + 1000);
  ask.found();
  assert.equal(ask.at, Number.POSITIVE_INFINITY);
  assert.ok(!ask.isTooEarly(8192, now));
});
