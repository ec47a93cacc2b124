import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import type { Profile, Runs } from '../model/profile.js';
import { ProfileWindows, profileOfWindow } from './profile-windows.js';
import { wholeOfRuns } from './sample-weights.js';

const length = 10_000;

/** One run of a thread, from a moment of the clock on; milliseconds. */
function oneRun(startedAt: number, start: number, duration: number): Profile {
  const profile = profileFromText('f', { interval: duration * 1000 });
  profile.info = { ...profile.info, startedAt };
  profile.runs.start.set(0, start * 1000);
  profile.runs.samples.set(0, Math.round(duration / 10));
  return profile;
}

const rows = ({ start, duration, samples }: Runs) =>
  Array.from({ length: start.length }, (_, row) => [start.at(row), duration.at(row), samples.at(row)]);

test('a run counts in each window for the part within it', () => {
  const profile = oneRun(1_700_000_003_000, 1000, 20_000);
  const windows = new ProfileWindows(profile, length);
  windows.add(profile.runs);
  assert.deepEqual(
    windows
      .take(Number.POSITIVE_INFINITY)
      .map(({ from, until, process, runs }) => [from, until, process, rows(runs)]),
    [
      [1_700_000_000_000, 1_700_000_010_000, 0, [[1e6, 6e6, 600]]],
      [1_700_000_010_000, 1_700_000_020_000, 0, [[7e6, 10e6, 1000]]],
      [1_700_000_020_000, 1_700_000_030_000, 0, [[17e6, 4e6, 400]]],
    ],
  );
});

test('only windows that have ended are taken, each once', () => {
  const profile = oneRun(1_700_000_000_000, 0, 25_000);
  const windows = new ProfileWindows(profile, length);
  windows.add(profile.runs);
  assert.equal(windows.take(9_999_999).length, 0);
  assert.equal(windows.take(10_000_000).length, 1);
  assert.equal(windows.take(20_000_000).length, 1);
  assert.equal(windows.take(Number.POSITIVE_INFINITY).length, 1);
  assert.equal(windows.take(Number.POSITIVE_INFINITY).length, 0);
});

test('windows neither overlap nor leave gaps, whatever the times', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 30_000 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 90_000_000 }), fc.integer({ min: 1, max: 40_000_000 })), {
        minLength: 1,
        maxLength: 20,
      }),
      (offset, runs) => {
        const profile = oneRun(1_700_000_000_000 + offset + 0.25, 0, 1);
        const windows = new ProfileWindows(profile, length);
        for (const [start, duration] of runs) {
          profile.runs.start.set(0, start);
          profile.runs.duration.set(0, duration);
          profile.runs.samples.set(0, 1 + (duration % 997));
          windows.add(profile.runs);
        }
        const taken = windows.take(Number.POSITIVE_INFINITY);
        let [time, samples] = [0, 0];
        for (const { from, runs: part } of taken) {
          time += wholeOfRuns(part).time;
          samples += wholeOfRuns(part).samples;
          for (const [start, lasts] of rows(part)) {
            assert.ok(profile.info.startedAt + start! / 1000 >= from - 0.01);
            assert.ok(profile.info.startedAt + (start! + lasts!) / 1000 <= from + length + 0.01);
          }
        }
        assert.ok(Math.abs(time - runs.reduce((sum, [, duration]) => sum + duration, 0)) < 1);
        assert.equal(
          samples,
          runs.reduce((sum, [, duration]) => sum + 1 + (duration % 997), 0),
        );
      },
    ),
  );
});

test('the profile of a window has its times and its rate, and nothing of the whole recording', () => {
  const profile = oneRun(1_700_000_003_000, 1000, 20_000);
  profile.losses.missed = 7;
  const windows = new ProfileWindows(profile, length);
  windows.add(profile.runs);
  const [window] = windows.take(Number.POSITIVE_INFINITY);
  const { info, duration, losses, runs } = profileOfWindow(profile, window!, 50);
  assert.deepEqual([info.startedAt, info.rate, duration], [1_700_000_000_000, 50, 10e6]);
  assert.equal(losses.missed, 0);
  assert.equal(wholeOfRuns(runs).time, 6e6);
});
