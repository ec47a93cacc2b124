import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { untilGrown, withFolder, withRecording } from '../support/recordings.js';
import { shell } from '../support/shell.js';
import { programFile, withTarget } from '../support/targets.js';

const python = anyPython();

/** Starts recording a busy program into `name` and calls `act` once there is something on disk at `grows`. */
function whileRecording(
  name: string,
  grows: string,
  act: (run: Pyglass, folder: string, pid: number) => Promise<void>,
): Promise<void> {
  return withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      const run = new Pyglass(['record', '-p', String(pid), '-o', `${folder}/${name}`]);
      try {
        await run.said(/Recording .*process/);
        await untilGrown(`${folder}/${grows}`);
        await act(run, folder, pid);
      } finally {
        await run.stop();
      }
    }),
  );
}

const takings: Readonly<Record<string, (path: string) => void>> = {
  removed: (path) => rmSync(path),
  moved: (path) => renameSync(path, `${path}.elsewhere`),
  replaced: (path) => {
    rmSync(path);
    writeFileSync(path, 'other');
  },
};
for (const [taken, take] of Object.entries(takings)) {
  for (const [output, grows] of [
    ['x.txt', 'x.txt.pyglass'],
    ['x.pyglass', 'x.pyglass'],
  ] as const) {
    test(`a recording into ${output} that is ${taken} while it grows is not lost`, () =>
      whileRecording(output, grows, async (run, folder) => {
        take(`${folder}/${grows}`);
        run.child.kill('SIGINT');
        const { status, stderr } = await run.outcome();
        assert.equal(status, 0, stderr);
        assert.match(stderr, /Wrote/);
        const from = `${folder}/${output}`;
        const text = output.endsWith('.txt')
          ? readFileSync(from, 'utf8')
          : (await pyglass('report', from, '-f', 'raw', '-o', '-')).stdout;
        assert.match(text, /wait \(busy\.py:\d+\)/);
      }));
  }
}

test('a recording that is removed before its output fails is saved under another name', () =>
  withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      execFileSync('mkfifo', [`${folder}/fifo`]);
      const run = new Pyglass(['record', '-p', String(pid), '-d', '0.3', '-o', `${folder}/fifo`]);
      try {
        await run.said(/Waiting for a reader/);
        const temporary = /into (\S+)\.\n/.exec(run.stderr)![1]!;
        rmSync(dirname(temporary), { recursive: true });
        run.child.kill('SIGTERM');
        const { stderr } = await run.outcome();
        const kept = /recording is in (\S+)\. /.exec(stderr)![1]!;
        const report = await pyglass('report', kept, '-f', 'raw', '-o', '-');
        assert.match(report.stdout, /wait \(busy\.py:\d+\)/);
        rmSync(dirname(kept), { recursive: true });
      } finally {
        await run.stop();
      }
    }),
  ));

test('a recording of an earlier run that was killed is named at the next start', () =>
  whileRecording('x.svg', 'x.svg.pyglass', async (run, folder, pid) => {
    // It still grows: it is no one's to report.
    const beside = await pyglass('record', '-p', String(pid), '-d', '0.2', '-o', `${folder}/x.svg`);
    assert.equal(beside.status, 0);
    assert.match(beside.stderr, /into .*\/x\.svg\.2\.pyglass/);
    assert.doesNotMatch(beside.stderr, /Left behind/);
    await run.stop();
    const { stderr } = await pyglass('record', '-p', String(pid), '-d', '0.2', '-o', `${folder}/x.svg`);
    assert.match(stderr, /Left behind by an earlier run: .*\/x\.svg\.pyglass\. To view it:\n/);
    assert.deepEqual(readdirSync(folder).sort(), ['x.svg', 'x.svg.pyglass']);
  }));

test('two cannot record into one file', () =>
  whileRecording('x.pyglass', 'x.pyglass', async (run, folder, pid) => {
    symlinkSync('x.pyglass', `${folder}/link.pyglass`);
    for (const name of ['x', 'link']) {
      const args = ['record', '-p', String(pid), '-d', '0.3', '-o', `${folder}/${name}.pyglass`];
      const second = await pyglass(...args);
      assert.equal(second.status, 5);
      assert.match(second.stderr, /another pyglass records into it/);
      assert.doesNotMatch(second.stderr, /Recording /);
    }
    run.child.kill('SIGINT');
    assert.equal((await run.outcome()).status, 0);
    const report = await pyglass('report', `${folder}/x.pyglass`, '-f', 'raw', '-o', '-');
    assert.doesNotMatch(report.stderr, /damaged|cut short/);
    assert.match(report.stdout, /wait \(busy\.py:\d+\)/);
  }));

test('an earlier recording is lost only when there is another', () =>
  withRecording(async (_, recording) => {
    const before = readFileSync(recording);
    const { status } = await pyglass('record', '-p', String(process.pid), '-o', recording);
    assert.equal(status, 3);
    assert.deepEqual(readFileSync(recording), before);
    assert.equal((await pyglass('record', '-o', recording, '--', 'true')).status, 7);
    assert.notDeepEqual(readFileSync(recording), before);
  }));

test('where not even the first sample can be written, no file stays', () =>
  withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      for (const name of ['x.svg', 'x.pyglass']) {
        const { status, stderr } = await shell(
          'trap "" XFSZ; ulimit -f 0; pyglass record -d 0.3 -p "$1" -o "$2"; exit $?',
          String(pid),
          `${folder}/${name}`,
        );
        assert.equal(status, 5, stderr);
        assert.match(stderr, /larger than is allowed/);
        assert.deepEqual(readdirSync(folder), []);
      }
    }),
  ));
