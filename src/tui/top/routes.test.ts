import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestRecording, type RequestRecordingOptions } from '../../../tests/support/request-recording.js';
import { LiveProfile } from '../../analysis/live/live-profile.js';
import { lineText, lineWidth } from '../line.js';
import { topJson } from './top-json.js';
import { topScreen, wholeTable } from './top-screen.js';
import { firstState, type TopState } from './top-state.js';

const about = { command: 'python app.py', pid: 100 };
const counts = { samples: 200, ticks: 100, missed: 0, torn: 0, truncated: 0, wallSeconds: 0.1 };

function dataOf(
  threads: Readonly<Record<string, string>>,
  options: RequestRecordingOptions = {},
  route?: string,
) {
  const recording = new RequestRecording(options).add(threads);
  const live = new LiveProfile(recording.profile, 5e6, undefined, route);
  live.take(counts, () => recording.forgetRuns());
  return live.data();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
const steering = /[\u0000-\u001f\u007f\u202e]/;

const ended = '.'.repeat(1200);
const shop = () =>
  dataOf(
    { main: `.aaaaaaaaaa.AAAAA.${ended}`, worker: `${'.'.repeat(1200)}cccccccccccccccccc` },
    { states: { main: '.WWWWWW' } },
  );

function rows(data: ReturnType<typeof dataOf>, state: Partial<TopState> = {}, columns = 100): string[] {
  const lines = wholeTable(data, { ...firstState, shown: 'routes', ...state }, about, columns);
  return lines.slice(3).map((line) => lineText(line).trimEnd());
}

test('the routes, and how their requests are', () => {
  assert.deepEqual(rows(shop()), [
    'Routes since the start or reset',
    '  %Time    Seen     /s  Now       p50       p95    Longest  %Wait  Route',
    '  54.5%       1    0.8    1         -         -   >18.4 ms     0%  GET /c',
    '  45.5%       2    1.6    0   5.10 ms   10.2 ms    10.2 ms    40%  GET /a',
  ]);
});

test('on a narrow screen columns give way, the name last', () => {
  const data = shop();
  for (const columns of [20, 30, 40, 50, 60, 80, 200]) {
    const { lines } = topScreen(data, { ...firstState, shown: 'routes' }, { columns, rows: 12 }, about);
    for (const line of lines) assert.ok(lineWidth(line) <= columns);
    assert.match(lines.map(lineText).join('\n'), /GET \/c/);
  }
});

test('the filter looks at routes', () => {
  assert.equal(rows(shop(), { filter: '/A' }).length, 3);
  assert.match(rows(shop(), { filter: 'zz' }).join(), /No match for/);
});

test('without requests it says so', () => {
  assert.match(rows(dataOf({ main: '...' })).join(), /No request was seen\./);
  const none = dataOf({ main: '.aa' }, {}, 'POST *');
  assert.match(rows(none, { route: 'POST *' }).join(), /POST \*.*No request of POST \* was seen\./);
  assert.match(
    rows(none, { route: 'POST *', shown: 'functions' }).join(),
    /No request of POST \* was seen\./,
  );
});

test('threads say which request they have in hand, and only those of a route are shown', () => {
  const threads = { main: '.aa', worker: '..b', other: '...' };
  const all = rows(dataOf(threads), { shown: 'threads' }).filter((line) => /^ \w/.test(line));
  assert.deepEqual(
    all.slice(1).map((line) => line.trim().replace(/ +/g, ' ')),
    ['main (100) active GET /a', 'worker (101) active GET /b', 'other (102) active'],
  );
  const one = rows(dataOf(threads, {}, '*/b'), { shown: 'threads', route: '*/b' }).join('\n');
  assert.match(one, /worker/);
  assert.doesNotMatch(one, /^ (?:main|other) /m);
});

test('no name of a route reaches a terminal raw', () => {
  const data = dataOf({ main: '.aa.' }, { routeOf: () => `\u001b[31m\u0007\u202e\n${'x'.repeat(9999)}` });
  for (const shown of ['routes', 'threads'] as const)
    for (const line of rows(data, { shown, route: '\u001b[2J' })) assert.doesNotMatch(line, steering);
});

test('as JSON', () => {
  const { routes } = JSON.parse(topJson(shop(), firstState, about));
  assert.deepEqual(routes[0], {
    ...{ route: 'GET /c', requests: 1, inFlight: 1, p50Seconds: null, p95Seconds: null },
    ...{ longestSeconds: 0.018432, longestIsCut: true },
    ...{ seconds: 0.018432, waitingSeconds: 0, gilWaitingSeconds: 0 },
  });
  assert.equal(routes[1].longestSeconds, 0.01024);
});
