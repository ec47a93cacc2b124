import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText, type TextProfileOptions } from '../../../tests/support/profile-from-text.js';
import { type LiveData, LiveProfile, type SamplingCounts } from '../../analysis/live/live-profile.js';
import { lineText, lineWidth } from '../line.js';
import { topScreen, wholeTable } from './top-screen.js';
import { firstState, type Shown, type TopState } from './top-state.js';

const counts: SamplingCounts = {
  ...{ samples: 12_345, ticks: 4, missed: 0, torn: 0, truncated: 0, wallSeconds: 0.04 },
};
const about = { command: '/usr/bin/python app.py', pid: 100 };

/** A look at a profile from text; its threads stay as they were last. */
function dataOf(picture: string | Record<string, string>, options: TextProfileOptions = {}): LiveData {
  const profile = profileFromText(picture, options);
  const live = new LiveProfile(profile, 5e6);
  live.take(counts, () => keepLastOfEachThread(profile.runs));
  return live.data();
}

/** As the decoder does it: of every thread, the run that goes on. */
function keepLastOfEachThread(runs: LiveData['now']): void {
  const last = new Map<number, { stack: number; flags: number }>();
  for (let run = 0; run < runs.stack.length; run++)
    last.set(runs.thread.at(run), { stack: runs.stack.at(run), flags: runs.flags.at(run) });
  for (const column of Object.values(runs)) column.length = 0;
  for (const [thread, { stack, flags }] of last) {
    runs.thread.push(thread);
    runs.stack.push(stack);
    runs.flags.push(flags);
    runs.context.push(0);
    runs.start.push(0);
    runs.duration.push(0);
    runs.samples.push(0);
  }
}

function screen(data: LiveData, state: Partial<TopState> = {}, columns = 80, rows = 16): string[] {
  const { lines } = topScreen(data, { ...firstState, ...state }, { columns, rows }, about);
  assert.equal(lines.length, rows);
  return lines.map((line) => lineText(line).trimEnd());
}

/** The rows below the heading. */
const rowsOf = (lines: readonly string[]) => lines.slice(5, -1).filter((line) => line !== '');

const twoCalls = 'main main main main | work work idle main';

test('the whole screen', () => {
  const data = dataOf(twoCalls, { states: { MainThread: 'RRWW' }, gil: { MainThread: '1100' } });
  assert.deepEqual(screen(data, {}, 80, 10), [
    'python app.py                                         process 100, Python 3.11.7',
    '12,345 samples   100/s   GIL 50%   none missed                           40.0 ms',
    '1 thread: 1 waiting',
    'Functions   wall time',
    '  %Self  %Total  SelfTime  TotalTime  Function (filename)',
    '  50.0%   50.0%     0.02s      0.02s  work (app.py)',
    '  25.0%  100.0%     0.01s      0.04s  main (app.py) waiting',
    '  25.0%   25.0%     0.01s      0.01s  idle (app.py) waiting',
    '',
    'q quit  ? help  s sort  / filter  t tree  T threads  l lines  p pause  r reset',
  ]);
});

test('a wait for the GIL is a row of its own, in lines as in functions', () => {
  const data = dataOf(twoCalls, { states: { MainThread: 'RGGG' } });
  for (const shown of ['functions', 'lines'] as const)
    assert.equal(
      rowsOf(screen(data, { shown }))[0],
      '  75.0%   75.0%     0.03s      0.03s  <waiting for GIL>',
    );
});

test('sorted by each column', () => {
  const data = dataOf(twoCalls);
  const first = (sort: TopState['sort']) => rowsOf(screen(data, { sort }))[0]!.trim().split(/\s+/)[4];
  assert.deepEqual((['self', 'total', 'selfTime', 'totalTime'] as const).map(first), [
    'work',
    'main',
    'work',
    'main',
  ]);
});

test('shares are of the last seconds, or of the time of all threads when that is more', () => {
  assert.match(rowsOf(screen(dataOf('. . . work')))[0]!, /^ +25\.0% /, 'one of four samples');
  const threads = { one: 'work work', two: 'work work', three: 'rest rest', four: 'rest rest' };
  const rows = rowsOf(screen(dataOf(threads)));
  assert.match(rows[0]!, /^ +50\.0% +50\.0% +0\.04s/);
});

test('the last seconds are only these, and a reset begins anew', () => {
  const profile = profileFromText('old old old old');
  const live = new LiveProfile(profile, 30_000);
  live.take(counts, () => keepLastOfEachThread(profile.runs));
  // Four seconds later something else runs.
  const { functions, frames, stacks, runs } = profile;
  functions.push({ ...functions[0]!, name: 'new', qualifiedName: 'new' });
  frames.function.push(1);
  frames.line.push(1);
  stacks.parent.push(0);
  stacks.frame.push(1);
  runs.stack.set(0, 2);
  runs.duration.set(0, 20_000);
  runs.samples.set(0, 2);
  profile.duration = 60_000;
  live.take({ ...counts, samples: 12_347, ticks: 6 }, () => keepLastOfEachThread(runs));
  assert.deepEqual(rowsOf(screen(live.data())), [
    ' 100.0%  100.0%     0.02s      0.02s  new (app.py)',
    '   0.0%    0.0%     0.04s      0.04s  old (app.py)',
  ]);
  live.reset();
  assert.equal(live.data().counts.samples, 0);
  assert.match(screen(live.data()).join('\n'), /No samples yet/);
});

test('a frozen look does not change', () => {
  const profile = profileFromText('a b');
  const live = new LiveProfile(profile, 5e6);
  live.take(counts, () => {});
  const frozen = live.data(true);
  const before = screen(frozen);
  live.take({ ...counts, samples: 99_999 }, () => {});
  assert.deepEqual(screen(frozen), before);
  assert.notDeepEqual(screen(live.data()), before);
});

test('calls as a tree: a step for each fork, none for calls in a row', () => {
  const data = dataOf('main main main main | run run run other | a a b . | deep . . .');
  assert.deepEqual(
    rowsOf(screen(data, { shown: 'tree' })).map((line) => line.slice(38)),
    [
      'main (app.py)',
      '├ run (app.py)',
      '│ ├ a (app.py)',
      '│ │ deep (app.py)',
      '│ └ b (app.py)',
      '└ other (app.py)',
    ],
  );
  assert.deepEqual(
    rowsOf(screen(data, { shown: 'tree', filter: 'DEEP' })).map((line) => line.slice(38)),
    ['main (app.py)', '├ run (app.py)', '│ ├ a (app.py)', '│ │ deep (app.py)'],
  );
});

test('lines of functions', () => {
  assert.deepEqual(
    rowsOf(screen(dataOf('work:5 work:6 work:5'), { shown: 'lines' })).map((line) => line.slice(38)),
    ['work (app.py:5)', 'work (app.py:6)'],
  );
});

test('threads and their last stacks; those that wait for work in short', () => {
  const functions = {
    select: { file: '/usr/lib/python3.11/selectors.py' },
    serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
  };
  const data = dataOf(
    { server: 'serve_forever | select', MainThread: 'main:7 | work:9', held: 'lock' },
    { functions, states: { MainThread: 'R', held: 'G' }, gil: { MainThread: '1' } },
  );
  const idle = [' server (100)  idle', '    select (selectors.py:1)'];
  const rows = [
    ' MainThread (101)  running, holds the GIL',
    '    work (app.py:9)',
    '    main (app.py:7)',
    ' held (102)  waiting for the GIL',
    '    lock (app.py:1)',
    ...idle,
  ];
  const lines = screen(data, { shown: 'threads' });
  assert.deepEqual(rowsOf(lines), rows);
  assert.equal(lines[2], '3 threads: 1 running, 1 waiting for the GIL, 1 idle');
  assert.deepEqual(rowsOf(screen(data, { shown: 'threads', idle: true })), [
    ...rows,
    '    serve_forever (socketserver.py:1)',
  ]);
  assert.deepEqual(rowsOf(screen(data, { shown: 'threads', filter: 'select' })), idle);
});

test('what is not shown is said', () => {
  const idle = dataOf('select', {
    functions: { select: { file: '/usr/lib/python3.11/asyncio/runners.py', name: 'run' } },
  });
  assert.match(screen(idle).join('\n'), /All threads are idle\. i shows where/);
  assert.match(screen(idle, { idle: true }).join('\n'), /100\.0%/);
  const data = dataOf('work');
  assert.match(screen(data, { filter: 'zzz' }).join('\n'), /No match for “zzz”/);
  assert.match(screen(data, { filter: 'zzz' })[3]!, /“zzz” 0 of 1/);
  assert.match(screen(data, { mode: 'cpu' }).join('\n'), /CPU time of this process is not known/);
  assert.match(screen(data, { mode: 'gil' }).join('\n'), /No thread has any such time/);
  assert.match(screen(data, { paused: true })[3]!, /PAUSED$/);
});

const hostile = {
  long: { name: 'x'.repeat(100_000), qualifiedName: 'x'.repeat(100_000) },
  wide: { qualifiedName: '関数名前'.repeat(9), file: '/app/ファイル名/模块.py' },
  marks: { qualifiedName: 'e\u0301'.repeat(60) },
  family: { qualifiedName: '👩‍👩‍👧'.repeat(30) },
  escape: { qualifiedName: '\x1b[2J\x1b[31mred\x1b[0m\r\n\t\u202eabc' },
};
const everything = dataOf(
  {
    [`t\x1b[2J${'名'.repeat(50)}`]:
      'long wide marks family escape | wide marks family escape long | c . . . .',
    two: Array.from({ length: 40 }, (_, depth) => `f${depth}`).join(' | '),
  },
  { functions: hostile, states: { two: 'W' } },
);
test('values of a label are above the calls; one of them may be all that is shown', () => {
  const profile = profileFromText('main main main | work work work', { jobs: { MainThread: 'aab' } });
  const live = new LiveProfile(profile, 5e6, 'job');
  live.take(counts, () => keepLastOfEachThread(profile.runs));
  const rows = (state: Partial<TopState>) =>
    rowsOf(screen(live.data(), { shown: 'tree', ...state })).map((line) => line.slice(38));
  assert.deepEqual(rows({ label: { key: 'job' } }), [
    '├ job: a',
    '│ main (app.py)',
    '│ work (app.py)',
    '└ job: b',
    '  main (app.py)',
    '  work (app.py)',
  ]);
  const only = { key: 'job', value: 'b' };
  assert.deepEqual(rows({ label: only }), ['job: b', 'main (app.py)', 'work (app.py)']);
  assert.match(screen(live.data(), { label: only })[3]!, /job=b/);
  assert.match(
    screen(live.data(), { label: { key: 'job', value: 'c\u001b' } }).join('\n'),
    /No sample with the label job=c\S+ to show/,
  );
});

const views: Shown[] = ['functions', 'lines', 'tree', 'threads'];

test('whatever the names and the size, no line is wider than the screen and nothing steers it', () => {
  for (const shown of views) {
    for (const extra of [
      {},
      { help: true },
      { typing: true, filter: '関' },
      { paused: true, applicationOnly: true, idle: true },
    ]) {
      for (const [columns, rows] of [
        [60, 15],
        [200, 60],
        [80, 24],
        [20, 5],
        [1, 1],
        [43, 7],
      ] as const) {
        const state = { ...firstState, shown, ...extra };
        const size = { columns, rows };
        const { lines } = topScreen(everything, state, size, { ...about, notice: '名\x1b[2J'.repeat(99) });
        assert.equal(lines.length, rows);
        for (const line of lines) {
          assert.ok(lineWidth(line) <= columns, `${shown} ${columns}: ${lineText(line)}`);
          assert.doesNotMatch(lineText(line), /[\p{Cc}\u202e]/u);
        }
      }
    }
  }
});

test('numbers stand under their headings whatever the names', () => {
  for (const columns of [60, 80, 200]) {
    const lines = screen(everything, {}, columns, 24);
    const heading = lines[4]!;
    for (const row of rowsOf(lines)) {
      for (const title of ['%Self', '%Total', 'SelfTime', 'TotalTime']) {
        const end = heading.indexOf(title) + title.length;
        assert.match(row.slice(end - 1, end), /[%s]/, row);
        assert.equal(row[end], ' ');
      }
    }
  }
});

test('scrolling ends at the last page', () => {
  const state = { ...firstState, idle: true, scroll: Number.MAX_SAFE_INTEGER };
  const { lines, scroll, page } = topScreen(everything, state, { columns: 80, rows: 15 }, about);
  assert.equal(page, 9);
  const all = wholeTable(everything, { ...firstState, idle: true }, about, 80).length - 5;
  assert.equal(scroll, all - page);
  assert.doesNotMatch(lineText(lines.at(-1)!), /more/);
  assert.match(
    lineText(topScreen(everything, firstState, { columns: 80, rows: 15 }, about).lines.at(-1)!),
    /\d+ more$/,
  );
});

test('the location gives way before the name', () => {
  const functions = {
    f: { qualifiedName: 'Handler.dispatch', file: '/x/site-packages/web/framework/core.py' },
  };
  const data = dataOf('f', { functions });
  const shown = (columns: number) => rowsOf(screen(data, {}, columns))[0]!.replace(/^.*[s%] {2}/, '');
  assert.equal(shown(100), 'Handler.dispatch (web/framework/core.py)');
  assert.equal(shown(65), 'Handler.dispatch (…/core.py)');
  assert.equal(shown(60), 'Handler.dispatch (core.py)');
  assert.equal(shown(55), 'Handler.dispatch');
  assert.equal(shown(50), 'Handler.dispatch');
  assert.equal(shown(49), 'Handler.dispatch (…/core.py)', 'without the times since the start');
});
