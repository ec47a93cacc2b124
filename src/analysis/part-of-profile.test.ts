import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { functionTable } from './function-table.js';
import { partOfProfile } from './part-of-profile.js';
import { wholeOfRuns } from './sample-weights.js';
import { defaultView } from './view-options.js';

const profile = () => profileFromText({ one: 'a a a b', two: 'c d d .' });
const times = (of: ReturnType<typeof profile>) =>
  Object.fromEntries(
    functionTable(of, defaultView, 10).rows.map(({ label, selfTime, samples }) => [
      label.split(' ')[0],
      [selfTime, samples],
    ]),
  );

test('without a choice it is the recording itself', () => {
  const whole = profile();
  assert.equal(partOfProfile(whole, {}), whole);
});

test('a thread, a process', () => {
  assert.deepEqual(times(partOfProfile(profile(), { thread: 1 })), { c: [10_000, 1], d: [20_000, 2] });
  assert.deepEqual(times(partOfProfile(profile(), { process: 0 })), times(profile()));
  assert.deepEqual(times(partOfProfile(profile(), { process: 1 })), {});
});

test('of a task, all that are called like it in its process', () => {
  const tasks = profileFromText({ t1: 'a . .', t2: '. b .', t3: '. . c', main: 'd d d' });
  for (const thread of [0, 1, 2])
    tasks.threads[thread] = { ...tasks.threads[thread]!, name: 'fetch', isTask: true };
  tasks.threads[2] = { ...tasks.threads[2]!, process: 1 };
  for (const thread of [0, 1])
    assert.deepEqual(times(partOfProfile(tasks, { thread })), { a: [10_000, 1], b: [10_000, 1] });
});

test('what is cut has its part of time and samples, and parts add up to the whole', () => {
  const whole = profile();
  const cut = partOfProfile(whole, { range: { from: 5000, to: 25_000 } });
  assert.deepEqual(times(cut), { a: [20_000, 2], c: [5000, 1], d: [15_000, 1] });
  assert.equal(cut.duration, 20_000);
  for (const at of [0, 1, 9999, 10_000, 10_001, 25_000, 39_999, 40_000]) {
    const [before, after] = [
      partOfProfile(whole, { range: { from: 0, to: at } }),
      partOfProfile(whole, { range: { from: at, to: 40_000 } }),
    ].map(({ runs }) => wholeOfRuns(runs));
    assert.deepEqual(
      { time: before!.time + after!.time, samples: before!.samples + after!.samples },
      wholeOfRuns(whole.runs),
    );
  }
});

test('the recording stays as it was', () => {
  const whole = profile();
  partOfProfile(whole, { thread: 0, range: { from: 1, to: 2 } });
  assert.deepEqual(whole, profile());
});
