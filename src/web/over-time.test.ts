import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { RequestRecording } from '../../tests/support/request-recording.js';
import { threadRuns } from '../analysis/thread-runs.js';
import { defaultView, type modes } from '../analysis/view-options.js';
import { busiestThread, timeChartOf } from './time-chart-data.js';
import {
  formatRange,
  membersText,
  missingThreads,
  type Timeline,
  ticks,
  tickTexts,
  timelineOf,
  timelineStates,
} from './timeline-data.js';

const two = profileFromText(
  { one: 'a a a a | b b c .', two: 'd . . d' },
  { states: { one: 'RRWG', two: 'R..C' }, gil: { one: '11', two: '' } },
);

test('each column of a thread has the time of each state', () => {
  const { rows, states, members } = timelineOf(two, defaultView, { rows: 'threads', columns: 4, most: 9 });
  assert.deepEqual(
    rows.map(({ label, time, most }) => [label, time, most]),
    [
      ['All threads', 60_000, 2],
      ['one', 40_000, 1],
      ['two', 20_000, 1],
    ],
  );
  assert.equal(members, 2);
  assert.deepEqual(
    states.map((state) => timelineStates[state]!.id),
    ['gil', 'running', 'gil-wait', 'collecting', 'waiting'],
  );
  const columnOf = (row: number, column: number) =>
    timelineStates.flatMap(({ id }, at) =>
      rows[row]!.cells[column * timelineStates.length + at]! > 0 ? [id] : [],
    );
  assert.deepEqual(
    [0, 1, 2, 3].map((column) => columnOf(1, column)),
    [['gil'], ['gil'], ['waiting'], ['gil-wait']],
  );
  assert.deepEqual(columnOf(0, 3), ['gil-wait', 'collecting']);
  assert.deepEqual(columnOf(2, 1), []);
});

test('the sum of rows of which some are tasks says so', () => {
  const some = profileFromText({ one: 'a a', two: 'b b' });
  some.threads[1] = { ...some.threads[1]!, isTask: true };
  const { rows } = timelineOf(some, defaultView, { rows: 'threads', columns: 2, most: 9 });
  assert.equal(rows[0]!.label, 'Threads and tasks');
});

/** Two threads of one name, one that only waits for work, and tasks. */
function busyPlace() {
  const profile = profileFromText(
    {
      ...{ one: 'a a', two: 'b b', t1: 'f f', t2: '. f', t3: 'f .' },
      idle: 'serve_forever serve_forever | select select',
    },
    {
      functions: {
        serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
        select: { file: '/usr/lib/python3.11/selectors.py' },
      },
    },
  );
  for (const [at, name] of ['worker', 'worker', 'fetch', 'fetch', 'worker', 'idle'].entries())
    profile.threads[at] = {
      ...profile.threads[at]!,
      ...(at >= 2 && at < 5 ? { name, isTask: true as const, threadId: 0 } : { name }),
    };
  return profile;
}

test('tasks of one name are one row of all of them, and equal names of threads can be told apart', () => {
  const { rows, members, threads } = timelineOf(busyPlace(), defaultView, {
    ...{ rows: 'threads', columns: 2, most: 9 },
  });
  assert.deepEqual(
    rows.map(({ label, time, most }) => [label, time, most]),
    [
      ['Threads and tasks', 80_000, 4],
      ['worker (100)', 20_000, 1],
      ['worker (101)', 20_000, 1],
      ['task fetch', 30_000, 2],
      ['task worker', 10_000, 1],
    ].sort((a, b) => Number(b[1]) - Number(a[1])),
  );
  assert.deepEqual([members, threads], [4, 2]);
});

test('how many rows there are, and why not all threads of the recording', () => {
  const profile = busyPlace();
  const of = (view: Partial<typeof defaultView>) =>
    timelineOf(profile, { ...defaultView, ...view }, { rows: 'threads', columns: 2, most: 9 });
  const missing = (timeline: Timeline, view: Partial<typeof defaultView> = {}, process = -1) =>
    missingThreads(timeline, profile, process, { ...defaultView, ...view });
  assert.equal(membersText(of({}), 'threads'), '2 threads and 2 kinds of tasks');
  assert.equal(missing(of({})), '1 of 3 threads idle all the time');
  assert.equal(membersText(of({ idle: true }), 'threads'), '3 threads and 2 kinds of tasks');
  assert.equal(missing(of({ idle: true }), { idle: true }), '');
  const gil = of({ mode: 'gil' });
  assert.equal(missing(gil, { mode: 'gil' }), '3 of 3 threads with none of this time');
  // Threads that did not serve the route were not idle for that.
  for (const part of [{ request: { route: 'GET /a' } }, { label: { key: 'job', value: 'a' } }])
    assert.match(missing(of(part), part), /with none of this time$/);
  assert.equal(missing(of({}), {}, 7), '');
  assert.equal(membersText({ ...gil, members: 1 }, 'threads'), '1 kind of tasks');
  assert.equal(membersText({ ...gil, members: 1, threads: 1 }, 'threads'), '1 thread');
  assert.equal(membersText({ ...gil, members: 3 }, 'routes'), '3 routes');
});

test('all the time of a view is in its columns', () => {
  for (const columns of [1, 3, 7, 100]) {
    const { rows, duration } = timelineOf(two, defaultView, { rows: 'threads', columns, most: 1 });
    for (const { cells, time } of rows) {
      const sum = cells.reduce((total, share) => total + share, 0) * (duration / columns);
      assert.ok(Math.abs(sum - time) < 1, `${columns}: ${sum} of ${time}`);
    }
  }
});

test('what a mode shows has the states of that mode', () => {
  const statesOf = (mode: (typeof modes)[number]) =>
    timelineOf(two, { ...defaultView, mode }, { rows: 'threads', columns: 4, most: 9 }).states.map(
      (state) => timelineStates[state]!.id,
    );
  assert.deepEqual(statesOf('cpu'), ['gil', 'running', 'collecting']);
  assert.deepEqual(statesOf('gil'), ['gil']);
  assert.deepEqual(statesOf('gil-wait'), ['gil-wait']);
});

test('routes as rows', () => {
  const { profile } = new RequestRecording().add({ a: 'AAAB', b: '.A..' });
  const { rows } = timelineOf(profile, defaultView, { rows: 'routes', columns: 4, most: 9 });
  assert.deepEqual(
    rows.map(({ label, route }) => [label, route]),
    [
      ['All requests', undefined],
      ['GET /a', 'GET /a'],
      ['GET /b', 'GET /b'],
    ],
  );
});

test('calls over time go on while they are the same', () => {
  const thread = busiestThread(threadRuns(two, defaultView))!;
  const range = { from: 0, to: 40_000 };
  const chart = timeChartOf(two, defaultView, { thread, range, columns: 8, width: 16 });
  const bars = Array.from(chart.bars.node, (node, at) => [
    chart.names[chart.nameOf(node)]!.name,
    chart.bars.depth[at],
    chart.timesOf(node).from,
    chart.timesOf(node).to,
    chart.waitingOf(node),
  ]);
  assert.deepEqual(
    bars.sort((x, y) => String(x).localeCompare(String(y))),
    [
      ['a', 0, 0, 40_000, 10_000],
      ['b', 1, 0, 20_000, 0],
      ['c', 1, 20_000, 30_000, 10_000],
    ],
  );
});

test('an axis has round numbers', () => {
  assert.deepEqual(ticks(0, 8_003_000, 8), [0, 2e6, 4e6, 6e6, 8e6]);
  assert.deepEqual(ticks(0, 40, 5), [0, 10, 20, 30, 40]);
});

test('moments of an axis can be told apart, however near they are', () => {
  assert.deepEqual(tickTexts([0, 2e6, 4e6]), ['0', '2.00 s', '4.00 s']);
  assert.deepEqual(tickTexts([4.77e6, 4.772e6, 4.774e6]), ['4.770 s', '4.772 s', '4.774 s']);
  assert.deepEqual(tickTexts(ticks(3_600e6, 3_660e6, 3)), ['3600 s', '3620 s', '3640 s', '3660 s']);
  assert.deepEqual(tickTexts([]), []);
  assert.equal(formatRange({ from: 0, to: 12e6 }), '0 – 12.0 s');
});
