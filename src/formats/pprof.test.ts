import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { type ReadPprof, readPprof } from '../../tests/support/read-pprof.js';
import { defaultView, modes, type ViewOptions } from '../analysis/view-options.js';
import type { Profile } from '../model/profile.js';
import { pprof } from './pprof.js';
import { summaryReport } from './summary/summary-json.js';

function read(profile: Profile, view: Partial<ViewOptions> = {}): ReadPprof {
  const pieces = [...pprof.write(profile, { ...defaultView, ...view })] as Uint8Array[];
  return readPprof(Buffer.concat(pieces));
}

const stacksOf = ({ samples }: ReadPprof) =>
  samples.map(({ stack }) =>
    stack
      .map(({ name }) => name)
      .toReversed()
      .join(' '),
  );
const total = ({ samples }: ReadPprof, type: string) =>
  samples.reduce((sum, { values }) => sum + values[type]!, 0);

test('a sample for each stack, with count, wall time and CPU time', () => {
  const file = read(
    profileFromText('main main main main main | work work idle work .', {
      states: { MainThread: 'RRWRr' },
    }),
  );
  assert.deepEqual(file.types, ['samples/count', 'wall/nanoseconds', 'cpu/nanoseconds']);
  assert.equal(file.defaultType, 'wall');
  assert.deepEqual(
    file.samples.map(({ stack, values, labels }) => [
      stack.map(({ name, file, line }) => `${name} ${file}:${line}`).join(' < '),
      values,
      labels['state'],
    ]),
    [
      ['work app.py:1 < main app.py:1', { samples: 3, wall: 30e6, cpu: 30e6 }, 'running'],
      ['idle app.py:1 < main app.py:1', { samples: 1, wall: 10e6, cpu: 0 }, 'waiting'],
      ['main app.py:1', { samples: 1, wall: 10e6, cpu: 2.5e6 }, 'running'],
    ],
  );
});

test('when it was recorded, for how long, and at what rate', () => {
  const file = read(profileFromText('f f', { interval: 4000 }));
  assert.equal(file.timeNanos, BigInt(Date.UTC(2026, 4, 9, 7, 32, 10)) * 1_000_000n);
  assert.equal(file.durationNanos, 8e6);
  assert.equal(file.period, '4000000 nanoseconds wall');
  assert.deepEqual(file.comments, [
    'python app.py',
    'recorded by pyglass 0.1.0, 0 ticks missed, 0 samples torn',
  ]);
  assert.equal(file.mapping, 'python app.py');
});

test('a thread, its process, its labels and those of the recording are labels', () => {
  const profile = profileFromText({ one: 'f f', two: 'f f' }, { jobs: { one: 'x.' } });
  profile.info = { ...profile.info, labels: { service: 'shop' } };
  profile.contexts.push({ kind: 'task', values: { task: 'inner', job: 'own' }, outer: 1 });
  profile.runs.context.set(2, 2);
  assert.deepEqual(
    read(profile).samples.map(({ labels }) => labels),
    [
      { thread_name: 'one', thread_id: '100', process_id: '100', service: 'shop', job: 'x' },
      { thread_name: 'one', thread_id: '100', process_id: '100', service: 'shop' },
      { thread_name: 'two', thread_id: '101', process_id: '100', service: 'shop', task: 'inner', job: 'own' },
    ],
  );
});

test('states are a label; the collector and the wait for the GIL are frames too, as in every view', () => {
  const file = read(profileFromText('f f f f', { states: { MainThread: 'RWGC' } }));
  assert.deepEqual(
    file.samples.map(({ stack, labels }) => [stack[0]!.name, labels['state']]),
    [
      ['f', 'running'],
      ['f', 'waiting'],
      ['<waiting for GIL>', 'waiting for GIL'],
      ['<gc>', 'collecting'],
    ],
  );
});

test('a function has its own name where that is another one, and its first line', () => {
  const functions = {
    f: { name: 'checkout', qualifiedName: 'Shop.checkout', firstLine: 7 },
    m: { qualifiedName: '<module>', name: '<module>' },
    c: { kind: 'c' as const, qualifiedName: 'time.sleep', name: 'sleep', file: '', firstLine: 0 },
  };
  const frame = (view: Partial<ViewOptions>) =>
    read(profileFromText('m | f:12 | c', { functions }), view).samples[0]!.stack;
  assert.deepEqual(frame({}), [
    { name: 'time.sleep', systemName: 'sleep', file: '', startLine: 0, line: 0 },
    { name: 'Shop.checkout', systemName: 'checkout', file: 'app.py', startLine: 7, line: 12 },
    { name: '<module>', systemName: '', file: 'app.py', startLine: 1, line: 1 },
  ]);
  assert.deepEqual(
    frame({ lines: 'function', fullFileNames: true }).map(({ file, line }) => [file, line]),
    [
      ['', 0],
      ['/app/app.py', 7],
      ['/app/app.py', 1],
    ],
  );
  assert.deepEqual(
    frame({ lines: 'none' }).map(({ startLine, line }) => [startLine, line]),
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  );
});

test('CPU time that is not known is no column of zeros', () => {
  assert.deepEqual(read(profileFromText('f f')).types, ['samples/count', 'wall/nanoseconds']);
  const file = read(profileFromText({ one: 'f f f', two: 'f f f' }, { states: { one: 'RRR' } }));
  assert.equal(file.comments.at(-1), 'CPU time is not known for 1 of 2 threads');
  assert.equal(file.samples[1]!.labels['state'], undefined);
});

test('in mode cpu there is no wall time, and samples add up though each counts for a part', () => {
  const profile = profileFromText('a b c d e f g h', { states: { MainThread: 'rrrrrrrr' } });
  const file = read(profile, { mode: 'cpu' });
  assert.deepEqual(file.types, ['samples/count', 'cpu/nanoseconds']);
  assert.equal(file.defaultType, 'cpu');
  assert.equal(total(file, 'samples'), 2);
  assert.equal(total(file, 'cpu'), 20e6);
});

test('root frames are those that other views have', () => {
  const profile = profileFromText({ one: 'f', two: 'f' }, { jobs: { one: 'x' } });
  const view = { threads: true, processes: true, label: { key: 'job' } };
  assert.deepEqual(stacksOf(read(profile, view)), [
    'job: x process 100: python app.py thread (100): one f',
    'no job process 100: python app.py thread (101): two f',
  ]);
  assert.deepEqual(stacksOf(read(profile, { label: { key: 'job', value: 'x' } })), ['job: x f']);
});

test('frames of libraries are passed over where a view shows application code only', () => {
  const functions = { lib: { file: '/usr/lib/python3.12/site-packages/lib.py' } };
  assert.deepEqual(stacksOf(read(profileFromText('f | lib | g', { functions }), { applicationOnly: true })), [
    'f g',
  ]);
});

test('totals are those of the summary, in every mode', () => {
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
        for (const mode of modes) {
          const file = read(profile, { mode });
          if (mode === 'wall') assert.ok(Math.abs(total(file, 'wall') / 1e9 - time.shownSeconds) < 1e-6);
          if (mode === 'wall' || mode === 'cpu')
            assert.ok(Math.abs(total(file, 'cpu') / 1e9 - time.cpuSeconds!) < 1e-6);
          if (mode === 'gil-wait')
            assert.ok(Math.abs(total(file, 'wall') / 1e9 - time.gilWaitingSeconds!) < 1e-6);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('names of any kind are texts that can only be looked at', () => {
  const qualifiedName = 'a\u001b[31m\nb\u202e\ud800<script>';
  const profile = profileFromText(
    { 'th\u0007read': 'x y' },
    { functions: { x: { qualifiedName, file: '/a\u0000b.py', shortFile: 'a\u0000b.py' } } },
  );
  profile.functions[1] = { ...profile.functions[1]!, qualifiedName: '€'.repeat(70_000) };
  profile.info = { ...profile.info, title: 'py\u009bthon', labels: { __proto__: 'x', 'k\ny': 'v\u2028' } };
  const { texts, samples } = read(profile);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  for (const text of texts) assert.doesNotMatch(text, /[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
  assert.match(samples[0]!.stack[0]!.name, /^a⟨U\+001B⟩\[31m⟨U\+000A⟩b⟨U\+202E⟩\ufffd<script>$/);
  assert.equal(samples[1]!.stack[0]!.name.length, 1000);
  assert.equal(samples[0]!.labels['k⟨U+000A⟩y'], 'v⟨U+2028⟩');
});

test('many samples come in many pieces', () => {
  const names = Array.from({ length: 1000 }, (_, at) => `f${at}`);
  const profile = profileFromText(names.join(' '));
  const pieces = [...pprof.write(profile, defaultView)];
  assert.ok(pieces.length > 12);
  assert.deepEqual(stacksOf(readPprof(Buffer.concat(pieces as Uint8Array[]))), names);
});
