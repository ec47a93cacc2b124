import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '../model/profile.js';
import { RecordingDecoder } from './recording-decoder.js';
import { RecordingEncoder } from './recording-encoder.js';

const info = { writer: 't', startedAt: 0, rate: 1000, title: 'x' };

function begin() {
  const encoder = new RecordingEncoder(info);
  const process = (pid: number) =>
    encoder.defineProcess({ pid, parentPid: 1, commandLine: [], pythonVersion: '' });
  const [first, second] = [process(7), process(8)];
  const fn = { kind: 'python', qualifiedName: 'f', file: 'f.py', shortFile: 'f.py', firstLine: 1 } as const;
  const stack = encoder.defineStack(0, encoder.defineFrame(encoder.defineFunction({ ...fn, name: 'f' }), 1));
  const request = encoder.defineContext({ kind: 'request', values: { request: '1' }, outer: 0 });
  const look = (of: number, time: number, slots: readonly number[]) => {
    encoder.beginSuspended(of, time);
    for (const slot of slots) encoder.suspended(slot, stack, 2, request);
    encoder.endSuspended();
  };
  return { encoder, first, second, look };
}

function decode(payloads: readonly (Uint8Array | undefined)[]): Profile {
  const decoder = new RecordingDecoder();
  for (const payload of payloads) decoder.feed(payload!);
  return decoder.snapshot();
}

const runsOf = ({ suspended: { runs } }: Profile) =>
  Array.from({ length: runs.stack.length }, (_, run) => [
    runs.thread.at(run),
    runs.start.at(run),
    runs.duration.at(run),
    runs.samples.at(run),
  ]);

test('suspended tasks have times of their own, and are on no thread', () => {
  const { encoder, first, second, look } = begin();
  const slots = [encoder.defineSlot(), encoder.defineSlot(), encoder.defineSlot()] as const;
  look(first, 0, []);
  look(second, 0, []);
  look(first, 100_000, [slots[1], slots[0]]);
  look(second, 150_000, [slots[2]]);
  look(first, 200_000, [slots[0]]);
  const profile = decode([encoder.takeBlock()]);
  assert.deepEqual(runsOf(profile), [
    [0, 0, 100_000, 1],
    [1, 0, 200_000, 2],
    [2, 0, 150_000, 1],
  ]);
  assert.deepEqual(profile.suspended.processes, [0, 0, 1]);
  assert.equal(profile.runs.stack.length, 0);
  assert.equal(profile.threads.length, 0);
  assert.equal(profile.damagedBlocks, 0);
});

test('what a lost block had of them leaves a gap', () => {
  const { encoder, first, look } = begin();
  const slot = encoder.defineSlot();
  look(first, 0, []);
  look(first, 100_000, [slot]);
  const before = encoder.takeBlock();
  look(first, 200_000, [slot]);
  encoder.takeBlock();
  look(first, 300_000, [slot]);
  look(first, 400_000, [slot]);
  const after = encoder.takeBlock();
  assert.deepEqual(runsOf(decode([before, after])), [
    [0, 0, 100_000, 1],
    [0, 200_000, 200_000, 2],
  ]);
});

test('a slot in the tick of another process than before is damage', () => {
  const { encoder, first, second, look } = begin();
  const slot = encoder.defineSlot();
  look(first, 0, [slot]);
  const before = encoder.takeBlock();
  look(second, 1000, [slot]);
  const profile = decode([before, encoder.takeBlock()]);
  assert.equal(profile.damagedBlocks, 1);
});

test('runs that are forgotten go on', () => {
  const { encoder, first, look } = begin();
  const slot = encoder.defineSlot();
  const decoder = new RecordingDecoder();
  look(first, 0, [slot]);
  look(first, 100_000, [slot]);
  decoder.feed(encoder.takeBlock()!);
  decoder.snapshot();
  decoder.forgetRuns();
  look(first, 200_000, [slot]);
  decoder.feed(encoder.takeBlock()!);
  assert.deepEqual(runsOf(decoder.snapshot()), [[0, 100_000, 100_000, 1]]);
});
