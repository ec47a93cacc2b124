import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { interval, requestProfile } from '../../tests/support/request-recording.js';
import { leafStates } from '../analysis/run-states.js';
import { defaultView } from '../analysis/view-options.js';
import { type SpeedscopeFile, speedscope } from './speedscope.js';

const written = (...[picture, options]: Parameters<typeof profileFromText>) =>
  JSON.parse([...speedscope.write(profileFromText(picture, options), defaultView)].join(''));

test('a profile for each thread, with its own time', () => {
  const file = written({ MainThread: 'main main main | work . idle', other: '. f f' });
  assert.equal(file.$schema, 'https://www.speedscope.app/file-format-schema.json');
  assert.deepEqual(
    file.shared.frames.map(({ name, file, line }: { name: string; file: string; line: number }) => [
      name,
      file,
      line,
    ]),
    [
      ['main', 'app.py', 1],
      ['work', 'app.py', 1],
      ['idle', 'app.py', 1],
      ['f', 'app.py', 1],
      ...leafStates.map((name) => [name, undefined, undefined]),
    ],
  );
  const [main, other] = file.profiles;
  assert.equal(main.name, 'thread (100): MainThread');
  assert.deepEqual(main.samples, [[0, 1], [0], [0, 2]]);
  assert.deepEqual(main.weights, [10_000, 10_000, 10_000]);
  assert.deepEqual(other.samples, [[], [3]]);
  assert.deepEqual(other.weights, [10_000, 20_000]);
});

test('what waited, for what, and the collector are frames below the innermost', () => {
  const { shared, profiles } = written('work work work work work', { states: { MainThread: 'RWWGC' } });
  const names = profiles[0].samples.map((stack: number[]) => stack.map((frame) => shared.frames[frame].name));
  assert.deepEqual(names, [['work'], ['work', '<waiting>'], ['work', '<waiting for GIL>'], ['work', '<gc>']]);
  assert.deepEqual(profiles[0].weights, [10_000, 20_000, 10_000, 10_000]);
});

test('weights of every thread add up to the time of the recording', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', '.'), { minLength: 1, maxLength: 40 }),
      fc.double({ min: 1, max: 5000, noNaN: true }),
      (columns, interval) => {
        const { profiles } = written({ one: ['a', ...columns].join(' ') }, { interval });
        for (const { weights, endValue } of profiles) {
          assert.equal(
            weights.reduce((sum: number, weight: number) => sum + weight, 0),
            endValue,
          );
          assert.ok(Math.abs(endValue - interval * (columns.length + 1)) <= 1);
        }
      },
    ),
  );
});

test('nothing sampled is still a file that the app opens', () => {
  const { profiles } = written('. .');
  assert.equal(profiles.length, 1);
  assert.deepEqual(profiles[0].samples.length, profiles[0].weights.length);
});

test('what a terminal would obey is escaped', () => {
  const qualifiedName = 'a\u009b31mb\u007fc\u202ed';
  const profile = profileFromText('x', { functions: { x: { qualifiedName, kind: 'c' } } });
  const text = [...speedscope.write(profile, defaultView)].join('');
  assert.doesNotMatch(text, /[\u007f-\u009f\u202e]/);
  assert.equal(JSON.parse(text).shared.frames[0].name, qualifiedName);
});

test('a value of a label is the outermost frame of what has it', () => {
  const profile = profileFromText('f f f . f', { jobs: { MainThread: 'aab.b' } });
  const label = { key: 'job' };
  const file = JSON.parse(
    [...speedscope.write(profile, { ...defaultView, label })].join(''),
  ) as SpeedscopeFile;
  const { samples, weights } = file.profiles[0]!;
  const names = samples.map((stack) => stack.map((frame) => file.shared.frames[frame]!.name));
  assert.deepEqual(names, [['job: a', 'f'], ['job: b', 'f'], [], ['job: b', 'f']]);
  assert.deepEqual(weights, [20_000, 10_000, 10_000, 10_000]);
});

test('threads that served requests have them as a profile of their own', () => {
  const recording = requestProfile(
    { main: '.aaA.b.', idle: '.......' },
    { routeOf: (letter) => `GET /${letter}` },
  );
  const { profiles, shared } = JSON.parse(
    [...speedscope.write(recording, defaultView)].join(''),
  ) as SpeedscopeFile;
  assert.deepEqual(
    profiles.map(({ name }) => name),
    ['thread (100): main', 'thread (101): idle', 'requests of thread (100): main'],
  );
  const lane = profiles[2]!;
  const stacks = lane.samples.map((stack, at) => [
    ...stack.map((frame) => shared.frames[frame]!.name),
    lane.weights[at]! / interval,
  ]);
  assert.deepEqual(stacks, [['GET /a', 2], ['GET /A', 1], [1], ['GET /b', 1], [1]]);
  assert.equal(
    lane.weights.reduce((sum, weight) => sum + weight, 0),
    lane.endValue,
  );
  // Together with root frames of a label.
  const view = { ...defaultView, label: { key: 'job' }, request: { route: '*/b' } };
  const one = JSON.parse([...speedscope.write(recording, view)].join('')) as SpeedscopeFile;
  const frames = one.profiles[1]!.samples.flat().map((frame) => one.shared.frames[frame]!.name);
  assert.deepEqual(frames, ['GET /b']);
});
