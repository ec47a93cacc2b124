import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { shareInFlamegraph, untilGrown, withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const python = anyPython();

/** Starts recording a busy program and calls `act` once the first samples are on disk. */
async function whileRecording(
  act: (run: Pyglass, folder: string, started: number) => Promise<void>,
): Promise<void> {
  await withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      const run = new Pyglass(['record', '-p', String(pid), '-o', `${folder}/x.svg`]);
      try {
        await run.said(/Recording .*process/);
        const started = Date.now();
        // Half a second of sampling and more is on disk when the file has grown twice.
        const recording = `${folder}/x.svg.pyglass`;
        await until(() => existsSync(recording) && readFileSync(recording).length > 500);
        await act(run, folder, started);
      } finally {
        await run.stop();
      }
    }),
  );
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const durationOf = (svg: string) =>
  Number(/for ([\d.]+) (?:m?)s/.exec(svg)![1]) * (/for [\d.]+ ms/.test(svg) ? 1 : 1000);

test('kill -9 loses at most the last second', () =>
  whileRecording(async (run, folder, started) => {
    const lasted = Date.now() - started;
    await run.stop();
    const { status, stderr } = await pyglass('report', `${folder}/x.svg.pyglass`, '-o', `${folder}/y.svg`);
    assert.equal(status, 0);
    assert.match(stderr, /was cut short/);
    const svg = readFileSync(`${folder}/y.svg`, 'utf8');
    assert.match(svg, /cut short/);
    assert.ok(shareInFlamegraph(svg, 'all', 'wait') > 0.3);
    assert.ok(durationOf(svg) > lasted - 1000, `${durationOf(svg)} of ${lasted} ms`);
  }));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends the recording and the picture is there`, () =>
    whileRecording(async (run, folder) => {
      run.child.kill(signal);
      const { status, stderr } = await run.outcome();
      assert.equal(status, 0, stderr);
      assert.deepEqual(readdirSync(folder), ['x.svg']);
      assert.ok(shareInFlamegraph(readFileSync(`${folder}/x.svg`, 'utf8'), 'all', 'wait') > 0.3);
      assert.match(stderr, /Wrote .*x\.svg: [\d,]+ samples/);
      assert.match(stderr, / time\.sleep$/m);
    }));
}

test('Ctrl-C twice loses nothing', () =>
  whileRecording(async (run, folder) => {
    run.child.kill('SIGINT');
    run.child.kill('SIGINT');
    const { status } = await run.outcome();
    assert.equal(status, 0);
    assert.deepEqual(readdirSync(folder), ['x.svg']);
  }));

test('the end of the target is the end of the recording', () =>
  withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async (target) => {
      const run = new Pyglass(['record', '-p', String(target.pid), '-o', `${folder}/x.svg`]);
      try {
        await run.said(/Recording /);
        await untilGrown(`${folder}/x.svg.pyglass`);
        await target.stop();
        const { status } = await run.outcome();
        assert.equal(status, 0);
        assert.deepEqual(readdirSync(folder), ['x.svg']);
      } finally {
        await run.stop();
      }
    }),
  ));

test('a target that becomes another program is left alone', () =>
  withFolder(async (folder) => {
    const code =
      'import os, sys\nprint("ready", flush=True)\nsys.stdin.readline()\nos.execvp("sleep", ["sleep", "100"])';
    await withTarget(python, { code }, async (target) => {
      const run = new Pyglass([
        'record',
        '-i',
        '-d',
        '1.5',
        '-p',
        String(target.pid),
        '-o',
        `${folder}/x.txt`,
      ]);
      try {
        await run.said(/Recording /);
        await untilGrown(`${folder}/x.txt.pyglass`);
        target.say('go');
        const { status } = await run.outcome();
        assert.equal(status, 0);
      } finally {
        await run.stop();
      }
    });
  }));

test('a full disk is said, with what is kept', () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const { status, stderr } = await pyglass('record', '-p', String(pid), '-d', '0.5', '-o', '/dev/full');
    assert.equal(status, 5);
    assert.match(stderr, /the disk is full/);
    const kept = /recording is in (\S+)\./.exec(stderr)?.[1];
    assert.ok(kept, stderr);
    await withFolder(async (folder) => {
      const report = await pyglass('report', kept, '-o', `${folder}/x.svg`);
      assert.equal(report.status, 0, report.stderr);
    });
    rmSync(dirname(kept), { recursive: true });
  }));

eachPython('a started program is recorded and its exit status becomes ours', async (started) => {
  await withFolder(async (folder) => {
    const program = started.place(programFile('exits.py'));
    const { status, stderr } = await pyglass(
      'record',
      '-o',
      `${folder}/x.svg`,
      '--',
      ...started.command,
      program,
      '7',
    );
    assert.equal(status, 7, stderr);
    assert.ok(shareInFlamegraph(readFileSync(`${folder}/x.svg`, 'utf8'), 'all', '<module>') > 0.9);
  });
});

test('a started program that a signal ends gives 128 and its number', () =>
  withFolder(async (folder) => {
    const { status } = await pyglass('record', '-o', `${folder}/x.svg`, '--', 'sh', '-c', 'kill -TERM $$');
    assert.equal(status, 143);
  }));

test('with nothing to sample there is a valid file that says so', () =>
  withFolder(async (folder) => {
    const { status, stderr } = await pyglass('record', '-o', `${folder}/x.svg`, '--', 'true');
    assert.equal(status, 7, stderr);
    assert.match(readFileSync(`${folder}/x.svg`, 'utf8'), /Nothing was sampled/);
  }));
