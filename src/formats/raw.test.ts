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
