import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText, type TextProfileOptions } from '../../tests/support/profile-from-text.js';
import type { Profile } from '../model/profile.js';
import { gil, nameOf, type Summary, summarize } from './summary.js';
import { defaultView } from './view-options.js';

const functions: NonNullable<TextProfileOptions['functions']> = {
  run_wsgi: { file: '/venv/lib/python3.11/site-packages/werkzeug/serving.py' },
  query: { file: '/venv/lib/python3.11/site-packages/orm.py' },
  serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
  select: { file: '/usr/lib/python3.11/selectors.py' },
  sleep: { kind: 'c', qualifiedName: 'time.sleep' },
  recv: { kind: 'c', qualifiedName: 'socket.socket.recv' },
};

function summaryOf(...[picture, options]: Parameters<typeof profileFromText>): [Summary, Profile] {
  const profile = profileFromText(picture, { functions, ...options });
  return [summarize(profile, defaultView), profile];
}

test('time by what threads did, idle threads apart', () => {
  const [{ time, statesKnown }] = summaryOf(
    { worker: 'run_wsgi run_wsgi main main main | sleep work work work .', server: 'serve_forever | select' },
    { states: { worker: 'WRCGr', server: 'W' } },
  );
  assert.ok(statesKnown);
  assert.deepEqual(time, {
    shown: 50_000,
    cpu: 22_500,
    waiting: 20_000,
    gilWaiting: 10_000,
    collecting: 10_000,
    unknown: 0,
    request: 20_000,
    notShown: 10_000,
  });
});

test('time is of the innermost function of application code, with what it calls in libraries', () => {
  const [{ applicationFunctions, lines }, profile] = summaryOf(
    'main main main main main | view:7 view:7 view:8 view:8 . | query query helper:3 sleep . | recv recv . . .',
    { states: { MainThread: 'WWRWr' } },
  );
  assert.deepEqual(
    applicationFunctions.map(({ function: fn, time, cpu, waiting, waitedIn }) => [
      nameOf(profile, fn),
      time,
      cpu,
      waiting,
      waitedIn && [nameOf(profile, waitedIn.function), waitedIn.time],
    ]),
    [
      ['view', 30_000, 0, 30_000, ['socket.socket.recv', 20_000]],
      ['main', 10_000, 2_500, 0, undefined],
      ['helper', 10_000, 10_000, 0, undefined],
    ],
  );
  assert.deepEqual(
    lines.map(({ function: fn, line, time, waiting }) => [nameOf(profile, fn), line, time, waiting]),
    [
      ['view', 7, 20_000, 20_000],
      ['main', 1, 10_000, 0],
      ['view', 8, 10_000, 10_000],
      ['helper', 3, 10_000, 0],
    ],
  );
});

test('waits have a total and a longest stretch, which ends where the thread did something else', () => {
  const [{ waits }, profile] = summaryOf(
    { one: 'f f f f f f | sleep sleep . sleep sleep sleep', two: 'f f g | sleep sleep sleep' },
    { states: { one: 'WWRWWW', two: 'WWW' } },
  );
  assert.deepEqual(
    waits.map((wait) => [nameOf(profile, wait.function), nameOf(profile, wait.in), wait.time, wait.longest]),
    [
      ['f', 'time.sleep', 70_000, 30_000],
      ['g', 'time.sleep', 10_000, 10_000],
    ],
  );
});

test('a stretch ends where the thread woke between two samples that saw it wait', () => {
  const [{ waits }, profile] = summaryOf(
    { one: 'f f f f f f f | sleep sleep sleep sleep sleep sleep sleep', two: 'g g g | sleep sleep sleep' },
    { states: { one: 'WWwWWWW', two: 'www' } },
  );
  assert.deepEqual(
    waits.map((wait) => [nameOf(profile, wait.function), wait.time, wait.longest]),
    [
      ['f', 70_000, 50_000],
      ['g', 30_000, 10_000],
    ],
  );
});

test('a stretch goes on over runs that differ in CPU time only', () => {
  const [{ waits }, profile] = summaryOf('f f', { states: { MainThread: 'WW' } });
  const { runs } = profile;
  runs.thread.push(0);
  runs.stack.push(runs.stack.at(0));
  runs.flags.push(runs.flags.at(0) | (1 << 5));
  runs.context.push(0);
  runs.start.push(20_000);
  runs.duration.push(10_000);
  runs.samples.push(1);
  assert.equal(waits[0]!.longest, 20_000);
  assert.equal(summarize(profile, defaultView).waits[0]!.longest, 30_000);
});

test('who held the GIL while others waited for it', () => {
  const [{ gilHolders, time, applicationFunctions, waits }, profile] = summaryOf(
    { a: 'hog hog hog brief', b: 'f f f f', c: 'g g . g' },
    { states: { a: 'RRRR', b: 'GGRG', c: 'GRRR' }, gil: { a: '1111', b: '0010' } },
  );
  assert.equal(time.gilWaiting, 40_000);
  assert.deepEqual(
    gilHolders.map((holder) => [nameOf(profile, holder.function), holder.time]),
    [
      ['hog', 30_000],
      ['brief', 10_000],
    ],
  );
  assert.deepEqual(applicationFunctions.find((one) => nameOf(profile, one.function) === 'f')?.waitedIn, {
    function: gil,
    time: 30_000,
  });
  assert.deepEqual(waits, []);
});

test('a GIL of another process is not the one that was waited for', () => {
  const [, profile] = summaryOf({ a: 'hog', b: 'f' }, { states: { a: 'R', b: 'G' }, gil: { a: '1' } });
  profile.processes.push({ ...profile.processes[0]!, pid: 200 });
  profile.threads[0] = { ...profile.threads[0]!, process: 1 };
  assert.deepEqual(summarize(profile, defaultView).gilHolders, []);
});

test('busiest is by CPU time, or by all time when nothing is known of states', () => {
  const picture = 'work sleeps sleeps';
  const busiest = ([summary, profile]: [Summary, Profile]) =>
    summary.busiest.rows.map(({ function: fn, selfTime }) => [nameOf(profile, fn), selfTime]);
  assert.deepEqual(busiest(summaryOf(picture, { states: { MainThread: 'RWW' } })), [['work', 10_000]]);
  const unknown = summaryOf(picture);
  assert.deepEqual(busiest(unknown), [
    ['sleeps', 20_000],
    ['work', 10_000],
  ]);
  assert.equal(unknown[0].statesKnown, false);
});

test('the same code in two workers is one function', () => {
  const [{ applicationFunctions, busiest }] = summaryOf('a b', {
    functions: { b: { name: 'a', qualifiedName: 'a' } },
  });
  assert.deepEqual([applicationFunctions.length, busiest.rows.length], [1, 1]);
  assert.equal(applicationFunctions[0]!.time, 20_000);
});

test('without application code, lines are of the innermost Python', () => {
  const [{ applicationFunctions, lines }, profile] = summaryOf('query | recv');
  assert.deepEqual(applicationFunctions, []);
  assert.deepEqual(
    lines.map(({ function: fn, line }) => [nameOf(profile, fn), line]),
    [['query', 1]],
  );
});
