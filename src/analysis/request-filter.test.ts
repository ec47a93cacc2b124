import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interval, RequestRecording, requestProfile } from '../../tests/support/request-recording.js';
import { requestFilter, routePattern } from './request-filter.js';
import { eachWeight } from './sample-weights.js';
import { defaultView, type RequestView } from './view-options.js';

test('a pattern is the whole route, * any number of any characters', () => {
  const fits = (pattern: string, ...routes: string[]) => routes.filter(routePattern(pattern));
  const routes = ['GET /', 'GET /slow', 'GET /slow/<int:id>', 'POST /slow', ''];
  assert.deepEqual(fits('GET /slow', ...routes), ['GET /slow']);
  assert.deepEqual(fits('get /slow', ...routes), []);
  assert.deepEqual(fits('GET *', ...routes), ['GET /', 'GET /slow', 'GET /slow/<int:id>']);
  assert.deepEqual(fits('* /slow', ...routes), ['GET /slow', 'POST /slow']);
  assert.deepEqual(fits('*slow*', ...routes), ['GET /slow', 'GET /slow/<int:id>', 'POST /slow']);
  assert.deepEqual(fits('*', ...routes), routes);
  assert.deepEqual(fits('G*w*d>', ...routes), ['GET /slow/<int:id>']);
});

test('parts of a pattern share no character, and its other signs mean themselves', () => {
  assert.equal(routePattern('ab*ba')('aba'), false);
  assert.equal(routePattern('ab*ba')('abba'), true);
  assert.equal(routePattern('a*b*b')('ab'), false);
  assert.equal(routePattern('a*b*b')('abb'), true);
  assert.equal(routePattern('GET /(.+)$')('GET /slow'), false);
  assert.equal(routePattern('GET /[a]?')('GET /[a]?'), true);
});

test('a hostile pattern on a hostile route takes no more than a moment', () => {
  const route = 'a'.repeat(10_000);
  assert.equal(routePattern(`${'a*'.repeat(4000)}b`)(route), false);
  assert.equal(routePattern(`*${'a*'.repeat(4000)}`)(route), true);
});

/** Samples that a view shows. */
function samplesOf(profile: ReturnType<typeof requestProfile>, request: RequestView): number {
  let samples = 0;
  eachWeight(profile, { ...defaultView, request }, profile.runs, (weight) => {
    samples += weight.samples;
  });
  return samples;
}

test('only samples of the requests that are asked for are shown', () => {
  const profile = requestProfile({ main: '.aaa.bb.c.', worker: '..........' });
  assert.equal(samplesOf(profile, {}), 6);
  assert.equal(samplesOf(profile, { route: 'GET /a' }), 3);
  assert.equal(samplesOf(profile, { route: 'GET /*' }), 6);
  assert.equal(samplesOf(profile, { route: 'GET /d' }), 0);
  assert.equal(samplesOf(profile, { slowerThan: 2 * interval - 1 }), 5);
  assert.equal(samplesOf(profile, { slowerThan: 2 * interval }), 3);
  assert.equal(samplesOf(profile, { route: 'GET /b', slowerThan: 1.5 * interval }), 2);
  assert.equal(samplesOf(profile, { slowerThan: 1e12 }), 0);
});

test('a request of which no route was read fits no route but *', () => {
  const profile = requestProfile({ main: '.aa.' }, { routeOf: () => undefined });
  assert.equal(samplesOf(profile, { route: 'GET*' }), 0);
  assert.equal(samplesOf(profile, { route: '*' }), 2);
});

test('a filter that is made knows what the profile has then', () => {
  const recording = new RequestRecording().add({ main: '.a' });
  const isOfA = requestFilter(recording.profile, { route: 'GET /a' });
  const { runs } = recording.profile;
  assert.equal(isOfA(runs.context.at(runs.context.length - 1)), true);
  assert.equal(isOfA(0), false);
});
