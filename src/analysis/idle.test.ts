import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { isIdle, parseIdlePattern } from './idle.js';
import { idlePatterns } from './idle-patterns.js';

/** Whether a stack drawn innermost last, `file:function` each, counts as idle. */
function idle(...frames: string[]): boolean {
  return isIdle(drawn(frames), frames.length);
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

test('a server between two requests is idle', () => {
  assert.ok(idle('app.py:<module>', 'socketserver.py:serve_forever', 'selectors.py:select'));
  assert.ok(idle('http/server.py:handle', 'http/server.py:handle_one_request', 'socket.py:readinto'));
  assert.ok(idle('gunicorn/workers/sync.py:run_for_one', 'gunicorn/workers/sync.py:wait'));
  assert.ok(
    idle('asyncio/base_events.py:run_forever', 'asyncio/base_events.py:_run_once', 'selectors.py:select'),
  );
});

test('the process that looks after what multiprocessing shares is idle', () => {
  assert.ok(idle('<string>:<module>', 'multiprocessing/resource_tracker.py:main'));
  assert.ok(
    idle('<string>:<module>', 'multiprocessing/resource_tracker.py:main', 'c:io.BufferedReader.readline'),
  );
});

test('the reloader is idle, its parent waiting and its child asleep between two looks', () => {
  assert.ok(idle('werkzeug/_reloader.py:run_with_reloader', 'werkzeug/_reloader.py:run'));
  assert.ok(
    !idle(
      'werkzeug/_reloader.py:run_with_reloader',
      'werkzeug/_reloader.py:run',
      'werkzeug/_reloader.py:run_step',
    ),
  );
  assert.ok(
    idle(
      'werkzeug/_reloader.py:restart_with_reloader',
      'subprocess.py:call',
      'subprocess.py:wait',
      'subprocess.py:_wait',
      'subprocess.py:_try_wait',
    ),
  );
});

test('a pool worker on its queue is idle, at work it is not', () => {
  assert.ok(idle('threading.py:run', 'concurrent/futures/thread.py:_worker'));
  assert.ok(!idle('concurrent/futures/thread.py:_worker', 'concurrent/futures/thread.py:run', 'app.py:job'));
});

test('a wait inside a request or application code is not idle', () => {
  assert.ok(!idle('socketserver.py:serve_forever', 'app.py:slow_route'));
  assert.ok(!idle('app.py:main', 'selectors.py:select'));
  assert.ok(!idle('app.py:main', 'queue.py:get', 'threading.py:wait'));
  assert.ok(
    !idle(
      'app.py:main',
      'subprocess.py:call',
      'subprocess.py:wait',
      'subprocess.py:_wait',
      'subprocess.py:_try_wait',
    ),
  );
  assert.ok(!idle('socketserver.py:serve_forever', 'my_selectors.py:select'));
});

test('a C function that waits, or calls back, does not hide the pattern', () => {
  assert.ok(
    idle(
      'billiard/pool.py:body',
      'c:callable_iterator',
      'queue.py:get',
      'threading.py:wait',
      'c:lock.acquire',
    ),
  );
  assert.ok(!idle('c:lock.acquire'));
  assert.ok(idle('socketserver.py:serve_forever', 'selectors.py:select', 'c:select.poll.poll'));
  assert.ok(!idle('app.py:slow_route', 'c:time.sleep'));
});

for (const line of idlePatterns) {
  test(`idle: ${line}`, () => {
    const frames = line.split(' < ').reverse();
    assert.ok(idle('app.py:<module>', ...frames));
    assert.ok(idle('app.py:<module>', ...frames, 'c:select'));
    assert.ok(!idle('app.py:<module>', ...frames, 'app.py:job'));
  });
}

test('what a user says is idle is so too, by code name or qualified name', () => {
  const frames = ['app.py:loop', 'poller.py:next_job', 'c:time.sleep'];
  const profile = drawn(frames);
  profile.functions[1] = { ...profile.functions[1]!, qualifiedName: 'Poller.next_job' };
  const says = (text: string) => isIdle(profile, frames.length, [parseIdlePattern(text)!]);
  assert.ok(!isIdle(profile, frames.length));
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
    assert.equal(parseIdlePattern(text), undefined, text);
  assert.deepEqual(parseIdlePattern('my queue.py:get <  <string>:<lambda> ')?.frames, [
    { file: 'my queue.py', name: 'get' },
    { file: '<string>', name: '<lambda>' },
  ]);
});

test('the empty stack is idle, and a growing profile is followed', () => {
  const profile = profileFromText('a');
  assert.ok(isIdle(profile, 0));
  for (let more = 0; more < 100; more++) {
    profile.stacks.parent.push(0);
    profile.stacks.frame.push(0);
  }
  assert.equal(isIdle(profile, 101), false);
});
