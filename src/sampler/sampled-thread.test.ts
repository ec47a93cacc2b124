import assert from 'node:assert/strict';
import { test } from 'node:test';
import { python3_12 } from '../cpython/layouts/python3_12.js';
import { FakeMemory } from '../memory/fake-memory.js';
import { FakeThread } from '../platform/fake-threads.js';
import { InterpreterState } from './interpreter-state.js';
import { blocked, SampledThread } from './sampled-thread.js';
import { ActivityPace, ThreadActivity } from './thread-activity.js';

test('a thread that waits in a system call is within a call, one that was stopped may be between two', () => {
  const kernel = new FakeThread();
  kernel.state = 'waiting';
  const thread = new SampledThread(python3_12, {
    state: { address: 0x1000, ident: 1, nativeId: 1 },
    interpreter: {
      address: 0x2000,
      id: 0,
      state: new InterpreterState(new FakeMemory(), python3_12, 0, 0x2000),
    },
    threadId: 1,
    name: '',
    activity: new ThreadActivity(kernel, new ActivityPace(), 'from now'),
  });
  for (const [tick, isInSystemCall] of [true, false, true].entries()) {
    kernel.isInSystemCall = isInSystemCall;
    kernel.turns++;
    thread.noteActivity(tick * 1000, 1000, true);
    assert.equal((thread.callStateNow & blocked) !== 0, isInSystemCall);
  }
});
