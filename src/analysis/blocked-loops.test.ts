import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { blockedLoopSentence } from '../formats/summary/blocked-loop-sentence.js';
import { blockedLoops } from './blocked-loops.js';
import { defaultView } from './view-options.js';

const picture = {
  one: 'run run run run run run run run run run run run run run run run run run run run | parse parse parse parse parse parse . wait wait wait wait wait wait wait . load load load load . | read read . . . . . sleep sleep sleep sleep sleep sleep sleep . . . . . .',
  two: 'other other other other other other other other other other other other other other other other other other other other',
};
const functions = {
  run: { file: '/usr/lib/python3.13/asyncio/base_events.py', shortFile: 'asyncio/base_events.py' },
  sleep: { kind: 'c', file: '', shortFile: '' },
} as const;

/** Steps as [thread, first sample, samples], of 10 ms each. */
function profileWith(...steps: readonly [number, number, number][]) {
  const profile = profileFromText(picture, { functions });
  for (const [thread, first, samples] of steps) {
    profile.longSteps.thread.push(thread);
    profile.longSteps.start.push(first * 10_000);
    profile.longSteps.duration.push(samples * 10_000);
  }
  return profile;
}

const named = (profile: ReturnType<typeof profileWith>) => {
  const { steps, time, longest, causes } = blockedLoops(profile, {});
  const name = (fn: number) => profile.functions[fn]?.name;
  return {
    ...{ steps, time, longest },
    causes: causes.map((cause) => [name(cause.function), name(cause.in), cause.steps, cause.time]),
  };
};

test('a step counts for the function that took most of it', () => {
  const profile = profileWith([0, 0, 6], [0, 7, 7], [0, 15, 4]);
  assert.deepEqual(named(profile), {
    ...{ steps: 2, time: 130_000, longest: 70_000 },
    causes: [
      ['wait', 'sleep', 1, 70_000],
      ['parse', 'parse', 1, 60_000],
    ],
  });
  assert.equal(
    blockedLoopSentence(profile, defaultView, blockedLoops(profile, {})),
    'The event loop was blocked 2 times for over 50.0 ms, 130 ms in all, longest 70.0 ms: mostly by wait (app.py:1), in sleep.',
  );
  assert.equal(blockedLoops(profile, { blockedFor: 30_000 }).steps, 3);
});

test('without long steps nothing is said', () => {
  for (const profile of [
    profileWith(),
    profileWith([0, 15, 4]),
    profileWith([0, 1000, 9]),
    profileWith([7, 0, 9]),
  ]) {
    assert.equal(blockedLoops(profile, {}).steps, 0);
    assert.equal(blockedLoopSentence(profile, defaultView, blockedLoops(profile, {})), undefined);
  }
});

test('steps of several threads, in whatever order they ended', () => {
  assert.deepEqual(named(profileWith([1, 3, 9], [0, 7, 7], [1, 13, 6], [0, 0, 6])).causes, [
    ['other', 'other', 2, 150_000],
    ['wait', 'sleep', 1, 70_000],
    ['parse', 'parse', 1, 60_000],
  ]);
});
