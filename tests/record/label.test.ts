import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { RecordingFile } from '../../src/disk/recording-file.js';
import { RecordingEncoder } from '../../src/recording/recording-encoder.js';
import { pyglass } from '../support/pyglass.js';
import { withFolder } from '../support/recordings.js';

/** 30 ms of job 1, 20 ms of job 2, 10 ms of none. */
function writeLabelledRecording(path: string): void {
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 100, title: 'x' });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  const about = { kind: 'python', name: 'f', qualifiedName: 'f', file: 'x.py', shortFile: 'x.py' } as const;
  const fn = encoder.defineFunction({ ...about, firstLine: 1 });
  const stack = encoder.defineStack(0, encoder.defineFrame(fn, 1));
  const [one, two] = ['1', '2'].map((job) =>
    encoder.defineContext({ kind: 'labels', values: { job }, outer: 0 }),
  );
  for (const [tick, context] of [undefined, one!, one!, one!, two!, two!, 0].entries()) {
    encoder.beginTick(process, tick * 10_000);
    if (context !== undefined) encoder.sample(thread, stack, 1, context);
    encoder.endTick();
  }
  encoder.finish(60_000);
  const file = new RecordingFile(path, false);
  file.append(encoder.takeBlock()!);
  file.close();
}

test('report --label has a root frame for each value, or shows one of them alone', () =>
  withFolder(async (folder) => {
    const recording = `${folder}/run.pyglass`;
    writeLabelledRecording(recording);
    const report = async (...flags: string[]) => {
      const { status, stdout, stderr } = await pyglass('report', recording, '-o', '-', ...flags);
      assert.equal(status, 0, stderr);
      return stdout;
    };
    const whole = 'job: 1;f (x.py:1) 3\njob: 2;f (x.py:1) 2\nno job;f (x.py:1) 1\n';
    assert.equal(await report('-f', 'raw', '--label', 'job'), whole);
    assert.equal(await report('-f', 'raw', '--label', 'job=2'), 'job: 2;f (x.py:1) 2\n');
    assert.equal(await report('-f', 'raw', '--label', 'job='), '');
    assert.match(await report('--label', 'job=3', '-f', 'flamegraph'), /No sample has the label job=3/);
    assert.match(await report('--label', 'job=2', '-f', 'flamegraph'), /Only samples with the label job=2/);
    const summary = JSON.parse(await report('--label', 'job=2', '--json'));
    assert.equal(Math.round(summary.time.shownSeconds * 100), 2);
  }));

for (const command of ['record', 'report', 'top']) {
  test(`${command} wants the name of a label`, async () => {
    const { status, stderr } = await pyglass(command, '--label', '=1', 'x');
    assert.equal(status, exitCodes.usage, stderr);
    assert.match(stderr, /the name of a label, or name=value/);
  });
}
