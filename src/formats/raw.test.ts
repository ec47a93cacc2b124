import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { defaultView } from '../analysis/view-options.js';
import { raw } from './raw.js';

const written = (...[picture, options]: Parameters<typeof profileFromText>) =>
  [...raw.write(profileFromText(picture, options), defaultView)].join('');

test('a line for each stack, sorted, with its samples', () => {
  assert.equal(
    written('main main main main | work work idle . '),
    'main (app.py:1) 1\nmain (app.py:1);idle (app.py:1) 1\nmain (app.py:1);work (app.py:1) 2\n',
  );
});

test('what was missed counts for the stack that was seen next', () => {
  const profile = profileFromText('main main main main | work idle work idle');
  // The second sample came three periods late.
  profile.runs.duration.set(1, 40_000);
  assert.equal(
    [...raw.write(profile, defaultView)].join(''),
    'main (app.py:1);idle (app.py:1) 5\nmain (app.py:1);work (app.py:1) 2\n',
  );
});

test('many thin stacks add up to the time', () => {
  const names = Array.from({ length: 100 }, (_, at) => `f${at}`);
  const profile = profileFromText(names.join(' '));
  profile.info = { ...profile.info, rate: profile.info.rate / 4 };
  const counts = [...raw.write(profile, defaultView)].map((line) =>
    Number(/ (\d+)\n$/.exec(String(line))![1]),
  );
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    25,
  );
});

test('what would part a line or steer a terminal is escaped', () => {
  const qualifiedName = 'a;b\nc\\d\u001b[31m\u2028\ud800';
  assert.equal(
    written('x', { functions: { x: { qualifiedName, kind: 'c' } } }),
    'a\\x3bb\\nc\\\\d\\x1b[31m\\u2028\\ud800 1\n',
  );
});

test('thread and process roots come when asked for', () => {
  const profile = profileFromText({ one: 'f', two: 'f' });
  const lines = [...raw.write(profile, { ...defaultView, threads: true, processes: true })];
  assert.deepEqual(lines, [
    'process 100: python app.py;thread (100): one;f (app.py:1) 1\n',
    'process 100: python app.py;thread (101): two;f (app.py:1) 1\n',
  ]);
});

test('the collector and the wait for the GIL are frames, other waiting is no part of a stack', () => {
  assert.equal(
    written('f f f f', { states: { MainThread: 'RWGC' } }),
    'f (app.py:1) 2\nf (app.py:1);<gc> 1\nf (app.py:1);<waiting for GIL> 1\n',
  );
});

test('nothing sampled is no line', () => {
  assert.equal(written('.'), '');
});

test('marks of direction are escaped, and a long name is cut', () => {
  assert.equal(
    written('x', { functions: { x: { qualifiedName: 'a\u202eb\u2066c\u200f', kind: 'c' } } }),
    'a\\u202eb\\u2066c\\u200f 1\n',
  );
  assert.equal(
    written('x', { functions: { x: { qualifiedName: 'a'.repeat(5000), kind: 'c' } } }),
    `${'a'.repeat(999)}… 1\n`,
  );
});

test('lines are ordered as strings, whatever the tree', () => {
  const lines = written('a a a_ a | b . c (').split('\n').slice(0, -1);
  assert.deepEqual(
    lines.map((one) => one.replace(/ \d+$/, '')),
    lines.map((one) => one.replace(/ \d+$/, '')).sort(),
  );
  assert.equal(lines.length, 4);
});

test('values of a label come first, and hold nothing that parts a line', () => {
  const profile = profileFromText('f f f', { jobs: { MainThread: 'a;.' } });
  const lines = [...raw.write(profile, { ...defaultView, label: { key: 'job' } })].join('');
  assert.equal(lines, 'job: \\x3b;f (app.py:1) 1\njob: a;f (app.py:1) 1\nno job;f (app.py:1) 1\n');
});
