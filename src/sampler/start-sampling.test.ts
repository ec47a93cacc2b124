import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { attach, saysNoPython } from './attach.js';
import type { SamplerMessage } from './messages.js';
import { type RunningSampling, startSampling } from './start-sampling.js';

/** Above every number that the kernel gives. */
const nobody = (1 << 22) + 1;

/** Records, in the threads that record; ends all that was started. */
async function recording(
  pid: number,
  duration: number,
  act: (running: RunningSampling, messages: readonly SamplerMessage[], heard: Promise<void>) => Promise<void>,
): Promise<void> {
  const messages: SamplerMessage[] = [];
  let hear = () => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const running = startSampling(
    {
      ...{ pid, duration, rate: 200, subprocesses: pid > 0, adoptsOrphans: false },
      ...{ cFunctions: true, title: '', writer: 'test' },
    },
    (message) => {
      messages.push(message);
      hear();
    },
  );
  try {
    await act(running, messages, heard);
  } finally {
    running.stop();
    await running.finished.catch(() => {});
  }
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

test('what cannot be sampled is an error with its code, from the other thread', () =>
  recording(nobody, 1, async ({ finished }, messages) => {
    await assert.rejects(finished, { name: 'PyglassError', code: 'no-such-process' });
    assert.deepEqual(messages, []);
  }));

test('a program that is no Python is watched until it ends', () =>
  withProgram((program, pid) =>
    recording(pid, Number.POSITIVE_INFINITY, async ({ finished }, messages, heard) => {
      await heard;
      program.kill('SIGKILL');
      const { reason, stats, programs, left } = await finished;
      assert.equal(reason, 'target-ended');
      assert.deepEqual([stats.samples, stats.processes, left], [0, 0, []]);
      assert.deepEqual(programs, ['sleep']);
      assert.ok(stats.ticks > 0);
      assert.ok(messages.some(({ kind }) => kind === 'block'));
    }),
  ));

test('a recording that is stopped before there is a program ends', () =>
  recording(0, 1, async (running) => {
    await running.ready;
    running.stop();
    const { reason, stats } = await running.finished;
    assert.deepEqual([reason, stats.samples], ['stopped', 0]);
  }));

test('a program that is started is heard of, and the recording lasts as long as asked', () =>
  withProgram((_, pid) =>
    recording(0, 0.05, async (running) => {
      await running.ready;
      running.started(pid);
      const { reason, programs, left } = await running.finished;
      assert.equal(reason, 'duration');
      assert.deepEqual(programs, ['sleep']);
      assert.ok(left.length <= 1);
    }),
  ));

test('to attach to what is no Python says so', () =>
  withProgram(async (_, pid) => {
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
