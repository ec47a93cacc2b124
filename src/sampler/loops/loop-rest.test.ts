import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWaitOfLoop, LoopRest, restSince } from './loop-rest.js';

const never = Number.POSITIVE_INFINITY;

test('a loop rests from where it waited, while nothing is taken from its queue', () => {
  const rest = new LoopRest();
  const sees = (isWaiting: boolean, isUntouched: boolean | undefined, time: number) => {
    rest.isWaiting = isWaiting;
    rest.copied(isUntouched, time);
    return rest.since;
  };
  assert.equal(sees(true, undefined, 1), never, 'its queue is in no copy');
  assert.equal(sees(true, false, 2), 2);
  assert.equal(sees(true, true, 3), 2);
  assert.equal(sees(false, true, 4), 2, 'it woke, and took nothing yet');
  assert.equal(sees(false, false, 5), never);
  assert.equal(sees(false, true, 6), never, 'the step that it took last may go on');
  assert.equal(sees(true, true, 7), 7);
  assert.equal(sees(true, false, 8), 8, 'it ran steps, and waits again');
  assert.equal(sees(true, undefined, 9), never);
});

test('while a loop is within one step no other task begins or ends one', () => {
  const rest = new LoopRest();
  const sees = (where: 'step' | 'wait' | 'loop', isUntouched: boolean, time: number) => {
    rest.isInStep = where === 'step';
    rest.isWaiting = where === 'wait';
    rest.copied(isUntouched, time);
    return rest.since;
  };
  assert.equal(sees('wait', true, 1), 1);
  assert.equal(sees('step', false, 2), 2);
  assert.equal(sees('step', true, 3), 2);
  assert.equal(sees('step', false, 4), 4, 'another one');
  assert.equal(sees('loop', true, 5), never, 'it has ended');
  assert.equal(sees('step', true, 6), 6);
  assert.equal(sees('wait', true, 7), 7, 'its task may have come to wait');
  assert.equal(sees('step', true, 8), 8);
});

test('all loops that are known must rest, and all that are asked for be known', () => {
  const known = [
    { loop: 0x1000, rest: { since: 5 } },
    { loop: 0x2000, rest: { since: 7 } },
  ];
  assert.equal(restSince(known, new Set([0x1000])), 7);
  assert.equal(restSince(known, new Set()), 7, 'tasks may come in either');
  assert.equal(restSince(known, new Set([0x1000, 0x3000])), never);
  assert.equal(restSince([], new Set()), never);
  assert.equal(restSince([...known, { loop: 0x3000, rest: { since: never } }], new Set([0x1000])), never);
});

test('a loop waits in the function of its selector', () => {
  assert.ok(isWaitOfLoop({ name: 'select', fileName: '/usr/lib/python3.13/selectors.py' }));
  assert.ok(!isWaitOfLoop({ name: 'select', fileName: '/srv/app/database.py' }));
  assert.ok(!isWaitOfLoop({ name: '_run_once', fileName: '/usr/lib/python3.13/selectors.py' }));
  assert.ok(!isWaitOfLoop(undefined));
});
