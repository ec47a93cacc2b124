import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  interval,
  RequestRecording,
  type RequestRecordingOptions,
} from '../../../tests/support/request-recording.js';
import { buildCallTree } from '../call-tree.js';
import { functionTable } from '../function-table.js';
import { routesOf } from '../routes.js';
import { defaultView } from '../view-options.js';
import { DurationCounts } from './duration-counts.js';
import { LiveProfile } from './live-profile.js';

const noCounts = { samples: 0, ticks: 0, missed: 0, torn: 0, truncated: 0, wallSeconds: 0 };

/** Takes in each picture, then forgets, as `top` does. */
function watch(
  pictures: readonly Readonly<Record<string, string>>[],
  options: RequestRecordingOptions & { label?: string; route?: string } = {},
) {
  const recording = new RequestRecording(options);
  recording.forgetRuns();
  const live = new LiveProfile(recording.profile, Number.POSITIVE_INFINITY, options.label, options.route);
  for (const picture of pictures) {
    recording.add(picture);
    void recording.profile;
    live.take(noCounts, () => recording.forgetRuns());
  }
  return { recording, live };
}

const idle = '.'.repeat(1200);

test('what is seen bit by bit is what the recording says', () => {
  const options = {
    routeOf: (letter: string, tick: number) => (tick < 5 ? undefined : `GET /${letter.toLowerCase()}`),
    states: { main: '.WGW', worker: 'WWWW' },
  };
  const main = `aaaa.bbb.AA.cccccccc.B.${idle}`;
  const worker = `.dddd..${'e'.repeat(16)}${idle}`;
  const whole = new RequestRecording(options).add({ main, worker }).profile;
  for (const size of [1, 3, 7, 5000]) {
    const pictures = Array.from({ length: Math.ceil(main.length / size) }, (_, at) => ({
      main: main.slice(at * size, (at + 1) * size),
      worker: worker.slice(at * size, (at + 1) * size),
    }));
    const seen = watch(pictures, options).live.data().routes;
    const known = routesOf(whole, defaultView);
    assert.deepEqual(
      seen.map(({ name, requests, time, waiting, gilWaiting, longest, isLongestCut }) => ({
        name,
        requests,
        time,
        waiting,
        gilWaiting,
        longest,
        isLongestCut,
      })),
      known.map(({ name, requests, time, waiting, gilWaiting, longest, isLongestCut }) => ({
        name,
        requests,
        time,
        waiting,
        gilWaiting,
        longest,
        isLongestCut,
      })),
      `${size}`,
    );
    for (const [at, { p50, p95 }] of seen.entries()) {
      assert.equal(p50 === undefined, known[at]!.p50 === undefined);
      if (p50 !== undefined) assert.ok(Math.abs(p50 / known[at]!.p50! - 1) < 0.0051);
      if (p95 !== undefined) assert.ok(Math.abs(p95 / known[at]!.p95! - 1) < 0.0051);
    }
  }
});

test('requests whose tasks are suspended go on', () => {
  const recording = new RequestRecording();
  recording.forgetRuns();
  const live = new LiveProfile(recording.profile, Number.POSITIVE_INFINITY);
  const look = (main: string, ...tasks: string[]) => {
    recording.add({ main }, tasks);
    void recording.profile;
    live.take(noCounts, () => recording.forgetRuns());
    return live
      .data()
      .routes.map(({ name, requests, inFlight, longest, time, waiting }) =>
        [name, requests, inFlight, longest / interval, time / interval, waiting / interval].join(' '),
      );
  };
  assert.deepEqual(look('.a...', '--aaa'), ['GET /a 1 1 4 4 3']);
  assert.deepEqual(look('.....', 'aaaaa'), ['GET /a 1 1 9 9 8']);
  assert.deepEqual(look('ab...', '--bbb'), ['GET /a 1 0 10 10 8', 'GET /b 1 1 4 4 3']);
  // More than a second later it is still the same.
  assert.deepEqual(look('.'.repeat(1200), 'b'.repeat(1200)), [
    'GET /b 1 1 1204 1204 1203',
    'GET /a 1 0 10 10 8',
  ]);
});

test('a request is in flight as long as a thread has it in hand', () => {
  const { recording, live } = watch([{ main: '.aa' }, { main: 'aa', worker: 'bb' }]);
  const inFlight = () =>
    live.data().routes.map(({ name, inFlight, requests }) => `${name} ${inFlight} of ${requests}`);
  assert.deepEqual(inFlight(), ['GET /a 1 of 1', 'GET /b 1 of 1']);
  recording.add({ main: 'a.', worker: 'bb' });
  void recording.profile;
  live.take(noCounts, () => recording.forgetRuns());
  assert.deepEqual(inFlight(), ['GET /a 0 of 1', 'GET /b 1 of 1']);
});

test('a reset forgets what was counted, not how long a request goes on', () => {
  const { recording, live } = watch([{ main: '.a.bb' }]);
  live.reset();
  recording.add({ main: 'bbb' });
  void recording.profile;
  live.take(noCounts, () => recording.forgetRuns());
  const b = live.data().routes.find(({ name }) => name === 'GET /b')!;
  assert.deepEqual([b.time, b.longest, b.isLongestCut], [3 * interval, 5 * interval, true]);
});

test('by request, time is told apart by route, whatever became of the requests', () => {
  const pictures = [{ main: '.aab' }, { main: 'b.AA' }, { main: '...B' }];
  const { recording, live } = watch(pictures, {
    label: 'route',
    routeOf: (letter, tick) => (tick < 2 ? undefined : `GET /${letter.toLowerCase()}`),
  });
  const view = { ...defaultView, label: { key: 'route' } };
  const { root } = buildCallTree(recording.profile, view, live.data().totals);
  const whole = new RequestRecording().add({ main: pictures.map(({ main }) => main).join('') }).profile;
  const summed = (of: typeof root) =>
    of.children
      .map(({ label, totalTime }) => ({ label, totalTime }))
      .sort((a, b) => a.label.localeCompare(b.label));
  assert.deepEqual(summed(root), summed(buildCallTree(whole, view).root));
});

test('only requests of a route are counted when it is asked for', () => {
  const pictures = [
    { main: '.aab', worker: 'cccc' },
    { main: 'b.AA', worker: '....' },
  ];
  const { recording, live } = watch(pictures, { route: 'GET /[ab]' });
  assert.deepEqual([live.data().routes, live.data().totals.stack.length], [[], 0]);
  const ofA = watch(pictures, { route: '*/a' }).live.data();
  assert.deepEqual(
    ofA.routes.map(({ name }) => name),
    ['GET /a'],
  );
  assert.equal(functionTable(recording.profile, defaultView, 9, ofA.totals).totalTime, 4 * interval);
  const now = ofA.nowRoutes.map((route, run) => [ofA.profile.threads[ofA.now.thread.at(run)]!.name, route]);
  assert.deepEqual(now.sort(), [
    ['main', 'GET /a'],
    ['worker', undefined],
  ]);
});

test('of 25,000 requests no more are kept than of some', () => {
  const recording = new RequestRecording({ routeOf: () => 'GET /' });
  recording.forgetRuns();
  const live = new LiveProfile(recording.profile, 5e6);
  let next = 0x1000;
  for (let block = 0; block < 250; block++) {
    recording.add({ main: Array.from({ length: 100 }, () => String.fromCharCode(next++, 0x2e)).join('') });
    void recording.profile;
    live.take(noCounts, () => recording.forgetRuns());
  }
  const { contexts, runs } = recording.profile;
  assert.ok(contexts.length < 10_200);
  assert.ok(runs.stack.length < 10);
  assert.equal(live.data().routes[0]!.requests, 25_000);
});

test('times are counted to half a per cent', () => {
  const counts = new DurationCounts();
  assert.equal(counts.percentile(0.5), undefined);
  for (let at = 1; at <= 1000; at++) counts.add(at * 1000);
  for (const part of [0.01, 0.5, 0.95, 0.99])
    assert.ok(Math.abs(counts.percentile(part)! / (part * 1e6) - 1) < 0.0051);
  counts.add(0);
  counts.add(1e18);
  assert.deepEqual([counts.count, counts.longest], [1002, 1e18]);
});
