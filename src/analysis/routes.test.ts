import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { interval, RequestRecording, requestProfile } from '../../tests/support/request-recording.js';
import { buildCallTree } from './call-tree.js';
import { requestsOfContexts } from './requests.js';
import { routesOf, unknownRequestTime } from './routes.js';
import { eachWeight } from './sample-weights.js';
import { defaultView, modes } from './view-options.js';

test('a route adds up its requests', () => {
  const profile = requestProfile(
    { main: '.aaa.AA.b.', worker: '..bbbb....' },
    { states: { main: '.WGW......', worker: '..WW......' } },
  );
  const [a, b, ...more] = routesOf(profile, defaultView);
  assert.deepEqual(more, []);
  assert.equal(a!.name, 'GET /a');
  assert.deepEqual(
    [a!.requests, a!.time, a!.waiting, a!.gilWaiting, a!.samples],
    [2, 5 * interval, 3 * interval, interval, 5],
  );
  assert.deepEqual([a!.p50, a!.p95, a!.longest], [2 * interval, 3 * interval, 3 * interval]);
  assert.equal(a!.inFlight, 5 / 9);
  assert.equal(b!.name, 'GET /b');
  assert.deepEqual([b!.requests, b!.time, b!.waiting], [1, 5 * interval, 2 * interval]);
  assert.equal(profile.functions[a!.hottest!.function]!.name, 'handle_a');
  assert.deepEqual([a!.hottest!.line, a!.hottest!.time], [7, 5 * interval]);
});

test('percentiles are of requests that were seen whole', () => {
  // Of 1 to 20 intervals, each once, and one that never ends.
  const lengths = Array.from({ length: 20 }, (_, at) => at + 1);
  const letters = lengths.map((length, at) => String.fromCodePoint(0x4e00 + at).repeat(length)).join('.');
  const profile = requestProfile(
    { main: `.${letters}.`, other: `.${'x'.repeat(letters.length)}x` },
    { routeOf: () => 'job' },
  );
  const [route] = routesOf(profile, defaultView);
  assert.deepEqual([route!.requests, route!.cut, route!.seenOnce], [21, 1, 1]);
  assert.deepEqual([route!.p50, route!.p95, route!.p99], [10 * interval, 19 * interval, 20 * interval]);
  assert.equal(route!.longest, (letters.length + 1) * interval);
  assert.equal(route!.isLongestCut, true);
});

test('the time of requests of which it is not known which is that of no route, and not of none', () => {
  const profile = requestProfile({ main: '.a??b.' }, { labelOf: () => 'x' });
  const view = { ...defaultView, label: { key: 'route' } };
  assert.equal(unknownRequestTime(profile, view), 2 * interval);
  assert.deepEqual(
    routesOf(profile, view).map(({ name, time }) => [name, time]),
    [
      ['GET /a', interval],
      ['GET /b', interval],
    ],
  );
  const tree = buildCallTree(profile, view);
  const roots = tree.root.children.map(({ label }) => label);
  assert.deepEqual(roots.sort(), ['<unknown request>', 'GET /a', 'GET /b', 'no request']);
});

test('how long requests take is not known where none was seen whole', () => {
  const [route] = routesOf(requestProfile({ main: 'aaaa' }), defaultView);
  assert.deepEqual([route!.p50, route!.p95, route!.p99], [undefined, undefined, undefined]);
  assert.deepEqual([route!.longest, route!.isLongestCut], [3 * interval, true]);
});

test('a view of some requests has the routes of these', () => {
  const profile = requestProfile({ main: '.aaa.AA.b.' });
  const of = (request: object) =>
    routesOf(profile, { ...defaultView, request }).map(({ name, requests }) => `${name} ${requests}`);
  assert.deepEqual(of({ slowerThan: 2.5 * interval }), ['GET /a 1']);
  assert.deepEqual(of({ route: '*/b' }), ['GET /b 1']);
  assert.deepEqual(of({ route: 'POST*' }), []);
});

test('nothing was recorded, or one tick only', () => {
  assert.deepEqual(routesOf(new RequestRecording().profile, defaultView), []);
  const [route] = routesOf(requestProfile({ main: 'a' }), defaultView);
  assert.deepEqual([route!.requests, route!.perSecond, route!.inFlight], [1, undefined, undefined]);
});

test('the time of all routes and that of no request are all the time shown', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'.aAbBc-'), minLength: 1, maxLength: 30 });
  const states = fc.string({ unit: fc.constantFrom(...'WGx'), minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(letters, letters, states, fc.nat(30), (main, worker, state, known) => {
      const profile = requestProfile(
        { main, worker },
        {
          routeOf: (letter, tick) => (tick < known ? undefined : `GET /${letter.toLowerCase()}`),
          labelOf: (_, tick) => (tick % 3 === 0 ? 'x' : undefined),
          states: { main: state },
        },
      );
      const requests = requestsOfContexts(profile);
      for (const mode of modes) {
        const view = { ...defaultView, mode };
        let all = 0;
        let none = 0;
        eachWeight(profile, view, profile.runs, ({ context, time }) => {
          all += time;
          if (requests.numberOf(context) < 0) none += time;
        });
        const sum = routesOf(profile, view).reduce((total, { time }) => total + time, 0);
        assert.ok(Math.abs(sum + none - all) < 1e-6);
      }
    }),
    { numRuns: 100, seed: 7 },
  );
});
