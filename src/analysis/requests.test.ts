import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interval, RequestRecording, requestProfile } from '../../tests/support/request-recording.js';
import { requestsOfContexts, type SeenRequest, seenRequests } from './requests.js';

const summed = ({ route, first, last, isCut, seenOnce }: SeenRequest) =>
  `${route} ${first / interval}-${last / interval}${isCut ? ' cut' : ''}${seenOnce ? ' once' : ''}`;

test('a request is as long as the samples that have it', () => {
  assert.deepEqual(seenRequests(requestProfile({ main: '.aa.b.cc.' })).map(summed), [
    'GET /a 0-2',
    'GET /b 3-4 once',
    'GET /c 5-7',
  ]);
});

test('cut are those that were there at the first sample of their thread or at the last of all', () => {
  const profile = requestProfile({ main: 'aa.bb', worker: '-.cc.' });
  assert.deepEqual(seenRequests(profile).map(summed).sort(), [
    'GET /a 0-1 cut',
    'GET /b 2-4 cut',
    'GET /c 1-3',
  ]);
});

test('a thread that is started for its request has it whole', () => {
  assert.deepEqual(seenRequests(requestProfile({ main: '.........', worker: '---aaa---' })).map(summed), [
    'GET /a 2-5',
  ]);
});

test('each process has an end of its own: the ticks of one come after those of the other', () => {
  const profile = requestProfile({ one: '.aaa', two: '.bb.' }, { processes: { two: 1 } });
  assert.deepEqual(seenRequests(profile).map(summed), ['GET /a 0-3 cut', 'GET /b 0.078125-2.078125']);
});

test('what is known of a request later counts for all of it, also when its labels change', () => {
  const profile = requestProfile(
    { main: '.aaaaaa.' },
    {
      routeOf: (_, tick) => (tick < 3 ? undefined : tick < 5 ? 'GET <no route>' : 'GET /a'),
      labelOf: (_, tick) => (tick % 2 === 0 ? 'even' : undefined),
    },
  );
  assert.deepEqual(seenRequests(profile).map(summed), ['GET /a 0-6']);
  const requests = requestsOfContexts(profile);
  assert.equal(requests.count, 1);
  assert.deepEqual(
    profile.contexts.map((_, at) => requests.numberOf(at)).filter((number) => number > 0),
    [],
  );
});

test('two threads with one request are one request, with the first of them', () => {
  const [request, ...more] = seenRequests(requestProfile({ main: '.a....', worker: '...aa.' }));
  assert.deepEqual([more.length, request!.thread, summed(request!)], [0, 0, 'GET /a 0-4']);
});

test('an empty recording, and one without requests, have none', () => {
  assert.deepEqual(seenRequests(new RequestRecording().profile), []);
  assert.deepEqual(seenRequests(requestProfile({ main: '....' })), []);
});

test('a profile that grows has its new requests, and routes that became known', () => {
  const recording = new RequestRecording({ routeOf: (_, tick) => (tick < 3 ? undefined : 'GET /a') });
  const before = seenRequests(recording.add({ main: '.aa' }).profile).map(summed);
  assert.deepEqual(before, ['undefined 0-2 cut']);
  assert.deepEqual(seenRequests(recording.add({ main: 'aab.' }).profile).map(summed), [
    'GET /a 0-4',
    'GET /a 4-5 once',
  ]);
});

test('a route named like a property of every object is only a name', () => {
  const profile = requestProfile(
    { main: '.ab.' },
    { routeOf: (letter) => (letter === 'a' ? '__proto__' : 'constructor') },
  );
  assert.deepEqual(
    seenRequests(profile).map(({ route }) => route),
    ['__proto__', 'constructor'],
  );
});

test('a request goes on while its task is suspended, and is cut when it was at the end or the beginning', () => {
  const threads = { main: '...a..a.b...c...' };
  const tasks = ['----aa---bbbbbbb', 'cccccccccccc----', '--ddddddd-------'];
  const { profile } = new RequestRecording().add(threads, tasks);
  assert.deepEqual(seenRequests(profile).map(summed).sort(), [
    'GET /a 2-6',
    'GET /b 7-15 cut',
    'GET /c 0-12 cut',
    'GET /d 1-8',
  ]);
});
