import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunFlag } from '../model/profile.js';
import { RecordingDecoder } from './recording-decoder.js';
import { RecordingEncoder } from './recording-encoder.js';

function begin() {
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 1000, title: 'x' });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const fn = { kind: 'python', qualifiedName: 'f', file: 'f.py', shortFile: 'f.py', firstLine: 1 } as const;
  const stack = encoder.defineStack(0, encoder.defineFrame(encoder.defineFunction({ ...fn, name: 'f' }), 1));
  const of = { process, interpreter: 0 };
  const thread = encoder.defineThread({ ...of, threadId: 7, name: 'main' });
  const row = encoder.defineThread({ ...of, threadId: 0, name: 'handler', isTask: true });
  const decoder = new RecordingDecoder();
  const tick = (time: number) => {
    encoder.beginTick(process, time);
    encoder.sample(thread, stack, RunFlag.running);
    encoder.endTick();
  };
  const look = (time: number, isThere = true) => {
    encoder.beginTasks(process, time);
    if (isThere) encoder.task(row, stack, RunFlag.waiting, 0);
    encoder.endTasks();
  };
  /** Thread, start, duration and samples of the runs so far. */
  const runs = () => {
    for (let block = encoder.takeBlock(); block; block = encoder.takeBlock()) decoder.feed(block);
    const { runs } = decoder.snapshot();
    return Array.from({ length: runs.stack.length }, (_, run) => [
      runs.thread.at(run),
      runs.start.at(run),
      runs.duration.at(run),
      runs.samples.at(run),
    ]);
  };
  return { encoder, decoder, tick, look, runs };
}

test('rows of tasks are among those of threads, at times of their own', () => {
  const { decoder, tick, look, runs } = begin();
  look(0, false);
  tick(0);
  tick(1024);
  tick(2048);
  look(2048);
  tick(3072);
  look(150_000);
  look(200_000, false);
  assert.deepEqual(
    runs().sort(([a], [b]) => a! - b!),
    [
      [0, 0, 3072, 4],
      [1, 0, 150_000, 2],
    ],
  );
  const { threads, damagedBlocks, duration } = decoder.snapshot();
  assert.deepEqual(
    threads.map(({ name, isTask }) => [name, isTask]),
    [
      ['main', undefined],
      ['handler', true],
    ],
  );
  assert.equal(damagedBlocks, 0);
  assert.equal(duration, 200_000);
});

test('runs of threads and of tasks that are forgotten go on, each from its own last time', () => {
  const { decoder, tick, look, runs } = begin();
  look(0);
  tick(0);
  tick(90_000);
  look(100_000);
  runs();
  decoder.forgetRuns();
  tick(110_000);
  look(200_000);
  assert.deepEqual(
    runs().sort(([a], [b]) => a! - b!),
    [
      [0, 90_000, 20_000, 1],
      [1, 100_000, 100_000, 1],
    ],
  );
});

test('a row of tasks whose definition was lost is one still, and no thread', () => {
  const { encoder, decoder, tick, look, runs } = begin();
  const definitions = encoder.takeBlock();
  assert.ok(definitions);
  decoder.skipDamaged();
  look(0);
  tick(0);
  tick(1024);
  look(1024);
  runs();
  const { threads } = decoder.snapshot();
  assert.deepEqual(
    threads.map(({ name, isTask }) => [name, isTask]),
    [
      ['<lost>', undefined],
      ['<lost>', true],
    ],
  );
});
