import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { isIdle, parseIdlePattern } from './idle.js';

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

test('a folder in a pattern is any number of its frames, and no others', () => {
  const says = (...frames: string[]) =>
    isIdle(drawn(frames), frames.length, [parseIdlePattern('socket.py:read < client/* < app.py:next_job')!]);
  assert.ok(says('app.py:next_job', 'socket.py:read'));
  assert.ok(
    says(
      'app.py:next_job',
      'client/client.py:call',
      'c:next',
      'client/parse/reply.py:line',
      'socket.py:read',
    ),
  );
  assert.ok(
    !says(
      'app.py:next_job',
      'client/client.py:call',
      'app.py:callback',
      'client/client.py:call',
      'socket.py:read',
    ),
  );
  assert.ok(!says('app.py:next_job', 'other_client/client.py:call', 'socket.py:read'));
  assert.ok(!says('app.py:job', 'client/client.py:call', 'socket.py:read'));
  assert.ok(!says('client/client.py:call', 'socket.py:read'));
  const deep = Array.from({ length: 10_000 }, () => 'client/client.py:call');
  assert.ok(!says('app.py:next_job', ...deep, 'socket.py:read'));
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
    'redis/* < app.py:f',
    'queue.py:get < redis/*',
    'queue.py:get < * < app.py:f',
  ])
    assert.equal(parseIdlePattern(text), undefined, text);
  assert.deepEqual(parseIdlePattern('my queue.py:get <  lib/x/* < <string>:<lambda> '), {
    innermost: { file: 'my queue.py', name: 'get' },
    callers: [{ folder: 'lib/x' }, { file: '<string>', name: '<lambda>' }],
  });
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
