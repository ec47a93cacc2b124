import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { readPprof } from '../../tests/support/read-pprof.js';
import { defaultView } from '../analysis/view-options.js';
import type { Profile } from '../model/profile.js';
import { seriesPprof } from './series-pprof.js';

const read = (profile: Profile) =>
  readPprof(Buffer.concat([...seriesPprof.write(profile, defaultView)] as Uint8Array[]));

/** Of requests with these routes, one context each. */
function withRoutes(profile: Profile, ...routes: string[]): void {
  const { runs, contexts } = profile;
  for (const [run, route] of routes.entries()) {
    const outer = contexts.push({ kind: 'route', values: { route }, outer: 0 }) - 1;
    runs.context.set(run, contexts.push({ kind: 'request', values: { request: `${run}` }, outer }) - 1);
  }
}

test('samples have wall and CPU time, and labels of few values', () => {
  const profile = profileFromText(
    { 'Thread-1 (work)': 'f f f', 'Thread-22 (work)': 'f', main: 'g' },
    { states: { 'Thread-1 (work)': 'RRW', 'Thread-22 (work)': 'R', main: 'W' } },
  );
  const file = read(profile);
  assert.deepEqual(file.types, ['wall/nanoseconds', 'cpu/nanoseconds']);
  assert.deepEqual(
    file.samples.map(({ labels, values }) => [labels, values]),
    [
      [{ thread: 'Thread-* (work)' }, { wall: 40e6, cpu: 30e6 }],
      [{ thread: 'main' }, { wall: 10e6, cpu: 0 }],
    ],
  );
});

test('routes and jobs are labels, and requests of the same route are added up', () => {
  const profile = profileFromText({ a: 'f', b: 'f', c: 'f', d: 'f' });
  withRoutes(profile, 'GET /item/<int:id>', 'GET /item/<int:id>', 'shop.tasks.send');
  for (const [index, thread] of profile.threads.entries()) profile.threads[index] = { ...thread, name: '' };
  assert.deepEqual(
    read(profile).samples.map(({ labels, values }) => [labels, values['wall']]),
    [
      [{ http_method: 'GET', http_route: '/item/<int:id>' }, 20e6],
      [{ task: 'shop.tasks.send' }, 10e6],
      [{}, 10e6],
    ],
  );
});

test('there are no more than a hundred routes; the rest counts as one', () => {
  const many = Array.from({ length: 150 }, (_, at) => `t${at}`);
  const profile = profileFromText(Object.fromEntries(many.map((name) => [name, 'f'])));
  withRoutes(profile, ...many.map((_, at) => `GET /${at}`));
  const routes = read(profile).samples.map(({ labels }) => labels['http_route'] ?? labels['task']);
  assert.equal(new Set(routes).size, 101);
  assert.equal(routes.length, 101);
});

test('the file says its rate, and nothing that is of the whole recording', () => {
  const profile = profileFromText('f');
  profile.losses.missed = 7;
  assert.deepEqual(read(profile).comments.slice(1), [
    'sampled by pyglass 0.1.0, 100 times a second',
    'without idle threads',
  ]);
});
