import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '../model/profile.js';
import { RecordingDecoder } from './recording-decoder.js';
import { RecordingEncoder } from './recording-encoder.js';

function begin() {
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 1000, title: 'x' });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const thread = () => encoder.defineThread({ process, threadId: 7, name: '', interpreter: 0 });
  return { encoder, thread };
}

const stepsOf = ({ longSteps: { thread, start, duration } }: Profile) =>
  Array.from({ length: thread.length }, (_, row) => [thread.at(row), start.at(row), duration.at(row)]);

test('steps of event loops are kept, with the thread whose loop it was', () => {
  const { encoder, thread } = begin();
  const [first, second] = [thread(), thread()];
  encoder.longStep(second, 1000.4, 50_000);
  encoder.longStep(first, 2 ** 40, 120_000);
  const decoder = new RecordingDecoder();
  decoder.feed(encoder.takeBlock()!);
  encoder.longStep(first, 2 ** 41, 10_000);
  decoder.feed(encoder.takeBlock()!);
  const profile = decoder.snapshot();
  assert.deepEqual(stepsOf(profile), [
    [1, 1000, 50_000],
    [0, 2 ** 40, 120_000],
    [0, 2 ** 41, 10_000],
  ]);
  decoder.forgetRuns();
  assert.deepEqual(stepsOf(profile), []);
});

test('a step of a thread whose definition was lost is left out', () => {
  const { encoder, thread } = begin();
  const lost = thread();
  encoder.takeBlock();
  const kept = thread();
  encoder.longStep(lost, 0, 50_000);
  encoder.longStep(kept, 9, 60_000);
  const decoder = new RecordingDecoder();
  decoder.feed(encoder.takeBlock()!);
  assert.deepEqual(stepsOf(decoder.snapshot()), [[0, 9, 60_000]]);
});
