import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { functionTable } from './function-table.js';
import { lastOfProfile } from './last-of-profile.js';
import { partOfProfile } from './part-of-profile.js';
import { wholeOfRuns } from './sample-weights.js';
import { defaultView } from './view-options.js';

// Samples of 10 ms.
const profile = () => profileFromText({ one: 'a a a b', two: 'c d d .' });
const losses = { missed: 1, retried: 0, torn: 2, truncated: 0, unreadTasks: 0 };
const times = (of: ReturnType<typeof profile>) =>
  functionTable(of, defaultView, 10).rows.map(({ label, selfTime, samples }) => [label, selfTime, samples]);

test('it has what the same part of the time has, and begins there', () => {
  for (const length of [5000, 10_000, 25_000, 40_000]) {
    const whole = profile();
    const last = lastOfProfile(whole, length, losses);
    const from = 40_000 - length;
    const part = partOfProfile(whole, { range: { from, to: 40_000 } });
    assert.deepEqual(times(last), times(part));
    assert.equal(last.duration, length);
    assert.equal(last.info.startedAt, whole.info.startedAt + from / 1000);
    for (let run = 0; run < last.runs.start.length; run++) {
      const start = last.runs.start.at(run);
      assert.ok(start >= 0 && start + last.runs.duration.at(run) <= length);
    }
    assert.deepEqual(wholeOfRuns(whole.runs), wholeOfRuns(profile().runs), 'the whole is left as it was');
  }
});

test('what is known of the whole only is left out', () => {
  const whole = profile();
  whole.otherThreads.push({ process: 0, name: 'pool', cpu: 5_000_000 });
  whole.children = { cpuSeconds: 4, processes: [] };
  for (const [start, duration] of [
    [1000, 20_000],
    [22_000, 15_000],
  ] as const) {
    whole.longSteps.thread.push(0);
    whole.longSteps.start.push(start);
    whole.longSteps.duration.push(duration);
  }
  const last = lastOfProfile(whole, 20_000, losses);
  assert.deepEqual(last.otherThreads, []);
  assert.equal(last.children.cpuSeconds, 0);
  assert.deepEqual(last.losses, losses);
  assert.deepEqual([last.longSteps.start.length, last.longSteps.start.at(0)], [1, 2000]);
});
