import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestRecording, requestProfile } from '../../../tests/support/request-recording.js';
import { defaultView } from '../../analysis/view-options.js';
import { summaryReport } from '../summary/summary-json.js';
import { summaryText } from '../summary/summary-text.js';
import { routeSentences } from './route-sentences.js';
import { routesReport } from './routes-json.js';

const sentences = (...args: Parameters<typeof requestProfile>) =>
  routeSentences(requestProfile(...args), defaultView);

test('the routes with most of the time, in what, and what that is known by', () => {
  const main = `.${'a'.repeat(50)}.${'b'.repeat(20)}.${'B'.repeat(10)}.c.`;
  const states = { main: `.${'W'.repeat(40)}${'x'.repeat(11)}${'G'.repeat(22)}` };
  assert.deepEqual(sentences({ main }, { states }), [
    'GET /a: 61.7% of request time, 100% of it waiting; 100% in handle_a (app.py:7).',
    '  1 request, p50 51.2 ms, p95 51.2 ms (50 samples)',
    'GET /b: 37% of request time, 100% of it waiting for the GIL; 100% in handle_b (app.py:7).',
    '  2 requests, p50 10.2 ms, p95 20.5 ms (30 samples)',
  ]);
});

test('what most of the time was, of what is known', () => {
  const [first] = sentences({ main: '.aaaa.' }, { states: { main: '.RRWx.' } });
  assert.match(first!, /^GET \/a: 100% of request time, 66\.7% of it on a CPU;/);
  const [unknown] = sentences({ main: '.aaaa.' });
  assert.equal(unknown, 'GET /a: 100% of request time; 100% in handle_a (app.py:7).');
});

test('at most three, and of requests that never ended no percentiles', () => {
  const lines = sentences({ main: '.aabbccddeeffgg', worker: '.hhhhhhhhhhhhhh' });
  assert.equal(lines.length, 6);
  assert.equal(
    lines[1],
    '  1 request, none seen from its beginning to its end, the longest for 14.3 ms (14 samples)',
  );
});

test('without requests, or with nothing but one tick, there is no sentence', () => {
  assert.deepEqual(routeSentences(new RequestRecording().profile, defaultView), []);
  assert.deepEqual(sentences({ main: '....' }), []);
  assert.deepEqual(sentences({ main: 'a' }), []);
});

test('names are harmless', () => {
  const lines = sentences({ main: '.aa.' }, { routeOf: () => `\u001b[2J\u202e${'x'.repeat(5000)}` });
  assert.match(lines[0]!, /^⟨U\+001B⟩\[2J⟨U\+202E⟩x+…: 100% of request time/);
  assert.ok(lines[0]!.length < 200);
});

test('the summary begins with them, also as JSON', () => {
  const profile = requestProfile({ main: '.aaa.bb.' });
  const text = [...summaryText.write(profile, defaultView)].join('');
  const [first] = routeSentences(profile, defaultView);
  assert.equal(text.split('\n')[3], first);
  assert.ok(text.indexOf(first!) < text.indexOf('in busy threads'));
  assert.deepEqual(summaryReport(profile).routes, routesReport(profile, defaultView).routes);
  const cpu = { ...defaultView, mode: 'cpu' } as const;
  assert.deepEqual(summaryReport(profile, cpu).routes, summaryReport(profile).routes);
  assert.deepEqual(summaryReport(requestProfile({ main: '...' })).routes, []);
});
