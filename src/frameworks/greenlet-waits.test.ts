import assert from 'node:assert/strict';
import { test } from 'node:test';
import { supportedVersion } from '../cpython/versions.js';
import { FakeMemory } from '../memory/fake-memory.js';
import { type CalledFrame, GreenletWaits } from './greenlet-waits.js';

const { layout } = supportedVersion(3, 12)!;
const waits = new GreenletWaits(new FakeMemory(), layout);
const frame = (place: string, called = ''): CalledFrame => ({
  frame: { address: 0x10_0000, code: 0x20_0000, instruction: 0 },
  ...{ place, called, callableAt: 80 },
});
const kindOf = (...frames: CalledFrame[]) => waits.of(frames)?.kind;

test('the outermost function of the library with a rule says what is waited for', () => {
  const trampoline = [frame('eventlet/hubs/hub.py:switch'), frame('eventlet/hubs/__init__.py:trampoline')];
  assert.equal(kindOf(...trampoline, frame('eventlet/greenio/base.py:accept')), 'connection');
  assert.equal(
    kindOf(
      frame('eventlet/hubs/hub.py:switch'),
      frame('eventlet/event.py:wait'),
      frame('eventlet/greenthread.py:wait'),
    ),
    'greenlet',
  );
  // What the program itself calls so is none of the library.
  assert.equal(kindOf(frame('app.py:switch'), frame('gevent/hub.py:sleep')), undefined);
  assert.equal(kindOf(...trampoline), undefined);
});

test('without its number of seconds it sleeps all the same', () => {
  assert.deepEqual(waits.of([frame('gevent/hub.py:sleep')]), { kind: 'sleep', text: 'sleeping' });
});

test('a function in C says so by its name, when it is of gevent', () => {
  assert.equal(kindOf(frame('app.py:f', 'gevent._gevent_cevent.Event.wait')), 'event');
  assert.equal(kindOf(frame('app.py:f', 'gevent._gevent_cgreenlet.joinall')), 'greenlets');
  assert.equal(kindOf(frame('app.py:f', 'other.Event.wait')), undefined);
  assert.equal(
    kindOf(frame('app.py:f', 'gevent._gevent_c_hub_primitives.WaitOperationsGreenlet.wait')),
    undefined,
  );
  assert.equal(kindOf(), undefined);
});
