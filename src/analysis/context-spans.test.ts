import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { lostContextKind } from '../model/context.js';
import type { Profile } from '../model/profile.js';
import { contextSpans, contextText } from './context-spans.js';
import { defaultView } from './view-options.js';

/** `text start-end` in milliseconds, indented by depth. */
const drawn = (profile: Profile, view = defaultView) =>
  contextSpans(profile, view).map(
    ({ context, depth, start, end }) =>
      `${' '.repeat(depth)}${contextText(profile, context)} ${start / 1000}-${end / 1000}`,
  );

test('what a thread works for goes on while its stack and its state change, shown or not', () => {
  const profile = profileFromText('a b . a a', {
    jobs: { MainThread: 'xxxy.' },
    states: { MainThread: 'RWRRR' },
  });
  assert.deepEqual(drawn(profile), ['job: x 0-30', 'job: y 30-40']);
});

test('each thread works for its own, and ends it when it is gone', () => {
  const profile = profileFromText({ one: 'a a', two: 'a a' }, { jobs: { one: 'xx', two: 'x.' } });
  assert.deepEqual(drawn(profile), ['job: x 0-10', 'job: x 0-20'].toSorted());
  profile.runs.start.set(1, 5000);
  profile.runs.thread.set(1, 0);
  profile.runs.start.set(1, 30_000);
  assert.deepEqual(drawn(profile), ['job: x 0-20', 'job: x 30-40']);
});

test('an outer context covers those within it, and ends after them', () => {
  const profile = profileFromText('a b c d', { jobs: { MainThread: 'xxxx' } });
  const task = (name: string) => profile.contexts.push({ kind: 'task', values: { name }, outer: 1 }) - 1;
  profile.runs.context.set(1, task('s'));
  profile.runs.context.set(2, task('t'));
  assert.deepEqual(drawn(profile), [' name: s 10-20', ' name: t 20-30', 'job: x 0-40']);
});

test('only what a view is about, and nothing of what is lost', () => {
  const profile = profileFromText('a b c', { jobs: { MainThread: 'xy.' } });
  profile.contexts.push({ kind: lostContextKind, values: {}, outer: 0 });
  profile.runs.context.set(2, 3);
  assert.deepEqual(drawn(profile, { ...defaultView, label: { key: 'job', value: 'y' } }), ['job: y 10-20']);
  assert.deepEqual(drawn(profile), ['job: x 0-10', 'job: y 10-20']);
});

test('a context without values is its kind', () => {
  const profile = profileFromText('a');
  profile.contexts.push({ kind: 'request', values: {}, outer: 0 });
  assert.equal(contextText(profile, 1), 'request');
});
