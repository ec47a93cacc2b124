import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Profile } from '../model/profile.js';
import { RecordingDecoder } from '../recording/recording-decoder.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { otherCpu, otherCpuText } from './other-threads.js';

test('CPU time of threads without Python goes through a recording, the last total counting', () => {
  const encoder = new RecordingEncoder({ writer: 'test', startedAt: 0, rate: 1000, title: '' });
  const decoder = new RecordingDecoder();
  const process = (pid: number) =>
    encoder.defineProcess({ pid, parentPid: 0, commandLine: [], pythonVersion: '' });
  const [a, b] = [process(1), process(2)];
  encoder.otherThreads(a, 'blas\u202e', 1_500_000);
  encoder.otherThreads(a, '', 100_000);
  decoder.feed(encoder.takeBlock()!);
  encoder.otherThreads(a, 'blas\u202e', 2_000_000);
  encoder.otherThreads(b, 'blas\u202e', 50_000);
  decoder.feed(encoder.takeBlock()!);
  const other = otherCpu(decoder.snapshot());
  assert.equal(other.time, 2_150_000);
  assert.deepEqual(
    other.names.map(({ time }) => time),
    [2_050_000, 100_000],
  );
  assert.equal(otherCpuText(other), 'and 2.15 s of CPU time in non-Python threads (blas⟨U+202E⟩)');
  assert.equal(otherCpuText(otherCpu(new Profile())), '');
});
