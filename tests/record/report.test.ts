import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, watch } from 'node:fs';
import { test } from 'node:test';
import { RecordingFile } from '../../src/disk/recording-file.js';
import { RecordingEncoder } from '../../src/recording/recording-encoder.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { withFolder, withRecording } from '../support/recordings.js';
import { shell } from '../support/shell.js';

/** A recording whose every sample has a stack of its own: as collapsed stacks it has some 8 MB. */
function writeLongRecording(path: string): void {
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 1000, title: 'x' });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  const name = 'a_function_with_a_long_name';
  const about = { kind: 'python', name, qualifiedName: name, file: 'x.py', shortFile: 'x.py' } as const;
  const fn = encoder.defineFunction({ ...about, firstLine: 1 });
  for (let tick = 0; tick <= 10_000; tick++) {
    let stack = 0;
    for (let depth = 0; depth < 20; depth++)
      stack = encoder.defineStack(stack, encoder.defineFrame(fn, 1 + ((tick >> depth) % 50)));
    encoder.beginTick(process, tick * 1000);
    if (tick > 0) encoder.sample(thread, stack, 0);
    encoder.endTick();
  }
  encoder.finish(10_000_000);
  const file = new RecordingFile(path, false);
  file.append(encoder.takeBlock()!);
  file.close();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends report, and nothing half written stays`, () =>
    withFolder(async (folder) => {
      writeLongRecording(`${folder}/run.pyglass`);
      mkdirSync(`${folder}/out`);
      const begun = watch(`${folder}/out`);
      const run = new Pyglass(['report', `${folder}/run.pyglass`, '-f', 'raw', '-o', `${folder}/out/x.txt`]);
      try {
        await once(begun, 'change');
        run.child.kill(signal);
        const { status, stderr } = await run.outcome();
        // On a busy machine it may have been whole before the signal came.
        if (status === 0) assert.deepEqual(readdirSync(`${folder}/out`), ['x.txt']);
        else {
          assert.ok(stderr.endsWith(signal), stderr);
          assert.deepEqual(readdirSync(`${folder}/out`), []);
        }
      } finally {
        begun.close();
        await run.stop();
      }
    }));
}

test('a FIFO that nobody writes does not hold report', () =>
  withFolder(async (folder) => {
    const fifo = `${folder}/run.pyglass`;
    execFileSync('mkfifo', [fifo]);
    const run = new Pyglass(['report', fifo, '-o', `${folder}/x.svg`]);
    try {
      while (!isOpening(run.child.pid!)) await new Promise((resolve) => setImmediate(resolve));
      run.child.kill('SIGINT');
      const { stderr } = await run.outcome();
      assert.equal(stderr, 'SIGINT');
    } finally {
      await run.stop();
    }
  }));

/** Its main thread waits within openat(2), which has number 257. */
function isOpening(pid: number): boolean {
  return (
    readFileSync(`/proc/${pid}/syscall`, 'latin1').startsWith('257 ') &&
    /^State:\s+S/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
  );
}

test('another recording is not overwritten with a view', () =>
  withRecording(async (folder, recording) => {
    const other = `${folder}/other.pyglass`;
    copyFileSync(recording, other);
    for (const flags of [[], ['--summary']]) {
      const { status, stderr } = await pyglass('report', recording, ...flags, '-o', other);
      const ending = flags.length > 0 ? '.summary.txt' : '.svg';
      const id = flags.length > 0 ? 'summary' : 'flamegraph';
      assert.deepEqual(
        [status, ...stderr.trimEnd().split('\n')],
        [
          2,
          `pyglass: ${other} is a name for a recording, and what is written is a view of one`,
          'Name it by its format, or give that:',
          `  -o ${folder}/other${ending}`,
          `  -f ${id} -o ${other}`,
        ],
      );
      assert.deepEqual(readFileSync(other), readFileSync(recording));
    }
    assert.equal((await pyglass('report', recording, '-f', 'raw', '-o', other)).status, 0);
  }));

test('an SVG gets no name of another kind of picture', () =>
  withRecording(async (folder, recording) => {
    const picture = `${folder}/profile.PNG`;
    for (const words of [
      ['report', recording],
      ['diff', recording, recording],
      ['record', '-p', '1'],
    ]) {
      const { status, stderr } = await pyglass(...words, '-o', picture);
      assert.deepEqual(
        [status, ...stderr.trimEnd().split('\n')],
        [
          2,
          `pyglass: ${picture} is a name for a picture of another kind: pyglass writes SVG`,
          'Write that; a browser shows and prints it:',
          `  -o ${folder}/profile.svg`,
        ],
      );
      assert.ok(!existsSync(picture));
    }
    assert.equal((await pyglass('report', recording, '-f', 'flamegraph', '-o', picture)).status, 0);
  }));

test('a recording comes from a pipe as from a file', () =>
  withRecording(async (folder, recording) => {
    const whole = (await pyglass('report', recording, '-o', '-')).stdout;
    for (const script of [
      'cat "$1" | pyglass report - -o -',
      'pyglass report - < "$1"',
      'pyglass report <(cat "$1")',
      'pyglass report /dev/stdin -o - < "$1"',
    ]) {
      const { status, stdout, stderr } = await shell(script, recording);
      assert.equal(status, 0, stderr);
      assert.equal(stdout, whole, script);
    }
    const none = await shell('echo nothing | pyglass report -');
    assert.equal(none.status, 6);
    assert.match(none.stderr, /^pyglass: standard input is not a pyglass recording/);
    assert.deepEqual(readdirSync(folder), ['run.pyglass']);
  }));

test('a recording that cannot be reached: one clear error', () =>
  withFolder(async (folder) => {
    symlinkSync('loop', `${folder}/loop.pyglass`);
    symlinkSync('loop.pyglass', `${folder}/loop`);
    const { status, stderr } = await pyglass('report', `${folder}/loop.pyglass`, '-o', '-');
    assert.equal(status, 6);
    assert.match(stderr, /^pyglass: cannot read \S+: its links lead in a circle\n$/);
    const nowhere = await pyglass('report', `${folder}/new/run.pyglass`);
    assert.equal(nowhere.status, 6);
    assert.match(nowhere.stderr, /^pyglass: cannot read \S+: there is no such file or folder\n$/);
  }));
