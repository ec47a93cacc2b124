import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { type FirefoxRow, type ReadFirefox, readFirefox } from '../../../tests/support/read-firefox.js';
import { defaultView, type ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { summaryReport } from '../summary/summary-json.js';
import { firefox } from './firefox.js';

const read = (profile: Profile, view: Partial<ViewOptions> = {}): ReadFirefox =>
  readFirefox([...firefox.write(profile, { ...defaultView, ...view })].join(''));
const drawn = (rows: readonly FirefoxRow[]) =>
  rows.map(({ time, stack, weight }) => `${time} ${stack.join(' ')} ${weight}`);
const rowsOf = (...parameters: Parameters<typeof profileFromText>) =>
  read(profileFromText(...parameters)).threads[0]!.rows;

test('a row where the stack changes, and one where it ends', () => {
  assert.deepEqual(drawn(rowsOf('main main:2 . main | work . . idle')), [
    '0 main:1 [Application] work:1 [Application] 10',
    '10 main:2 [Application] 10',
    '20  0',
    '30 main:1 [Application] idle:1 [Application] 10',
    '40  0',
  ]);
});

test('a long run is two rows, since the viewer draws what is between two samples as the nearer of both', () => {
  assert.deepEqual(drawn(rowsOf('f f f f f g')), [
    '0 f:1 [Application] 40',
    '40 f:1 [Application] 10',
    '50 g:1 [Application] 10',
    '60  0',
  ]);
});

test('a frame that waits is in another category; what took its time instead is a frame', () => {
  const functions = {
    sleep: { kind: 'c' as const },
    lib: { file: '/usr/lib/python3.12/site-packages/a/b.py' },
  };
  const rows = rowsOf('f f f f f | lib lib lib lib sleep', { functions, states: { MainThread: 'RWGCW' } });
  assert.deepEqual(
    rows.map(({ stack }) => stack.slice(1).join(' ')),
    [
      'lib:1 [Library]',
      'lib:1 [Waiting]',
      'lib:1 [Library] <waiting for GIL>:0 [Waiting for GIL]',
      'lib:1 [Library] <gc>:0 [Garbage collector]',
      'sleep:0 [Waiting]',
      '',
    ],
  );
});

test('CPU time is that since the row before, null where it is not known', () => {
  const cpu = (states: string) => rowsOf('a b c d', { states: { MainThread: states } }).map((row) => row.cpu);
  assert.deepEqual(cpu('RrWR'), [0, 10_000, 2500, 0, 10_000]);
  assert.deepEqual(cpu('R.rR'), [0, 10_000, null, 2500, 10_000]);
  assert.deepEqual(cpu('....'), [undefined, undefined, undefined, undefined, undefined]);
});

test('functions have their file and line, and the package they are of', () => {
  const functions = {
    lib: { qualifiedName: 'Lib.run', file: '/usr/lib/python3.12/site-packages/a/b.py', firstLine: 7 },
    std: { file: '/usr/lib/python3.12/json/decoder.py' },
    c: { kind: 'c' as const },
  };
  assert.deepEqual(read(profileFromText('f | lib:9 | std | c', { functions })).functions, [
    'f  app.py:1',
    'Lib.run a a/b.py:7',
    'std stdlib json/decoder.py:1',
    'c  :0',
  ]);
});

test('what a thread works for, and the collector, are markers', () => {
  const profile = profileFromText(
    { one: 'f f . f f f', two: 'f' },
    { jobs: { one: 'aaabb.' }, states: { one: 'RRRCCR' } },
  );
  profile.contexts.push({
    kind: 'request',
    values: { 'http.route': '/cart', type: 'x', stack: 'y' },
    outer: 1,
  });
  profile.runs.context.set(0, 3);
  const { threads } = read(profile);
  assert.deepEqual(threads[0]!.markers, [
    { name: 'labels', start: 0, end: 30, category: 'Other', label: 'job: a', fields: { job: 'a' } },
    {
      ...{ name: 'request', start: 0, end: 20, category: 'Other' },
      label: 'http.route: /cart, type: x, stack: y',
      fields: { 'http.route': '/cart', type: 'x', stack: 'y' },
    },
    {
      ...{ name: 'Garbage collector', start: 30, end: 50, category: 'Garbage collector' },
      ...{ label: 'Garbage collector', fields: {} },
    },
    { name: 'labels', start: 30, end: 50, category: 'Other', label: 'job: b', fields: { job: 'b' } },
  ]);
  assert.deepEqual(threads[1]!.markers, []);
});

test('the recording says when it was made and of what, and the busiest thread is selected', () => {
  const profile = profileFromText({ one: 'f f f', two: 'f f f' }, { states: { one: 'WWr', two: 'WRW' } });
  profile.info = { ...profile.info, labels: { service: 'shop' } };
  profile.losses.missed = 3;
  const { meta, threads } = read(profile);
  assert.deepEqual(
    [meta.interval, meta.startTime, meta.product, meta.profilingEndTime, meta.initialSelectedThreads],
    [10, Date.UTC(2026, 4, 9, 7, 32, 10), 'python app.py', 30, [1]],
  );
  assert.deepEqual(
    meta.extra[0]!.entries.map(({ label, value }) => `${label}: ${value}`),
    ['service: shop', 'Python: 3.11.7', 'Ticks missed: 3', 'Samples torn: 0'],
  );
  assert.deepEqual(
    threads.map(({ name, process, pid, tid }) => [name, process, pid, tid]),
    [
      ['thread (100): one', 'process 100: python app.py', '100', 100],
      ['thread (101): two', 'process 100: python app.py', '100', 101],
    ],
  );
});

test('a value of a label is the outermost frame of what has it', () => {
  const profile = profileFromText('f f f | g g g', { jobs: { MainThread: 'ab.' } });
  assert.deepEqual(
    read(profile, { label: { key: 'job' }, lines: 'none' }).threads[0]!.rows.map(({ stack }) =>
      stack.join(' '),
    ),
    [
      'job: a:0 [Other] f:0 [Application] g:0 [Application]',
      'job: b:0 [Other] f:0 [Application] g:0 [Application]',
      'no job:0 [Other] f:0 [Application] g:0 [Application]',
      '',
    ],
  );
});

test('frames of libraries are passed over where a view shows application code only', () => {
  const functions = { lib: { file: '/usr/lib/python3.12/site-packages/lib.py' } };
  const profile = profileFromText('f lib | lib . | g .', { functions, states: { MainThread: 'RW' } });
  const { rows } = read(profile, { applicationOnly: true }).threads[0]!;
  assert.deepEqual(drawn(rows), ['0 f:1 [Application] g:1 [Application] 10', '10  10', '20  0']);
});

test('weights and CPU times add up to those of the summary', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', '.'), fc.constantFrom('R', 'r', 'W', 'G', 'C')), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.double({ min: 1, max: 5000, noNaN: true }),
      (columns, interval) => {
        const picture = { one: columns.map(([name]) => name).join(' '), two: 'a' };
        const states = { one: columns.map(([, state]) => state).join(''), two: 'R' };
        const profile = profileFromText(picture, { interval, states });
        const { time } = summaryReport(profile);
        const rows = read(profile).threads.flatMap((thread) => thread.rows);
        const rounding = (rows.length + 1) * 1e-6;
        const wall = rows.reduce((sum, { weight }) => sum + weight, 0) / 1e3;
        const cpu = rows.reduce((sum, row) => sum + row.cpu!, 0) / 1e6;
        assert.ok(Math.abs(wall - time.shownSeconds) <= rounding);
        assert.ok(Math.abs(cpu - time.cpuSeconds!) <= rounding);
      },
    ),
    { numRuns: 50 },
  );
});

test('nothing sampled is still a profile', () => {
  const { threads, meta } = read(profileFromText('. .'));
  assert.deepEqual([threads, meta.initialSelectedThreads], [[], []]);
});

test('names of any kind stay JSON that a terminal does not obey', () => {
  const qualifiedName = 'a\u009b31mb\u007fc\u202ed\ud800\u0000"\\';
  const profile = profileFromText({ 'th\u001bread': 'x' }, { functions: { x: { qualifiedName } } });
  profile.functions[0] = { ...profile.functions[0]!, file: `/${'€'.repeat(70_000)}`, shortFile: '' };
  profile.contexts.push({
    kind: 'k\u0000',
    values: { ['__proto__']: 'v', '{marker.data.x}': '\n' },
    outer: 0,
  });
  profile.runs.context.set(0, 1);
  const text = [...firefox.write(profile, defaultView)].join('');
  assert.doesNotMatch(text, /[\u007f-\u009f\u202e]/);
  const file = readFirefox(text);
  assert.equal(file.threads[0]!.rows[0]!.stack[0], `${qualifiedName}:1 [Application]`);
  assert.deepEqual(file.threads[0]!.markers[0]!.fields, { ['__proto__']: 'v', '{marker.data.x}': '\n' });
  assert.equal(file.threads[0]!.markers[0]!.name, 'k\u0000');
  for (const one of file.texts) assert.ok(one.length <= 1000);
});
