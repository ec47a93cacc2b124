import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { attach, saysNoPython } from './attach.js';
import type { SamplerMessage } from './messages.js';
import { startSampling } from './start-sampling.js';

/** Above every number that the kernel gives. */
const nobody = (1 << 22) + 1;

/** A program that is no Python, and is there. */
async function withProgram(act: (pid: number) => void): Promise<void> {
  const program = spawn('sleep', ['600'], { stdio: 'ignore' });
  const ended = once(program, 'exit');
  try {
    await once(program, 'spawn');
    act(program.pid!);
  } finally {
    program.kill('SIGKILL');
    await ended;
  }
}

test('what cannot be sampled is an error with its code, from the other thread', async () => {
  const messages: SamplerMessage[] = [];
  const { finished } = startSampling(
    {
      ...{ pid: nobody, duration: 1, rate: 200, subprocesses: true, adoptsOrphans: false },
      ...{ cFunctions: true, title: '', writer: 'test' },
    },
    (message) => messages.push(message),
  );
  await assert.rejects(finished, { name: 'PyglassError', code: 'no-such-process' });
  assert.deepEqual(messages, []);
});

test('a program is started only once its children can be found', async () => {
  let asked = 0;
  const finder = {
    failed: new Promise<Error>(() => {}),
    up: {
      // biome-ignore lint/suspicious/noThenProperty: who waits for it calls this
      then: (resolve: () => void) => {
        asked++;
        resolve();
      },
    } as PromiseLike<void>,
  };
  const request = {
    ...{ pid: 0, duration: 1, rate: 200, subprocesses: true, adoptsOrphans: false },
    ...{ cFunctions: true, title: '', writer: 'test' },
  };
  const { ready, finished, stop } = startSampling(
    request,
    () => {},
    ({ port }) => {
      port.close();
      return finder;
    },
  );
  await ready;
  assert.equal(asked, 1);
  stop();
  await finished;
});

test('to attach to what is no Python says so', () =>
  withProgram((pid) => {
    let thrown: unknown;
    try {
      attach(pid, { patience: 10 });
    } catch (error) {
      thrown = error;
    }
    assert.ok(saysNoPython(thrown), String(thrown));
    assert.equal(thrown.code, 'not-python');
    assert.ok(!saysNoPython(new Error('other')));
  }));
