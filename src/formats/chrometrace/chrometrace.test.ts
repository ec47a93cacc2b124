import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { type ReadTrace, readTrace, type Slice } from '../../../tests/support/read-trace.js';
import { defaultView, type ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { summaryReport } from '../summary/summary-json.js';
import { chrometrace } from './chrometrace.js';

const read = (profile: Profile, view: Partial<ViewOptions> = {}): ReadTrace =>
  readTrace([...chrometrace.write(profile, { ...defaultView, ...view })].join(''));

/** `name start-end` in milliseconds, indented by depth. */
const drawn = (slices: readonly Slice[]) =>
  slices.map(({ name, depth, start, end }) => `${' '.repeat(depth)}${name} ${start / 1000}-${end / 1000}`);
const slicesOf = (...parameters: Parameters<typeof profileFromText>) =>
  read(profileFromText(...parameters)).threads[0]!.slices;

test('a call goes on as long as its callers do', () => {
  assert.deepEqual(drawn(slicesOf('main main main main . main | work work idle . . work | f . f')), [
    'main 0-40',
    ' work 0-20',
    '  f 0-10',
    ' idle 20-30',
    '  f 20-30',
    'main 50-60',
    ' work 50-60',
  ]);
});

test('a function that moves to another line goes on, and what it calls from there is another call', () => {
  const slices = slicesOf('main:1 main:1 main:2 main:2 | work:10 work:11 work:11 work:12 | f f f f');
  assert.deepEqual(drawn(slices), [
    'main 0-40',
    ' work 0-20',
    '  f 0-10',
    '  f 10-20',
    ' work 20-40',
    '  f 20-30',
    '  f 30-40',
  ]);
  assert.deepEqual(
    slices.map(({ args }) => args),
    [
      { defined: 'app.py:1' },
      { defined: 'app.py:1', called: 'app.py:1' },
      { defined: 'app.py:1', called: 'app.py:10' },
      { defined: 'app.py:1', called: 'app.py:11' },
      { defined: 'app.py:1', called: 'app.py:2' },
      { defined: 'app.py:1', called: 'app.py:11' },
      { defined: 'app.py:1', called: 'app.py:12' },
    ],
  );
});

test('what took the time instead is an event of its own, with a category', () => {
  const slices = slicesOf('f f f f f', { states: { MainThread: 'RWWGC' } });
  assert.deepEqual(drawn(slices), ['f 0-50', ' <waiting> 10-30', ' <waiting for GIL> 30-40', ' <gc> 40-50']);
  assert.deepEqual(
    slices.map(({ category, cpu }) => [category, cpu]),
    [
      ['application', 20_000],
      ['waiting', 0],
      ['gil', 0],
      ['gc', 10_000],
    ],
  );
});

test('CPU time is that of the clock of the thread, and left out where it is not known', () => {
  const slices = slicesOf('main main main main | a b c a', { states: { MainThread: 'Rr.R' } });
  assert.deepEqual(
    slices.map(({ name, cpu }) => [name, cpu]),
    [
      ['main', undefined],
      ['a', 10_000],
      ['b', 2500],
      ['c', undefined],
      ['a', 10_000],
    ],
  );
});

test('a thread that is not there, and time that is not shown, are gaps', () => {
  const profile = profileFromText({ one: 'f f f f f', two: 'f' });
  // Seen until 10 ms, and from 30 to 50 ms.
  const { runs } = profile;
  runs.duration.set(0, 10_000);
  for (const column of [runs.thread, runs.stack, runs.flags, runs.context]) column.push(column.at(0));
  runs.start.push(30_000);
  runs.duration.push(20_000);
  runs.samples.push(2);
  assert.deepEqual(drawn(read(profile).threads[0]!.slices), ['f 0-10', 'f 30-50']);
});

test('threads and processes are named, and those that share a number do not share a row', () => {
  const profile = profileFromText({ one: 'f', two: 'f', three: 'f' });
  profile.processes.push({ pid: 100, parentPid: 1, commandLine: ['b'], pythonVersion: '3.12.1' });
  profile.threads[1] = { ...profile.threads[1]!, threadId: 100 };
  profile.threads[2] = { ...profile.threads[2]!, threadId: 0, process: 1 };
  assert.deepEqual(
    read(profile).threads.map(({ process, name, slices }) => [process, name, slices.length]),
    [
      ['process 100: python app.py', 'thread (100): one', 1],
      ['process 100: python app.py', 'thread (100): two', 1],
      ['process 100: b', 'thread (0): three', 1],
    ],
  );
});

test('what a thread works for stands beside it, for as long as it does', () => {
  const profile = profileFromText({ one: 'f f . f f f', two: 'f' }, { jobs: { one: 'aaabb.' } });
  profile.contexts.push({ kind: 'task', values: { task: 't' }, outer: 1 });
  profile.runs.context.set(0, 3);
  const { threads } = read(profile);
  assert.deepEqual(drawn(threads[0]!.contexts), ['job: a 0-30', ' task: t 0-20', 'job: b 30-50']);
  assert.deepEqual(threads[0]!.contexts[1]!.args, { kind: 'task', task: 't' });
  assert.deepEqual(threads[1]!.contexts, []);
});

test('a value of a label is the outermost event of what has it', () => {
  const profile = profileFromText('f f f f', { jobs: { MainThread: 'aab.' } });
  assert.deepEqual(drawn(read(profile, { label: { key: 'job' } }).threads[0]!.slices), [
    'job: a 0-20',
    ' f 0-20',
    'job: b 20-30',
    ' f 20-30',
    'no job 30-40',
    ' f 30-40',
  ]);
  const one = read(profile, { label: { key: 'job', value: 'b' } }).threads[0]!;
  assert.deepEqual(drawn(one.slices), ['job: b 20-30', ' f 20-30']);
  assert.deepEqual(drawn(one.contexts), ['job: b 20-30']);
});

test('frames of libraries are passed over where a view shows application code only', () => {
  const functions = { lib: { file: '/usr/lib/python3.12/site-packages/lib.py' } };
  const { threads } = read(profileFromText('f f | lib g | g', { functions }), { applicationOnly: true });
  assert.deepEqual(drawn(threads[0]!.slices), ['f 0-20', ' g 0-20']);
});

test('where no line is wanted, none is there', () => {
  const args = (lines: ViewOptions['lines']) =>
    read(profileFromText('f:3 | g:4'), { lines }).threads[0]!.slices.map((slice) => slice.args);
  assert.deepEqual(args('none'), [{ defined: 'app.py' }, { defined: 'app.py' }]);
  assert.deepEqual(args('function'), [{ defined: 'app.py:1' }, { defined: 'app.py:1' }]);
});

test('outermost events add up to the time of the summary', () => {
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
        const outermost = read(profile)
          .threads.flatMap(({ slices }) => slices)
          .filter(({ depth }) => depth === 0);
        const sum = (value: (slice: Slice) => number) =>
          outermost.reduce((total, slice) => total + value(slice), 0) / 1e6;
        // Each gap is rounded at both ends.
        const rounding = (outermost.length + 1) * 1e-6;
        assert.ok(Math.abs(sum(({ start, end }) => end - start) - time.shownSeconds) <= rounding);
        assert.ok(Math.abs(sum(({ cpu }) => cpu!) - time.cpuSeconds!) <= rounding);
      },
    ),
    { numRuns: 50 },
  );
});

test('nothing sampled is still a trace', () => {
  assert.deepEqual(read(profileFromText('. .')).threads, []);
});

test('names of any kind stay JSON that a terminal does not obey', () => {
  const qualifiedName = 'a\u009b31mb\u007fc\u202ed\ud800\u0000"\\';
  const profile = profileFromText({ 'th\u001bread': 'x' }, { functions: { x: { qualifiedName } } });
  const text = [...chrometrace.write(profile, defaultView)].join('');
  assert.doesNotMatch(text, /[\u007f-\u009f\u202e]/);
  const [thread] = readTrace(Buffer.from(text).toString()).threads;
  assert.equal(thread!.slices[0]!.name, qualifiedName);
  assert.equal(thread!.name, 'thread (100): th\u001bread');
});
