import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { type SessionOptions, startSession } from './session.js';
import type { Sink } from './sink.js';

/** Options for a process that is no Python, whose children might be. */
function options(more: Partial<SessionOptions>): SessionOptions {
  return {
    ...{ rate: 100, duration: Number.POSITIVE_INFINITY, subprocesses: true, cFunctions: true, title: '' },
    ...{ sinks: [], onSinkError: assert.fail, ...more },
  };
}

/** A program that is no Python, and is there. */
async function withProgram(act: (program: ChildProcess, pid: number) => Promise<void>): Promise<void> {
  const program = spawn('sleep', ['600'], { stdio: 'ignore' });
  const ended = once(program, 'exit');
  try {
    await once(program, 'spawn');
    await act(program, program.pid!);
  } finally {
    program.kill('SIGKILL');
    await ended;
  }
}

function sink(): Sink & { readonly log: string[] } {
  const log: string[] = [];
  return {
    ...{ log, name: 'test' },
    open: () => void log.push('open'),
    write: () => void log.push('write'),
    close: async () => void log.push('close'),
  };
}

test('without a Python the sinks are closed and nothing was attached', () =>
  withProgram(async (program, pid) => {
    const it = sink();
    const session = startSession(
      options({
        pid,
        sinks: [it],
        onEvent: ({ kind }) => {
          if (kind === 'progress') program.kill('SIGKILL');
        },
      }),
    );
    const { reason, stats, programs, left } = await session.finished;
    assert.deepEqual([programs, left], [['sleep'], []]);
    assert.deepEqual([reason, stats.samples, await session.attached], ['target-ended', 0, false]);
    assert.deepEqual([...new Set(it.log)], ['open', 'write', 'close']);
    assert.equal(it.log.indexOf('close'), it.log.length - 1);
  }));

test('what a listener throws ends the session with that', () =>
  withProgram(async (_, pid) => {
    const it = sink();
    const session = startSession(
      options({
        ...{ pid, sinks: [it] },
        onEvent: () => {
          throw new TypeError('of the listener');
        },
      }),
    );
    await assert.rejects(session.finished, TypeError);
    assert.equal(it.log.at(-1), 'close');
  }));

test('a program that cannot be started ends the session, and one is not started after a stop', async () => {
  const failing = startSession(options({ start: () => Promise.reject(new RangeError('not there')) }));
  await assert.rejects(failing.finished, RangeError);
  const session = startSession(options({ start: () => assert.fail('it was started') }));
  session.stop();
  assert.equal((await session.finished).reason, 'stopped');
});

test('a program that is started is heard of before anything of it', () =>
  withProgram(async (_, pid) => {
    const events: string[] = [];
    const session = startSession(
      options({
        duration: 0.05,
        start: async () => ({ pid }),
        onEvent: (event) => events.push(event.kind === 'started' ? `started ${event.pid}` : event.kind),
      }),
    );
    const { reason, programs } = await session.finished;
    assert.equal(reason, 'duration');
    assert.deepEqual(programs, ['sleep']);
    assert.equal(events[0], `started ${pid}`);
  }));
