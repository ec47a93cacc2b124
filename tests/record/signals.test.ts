import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { Pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { shareInFlamegraph, untilGrown, withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const python = anyPython();

async function whileRecording(act: (run: Pyglass, output: string) => Promise<void>): Promise<void> {
  await withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      const output = `${folder}/x.svg`;
      const run = new Pyglass(['record', '-p', String(pid), '-o', output]);
      try {
        await run.said(/Recording .*process/);
        await untilGrown(`${output}.pyglass`);
        await act(run, output);
      } finally {
        await run.stop();
      }
    }),
  );
}

/** Numbers of the TCP sockets that a process listens on. */
function listening(pid: number): string[] {
  const sockets = new Set(
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => fields[9]),
  );
  return readdirSync(`/proc/${pid}/fd`)
    .map((file) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1];
      } catch {
        return undefined;
      }
    })
    .filter((socket): socket is string => socket !== undefined && sockets.has(socket));
}

test('SIGUSR1 writes what there is so far, opens no port, and the recording goes on', () =>
  whileRecording(async (run, output) => {
    run.child.kill('SIGUSR1');
    await run.said(/Wrote .*x\.svg so far: [\d,]+ samples|Debugger listening/);
    assert.deepEqual(listening(run.child.pid!), []);
    const before = readFileSync(output, 'utf8');
    assert.ok(shareInFlamegraph(before, 'all', 'wait') > 0.1);
    assert.doesNotMatch(before, /cut short/);
    await untilGrown(`${output}.pyglass`);
    run.child.kill('SIGINT');
    const { status, stderr } = await run.outcome();
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /Debugger/);
    assert.notEqual(readFileSync(output, 'utf8'), before);
  }));

test('SIGUSR1 does not end a recording that is the output itself', () =>
  withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      const output = `${folder}/x.pyglass`;
      const run = new Pyglass(['record', '-p', String(pid), '-o', output]);
      try {
        await run.said(/Recording .*process/);
        await untilGrown(output);
        run.child.kill('SIGUSR1');
        await run.said(/recording is in .*x\.pyglass/);
        const size = statSync(output).size;
        await untilGrown(output);
        run.child.kill('SIGTERM');
        assert.equal((await run.outcome()).status, 0);
        assert.ok(statSync(output).size > size);
      } finally {
        await run.stop();
      }
    }),
  ));

for (const signal of ['SIGQUIT', 'SIGUSR2'] as const) {
  test(`${signal} ends the recording and the picture is there`, () =>
    whileRecording(async (run, output) => {
      run.child.kill(signal);
      const { status, stderr } = await run.outcome();
      assert.equal(status, 0, stderr);
      assert.ok(shareInFlamegraph(readFileSync(output, 'utf8'), 'all', 'wait') > 0.1);
    }));
}

test('SIGUSR1 is ignored by commands that have nothing to write', () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const run = new Pyglass(['top', '--once', '-d', '0.5', '-p', String(pid)]);
    try {
      await run.said(/Watching /);
      run.child.kill('SIGUSR1');
      const { status, stderr } = await run.outcome();
      assert.equal(status, 0, stderr);
      assert.doesNotMatch(stderr, /Debugger/);
    } finally {
      await run.stop();
    }
  }));
