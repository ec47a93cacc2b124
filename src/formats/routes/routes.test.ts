import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestRecording, requestProfile } from '../../../tests/support/request-recording.js';
import { defaultView, type ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { routesJson, routesReport } from './routes-json.js';
import { routes } from './routes-text.js';

const text = (profile: Profile, view: Partial<ViewOptions> = {}) =>
  [...routes.write(profile, { ...defaultView, ...view })].join('');

const shop = () =>
  requestProfile(
    { main: `.${'a'.repeat(60)}.${'A'.repeat(20)}.bbb.`, worker: `.${'c'.repeat(86)}` },
    { states: { main: `.${'W'.repeat(30)}`, worker: '.'.repeat(10).padEnd(30, 'G') } },
  );

test('a table of routes, most time first', () => {
  assert.equal(
    text(shop()),
    [
      'GET /c: 100% in handle_c (app.py:7)',
      'GET /a: 100% in handle_a (app.py:7)',
      'GET /b: 100% in handle_b (app.py:7)',
      '',
      'route   share  requests  per s      p50      p95    longest  waiting  for GIL',
      'GET /c  50.9%         1     11        -        -  > 88.1 ms    23.3%    23.3%',
      'GET /a  47.3%         2     23  20.5 ms  61.4 ms    61.4 ms    37.5%       0%',
      'GET /b   1.8%         1     11  3.07 ms  3.07 ms    3.07 ms       0%       0%',
      '',
      '4 requests were seen in 88.1 ms, at 1000 samples a second: times are right to 1.00 ms.',
      '1 began before the recording or went on after it; p50 and p95 are without them.',
      '',
    ].join('\n'),
  );
});

test('short requests have no exact times, and the table says that it misses some', () => {
  const written = text(requestProfile({ main: '.a.A.b.' }));
  assert.match(written, /GET \/a {2}66\.7% {9}2 {4}326 {2}< 2\.00 ms {2}< 2\.00 ms/);
  assert.match(written, /3 of them were seen once: of requests shorter than 1\.00 ms others were missed\./);
});

test('a route that was in a single tick has no rates', () => {
  const written = text(requestProfile({ main: 'a' }));
  assert.match(written, /GET \/a +0% +1 +- +- +- +> 0 µs/);
  assert.doesNotMatch(written, /Infinity|NaN/);
});

test('the same as JSON', () => {
  const report = routesReport(shop(), defaultView);
  assert.deepEqual(JSON.parse([...routesJson.write(shop(), defaultView)].join('')), report);
  const { routes: all, ...whole } = report;
  assert.deepEqual(whole, {
    ...{ version: 1, seconds: 0.088064, intervalSeconds: 0.001, requestSeconds: 0.173056, unknownSeconds: 0 },
  });
  assert.deepEqual(all[1], {
    ...{ route: 'GET /a', requests: 2, seenOnce: 0, cut: 0, perSecond: 22.711, inFlight: 0.93 },
    ...{
      p50Seconds: 0.02048,
      p95Seconds: 0.06144,
      p99Seconds: 0.06144,
      longestSeconds: 0.06144,
      longestIsCut: false,
    },
    ...{ seconds: 0.08192, share: 0.4734, shareError: 0.0753, waitingShare: 0.375, gilWaitingShare: 0 },
    hottest: { function: 'handle_a', file: 'app.py', line: 7, in: null, share: 1 },
  });
  const { p50Seconds, longestSeconds, longestIsCut, cut } = all[0]!;
  assert.deepEqual([p50Seconds, longestSeconds, longestIsCut, cut], [null, 0.088064, true, 1]);
});

test('what is not known is null', () => {
  const [route] = routesReport(
    requestProfile({ main: 'a' }, { routeOf: () => undefined }),
    defaultView,
  ).routes;
  assert.equal(route!.route, null);
  assert.deepEqual([route!.perSecond, route!.inFlight, route!.waitingShare], [null, null, null]);
  assert.match(text(requestProfile({ main: '.a.' }, { routeOf: () => undefined })), /<unknown route>/);
});

test('without requests it says why', () => {
  assert.match(text(new RequestRecording().profile), /holds no samples/);
  assert.match(text(requestProfile({ main: '...' })), /docs\/requests\.md says which/);
  assert.match(
    text(requestProfile({ main: '.a.' }), { request: { route: 'POST *' } }),
    /No sample is of a request of POST \*\.\nThe recording has 1 request: GET \/a\./,
  );
  assert.deepEqual(routesReport(requestProfile({ main: '...' }), defaultView).routes, []);
});

test('no name of a route reaches a terminal raw', () => {
  const names: Record<string, string> = {
    a: '\u001b[2J\u0007\r\n',
    b: `GET /${'x'.repeat(100_000)}`,
    c: '\u202egnp.exe \u2066 \u{e0001}',
  };
  const profile = requestProfile({ main: '.aabbcc.' }, { routeOf: (letter) => names[letter] });
  for (const written of [text(profile), text(profile, { request: { route: '\u001b[2Jx' } })]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    assert.doesNotMatch(written, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    assert.ok(written.split('\n').every((line) => line.length < 500));
  }
  const [json] = routesJson.write(profile, defaultView);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  assert.doesNotMatch(json as string, /[\u0000-\u0009\u000b-\u001f\u007f]/);
  const known = JSON.parse(json as string).routes.map(({ route }: { route: string }) => route);
  // Long ones are cut by the recording.
  assert.deepEqual(known.sort(), [names['a'], names['b']!.slice(0, 10_000), names['c']].sort());
});
