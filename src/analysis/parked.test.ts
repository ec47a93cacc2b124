import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { isParked, parseParkedPattern } from './parked.js';
import { parkedPatterns } from './parked-patterns.js';

/** Whether a stack drawn innermost last, `file:function` each, counts as parked. */
function parked(...frames: string[]): boolean {
  return isParked(drawn(frames), frames.length);
}

function drawn(frames: readonly string[]) {
  const functions = Object.fromEntries(
    frames.map((text, depth) => {
      const [file, name] = text.split(':') as [string, string];
      const c = file === 'c';
      return [`f${depth}`, c ? { kind: 'c' as const, name } : { file: `/usr/lib/python3.11/${file}`, name }];
    }),
  );
  return profileFromText(frames.map((_, depth) => `f${depth}`).join(' | '), { functions });
}

test('a server between two requests is parked', () => {
  assert.ok(parked('app.py:<module>', 'socketserver.py:serve_forever', 'selectors.py:select'));
  assert.ok(parked('http/server.py:handle', 'http/server.py:handle_one_request', 'socket.py:readinto'));
  assert.ok(parked('gunicorn/workers/sync.py:run_for_one', 'gunicorn/workers/sync.py:wait'));
  assert.ok(
    parked('asyncio/base_events.py:run_forever', 'asyncio/base_events.py:_run_once', 'selectors.py:select'),
  );
});

test('the process that looks after what multiprocessing shares is parked', () => {
  assert.ok(parked('<string>:<module>', 'multiprocessing/resource_tracker.py:main'));
  assert.ok(
    parked('<string>:<module>', 'multiprocessing/resource_tracker.py:main', 'c:io.BufferedReader.readline'),
  );
});

test('the reloader is parked, its parent waiting and its child asleep between two looks', () => {
  assert.ok(parked('werkzeug/_reloader.py:run_with_reloader', 'werkzeug/_reloader.py:run'));
  assert.ok(
    !parked(
      'werkzeug/_reloader.py:run_with_reloader',
      'werkzeug/_reloader.py:run',
      'werkzeug/_reloader.py:run_step',
    ),
  );
  assert.ok(
    parked(
      'werkzeug/_reloader.py:restart_with_reloader',
      'subprocess.py:call',
      'subprocess.py:wait',
      'subprocess.py:_wait',
      'subprocess.py:_try_wait',
    ),
  );
});

test('a pool worker on its queue is parked, at work it is not', () => {
  assert.ok(parked('threading.py:run', 'concurrent/futures/thread.py:_worker'));
  assert.ok(
    !parked('concurrent/futures/thread.py:_worker', 'concurrent/futures/thread.py:run', 'app.py:job'),
  );
});

test('a wait inside a request or the user’s own code is not parked', () => {
  assert.ok(!parked('socketserver.py:serve_forever', 'app.py:slow_route'));
  assert.ok(!parked('app.py:main', 'selectors.py:select'));
  assert.ok(!parked('app.py:main', 'queue.py:get', 'threading.py:wait'));
  assert.ok(
    !parked(
      'app.py:main',
      'subprocess.py:call',
      'subprocess.py:wait',
      'subprocess.py:_wait',
      'subprocess.py:_try_wait',
    ),
  );
  assert.ok(!parked('socketserver.py:serve_forever', 'my_selectors.py:select'));
});

test('a C function that waits, or calls back, does not hide the pattern', () => {
  assert.ok(
    parked(
      'billiard/pool.py:body',
      'c:callable_iterator',
      'queue.py:get',
      'threading.py:wait',
      'c:lock.acquire',
    ),
  );
  assert.ok(!parked('c:lock.acquire'));
  assert.ok(parked('socketserver.py:serve_forever', 'selectors.py:select', 'c:select.poll.poll'));
  assert.ok(!parked('app.py:slow_route', 'c:time.sleep'));
});

for (const line of parkedPatterns) {
  test(`parked: ${line}`, () => {
    const frames = line.split(' < ').reverse();
    assert.ok(parked('app.py:<module>', ...frames));
    assert.ok(parked('app.py:<module>', ...frames, 'c:select'));
    assert.ok(!parked('app.py:<module>', ...frames, 'app.py:job'));
  });
}

test('what a user says is parked is so too, by code name or qualified name', () => {
  const frames = ['app.py:loop', 'poller.py:next_job', 'c:time.sleep'];
  const profile = drawn(frames);
  profile.functions[1] = { ...profile.functions[1]!, qualifiedName: 'Poller.next_job' };
  const says = (text: string) => isParked(profile, frames.length, [parseParkedPattern(text)!]);
  assert.ok(!isParked(profile, frames.length));
  assert.ok(says('poller.py:next_job'));
  assert.ok(says('lib/python3.11/poller.py:Poller.next_job < app.py:loop'));
  assert.ok(!says('poller.py:next_job < other.py:loop'));
  assert.ok(!says('app.py:loop'));
  assert.ok(!says('oller.py:next_job'));
});

test('a pattern is frames of file and function, or it is none', () => {
  for (const text of [
    '',
    'queue.py',
    'queue.py:',
    ':get',
    'queue.py:get <',
    '< queue.py:get',
    'a:b:c',
    'queue.py:get<app.py:f',
  ])
    assert.equal(parseParkedPattern(text), undefined, text);
  assert.deepEqual(parseParkedPattern('my queue.py:get <  <string>:<lambda> ')?.frames, [
    { file: 'my queue.py', name: 'get' },
    { file: '<string>', name: '<lambda>' },
  ]);
});

test('the empty stack is parked, and a growing profile is followed', () => {
  const profile = profileFromText('a');
  assert.ok(isParked(profile, 0));
  for (let more = 0; more < 100; more++) {
    profile.stacks.parent.push(0);
    profile.stacks.frame.push(0);
  }
  assert.equal(isParked(profile, 101), false);
});
