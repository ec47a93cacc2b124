import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { summarize } from '../../analysis/summary.js';
import { defaultView } from '../../analysis/view-options.js';
import { applicationSentence } from './application-sentence.js';
import { summaryJson } from './summary-json.js';
import { summaryText } from './summary-text.js';

const site = (file: string) => ({ file: `/venv/lib/python3.11/site-packages/${file}` });
const functions = {
  run_wsgi: site('werkzeug/serving.py'),
  sleep: { kind: 'c' as const, qualifiedName: 'time.sleep' },
  recv: { kind: 'c' as const, qualifiedName: 'socket.socket.recv' },
  serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
  select: { file: '/usr/lib/python3.11/selectors.py' },
};
type Picture = Parameters<typeof profileFromText>[0];
const profileOf = (picture: Picture, states: Record<string, string> = {}, gil: Record<string, string> = {}) =>
  profileFromText(picture, { functions, states, gil });
const sentence = (picture: Picture, state = '') => {
  const profile = profileOf(picture, { MainThread: state });
  return applicationSentence(profile, defaultView, summarize(profile, defaultView));
};

test('the sentence on application code', () => {
  const route = 'run_wsgi run_wsgi run_wsgi run_wsgi | slow_route slow_route slow_route .';
  assert.equal(
    sentence(`${route} | sleep sleep sleep .`, 'WWWR'),
    'slow_route: 75% of request time, of which 100% waiting in time.sleep',
  );
  assert.equal(
    sentence(`${route} | sleep recv . .`, 'WWRR'),
    'slow_route: 75% of request time, of which 66.7% waiting, mostly in time.sleep',
  );
  assert.equal(sentence(route, 'RRWR'), 'slow_route: 75% of request time, of which 66.7% on a CPU');
  assert.equal(sentence(route, 'WWRR'), 'slow_route: 75% of request time, of which 66.7% waiting');
  assert.equal(
    sentence(route, 'GGRR'),
    'slow_route: 75% of request time, of which 66.7% waiting for the GIL',
  );
});

test('no word of requests outside of them, nor of waiting when states are not known', () => {
  assert.equal(
    sentence('main main | sleep .', 'WR'),
    'main: 100% of the time shown, of which 50% waiting in time.sleep',
  );
  assert.equal(sentence('main main | sleep .'), 'main: 100% of the time shown');
  assert.equal(
    sentence('<module>', 'R'),
    '<module> (app.py:1): 100% of the time shown, of which 100% on a CPU',
  );
  assert.equal(sentence('run_wsgi'), undefined);
  assert.equal(
    sentence('main main main main', 'WW..'),
    'main: 100% of the time shown, of which 100% waiting',
    'of what is known',
  );
  assert.match(
    text('main main main main', { MainThread: 'WW..' }),
    /: 0% on a CPU, 50% waiting, 50% not known\.\n/,
  );
});

const text = (...args: Parameters<typeof profileOf>) =>
  [...summaryText.write(profileOf(...args), defaultView)].join('');

test('a recording as text', () => {
  const written = text(
    {
      one: 'run_wsgi run_wsgi run_wsgi run_wsgi | slow:12 slow:12 work:3 work:3 | sleep sleep . .',
      two: 'hog hog hog hog',
    },
    { one: 'WWGC', two: 'RRRR' },
    { two: '1111' },
  );
  assert.equal(
    written,
    `python app.py
Recorded 2026-05-09 07:32:10 UTC for 40.0 ms · Python 3.11.7 · 2 threads · 8 samples at 100 a second · none missed

80.0 ms in busy threads: 62.5% on a CPU, 37.5% waiting.
hog: 50% of the time shown, of which 100% on a CPU

Busiest functions, of 50.0 ms on a CPU
    80%  40.0 ms  hog (app.py:1)
    20%  10.0 ms  <gc>

Lines to look at
    50%  40.0 ms  app.py:1  hog
    25%  20.0 ms  app.py:12  slow, waiting
    25%  20.0 ms  app.py:3  work, waiting

Longest waits
    25%  20.0 ms  slow (app.py:1) in time.sleep, longest 20.0 ms

Waiting for the GIL: 10.0 ms, 12.5% of the time shown
   100%  10.0 ms  held by hog (app.py:1)

The garbage collector: 10.0 ms, 12.5% of the time shown
`,
  );
});

test('what the recording does not say is not claimed', () => {
  const written = text('work work');
  assert.match(written, /Whether they ran or waited is not known/);
  assert.match(written, /Hottest functions\n {3}100% {2}20\.0 ms {2}work/);
  assert.doesNotMatch(written, /on a CPU|Longest|GIL|collector/);
});

test('when all threads were idle it says that alone', () => {
  const written = text('serve_forever | select', { MainThread: 'W' });
  assert.match(written, /\nThe only thread was idle\.\nThe recording shows 1 thread, idle the whole time/);
  assert.doesNotMatch(written, /Busiest/);
});

test('names steer no terminal', () => {
  const profile = profileFromText('x', { functions: { x: { qualifiedName: '\u001b[31m\u009b\u202e' } } });
  for (const format of [summaryText, summaryJson]) {
    const written = [...format.write(profile, defaultView)].join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    assert.doesNotMatch(written, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
  assert.equal(
    JSON.parse([...summaryJson.write(profile, defaultView)].join('')).applicationFunctions[0].function,
    '\u001b[31m\u009b\u202e',
  );
});

test('the fields that scripts read', () => {
  const json = (...args: Parameters<typeof profileOf>) =>
    JSON.parse([...summaryJson.write(profileOf(...args), defaultView)].join(''));
  const summary = json('run_wsgi run_wsgi | slow:12 slow:13 | sleep .', { MainThread: 'WR' });
  assert.deepEqual(Object.keys(summary), [
    'version',
    'recording',
    'unrecordedChildren',
    'statesKnown',
    'time',
    'otherThreads',
    'routes',
    'applicationFunctions',
    'busiest',
    'waits',
    'gilHolders',
    'lines',
    'blockedLoops',
  ]);
  assert.deepEqual(summary.time, {
    shownSeconds: 0.02,
    notShownSeconds: 0,
    requestSeconds: 0.02,
    cpuSeconds: 0.01,
    waitingSeconds: 0.01,
    gilWaitingSeconds: 0,
    collectingSeconds: 0,
    unknownSeconds: 0,
    cpuUnknownThreads: 0,
  });
  const slow = { function: 'slow', kind: 'python', file: 'app.py', firstLine: 1 };
  assert.deepEqual(summary.applicationFunctions, [
    {
      ...slow,
      seconds: 0.02,
      share: 1,
      requestSeconds: 0.02,
      cpuSeconds: 0.01,
      waitingSeconds: 0.01,
      unknownSeconds: 0,
      waitedIn: 'time.sleep',
      waitedInGil: false,
    },
  ]);
  assert.deepEqual(summary.busiest.functions[0], {
    ...slow,
    selfSeconds: 0.01,
    selfShare: 1,
    totalSeconds: 0.01,
    totalShare: 1,
  });
  assert.deepEqual(summary.waits, [
    { ...slow, waitedIn: 'time.sleep', seconds: 0.01, share: 0.5, longestSeconds: 0.01 },
  ]);
  assert.deepEqual(summary.lines[0], { ...slow, line: 12, seconds: 0.01, share: 0.5, waitingSeconds: 0.01 });
  const unknown = json('work');
  assert.equal(unknown.statesKnown, false);
  assert.equal(unknown.time.cpuSeconds, null);
  assert.equal(unknown.applicationFunctions[0].waitingSeconds, null);
  assert.equal(unknown.busiest.by, 'wall');
});
