import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { withFolder, withRecording } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const python = anyPython();

/** Something that fills the FIFO and reads nothing, once it has said so. */
async function fillAndSleep(fifo: string): Promise<ChildProcess> {
  const script = 'exec 3<> "$1"; head -c 65536 /dev/zero >&3; echo full; exec sleep 1000';
  const child = spawn('bash', ['-c', script, 'bash', fifo], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends the waiting for a FIFO that nobody reads, and nothing is lost`, () =>
    withFolder((folder) =>
      withTarget(python, programFile('busy.py'), async ({ pid }) => {
        const fifo = `${folder}/fifo`;
        execFileSync('mkfifo', [fifo]);
        const run = new Pyglass(['record', '-p', String(pid), '-d', '0.3', '-o', fifo]);
        try {
          await run.said(/Waiting for a reader of .*fifo/);
          run.child.kill(signal);
          const { stderr } = await run.outcome();
          assert.ok(stderr.endsWith(signal), `it died of the signal: ${stderr}`);
          const kept = /recording is in (\S+)\. /.exec(stderr)![1]!;
          assert.match(stderr, new RegExp(`into ${kept}\\.`), 'the place was named at the beginning');
          assert.equal(statSync(dirname(kept)).mode & 0o777, 0o700);
          const report = await pyglass('report', kept, '-o', `${folder}/x.svg`);
          assert.equal(report.status, 0, report.stderr);
          rmSync(dirname(kept), { recursive: true });
        } finally {
          await run.stop();
        }
      }),
    ));
}

test('a FIFO whose reader comes late gets everything, one whose reader sleeps can be left', () =>
  withRecording(async (folder) => {
    const fifo = `${folder}/fifo`;
    execFileSync('mkfifo', [fifo]);
    const late = new Pyglass(['record', '-f', 'speedscope', '-o', fifo, '--', 'true']);
    try {
      await late.said(/Waiting for a reader/);
      const text = execFileSync('cat', [fifo], { encoding: 'utf8' });
      assert.equal(typeof JSON.parse(text), 'object');
      assert.equal((await late.outcome()).status, 7);
    } finally {
      await late.stop();
    }
    await withTarget(python, programFile('busy.py'), async ({ pid }) => {
      const reader = await fillAndSleep(fifo);
      const run = new Pyglass(['record', '-p', String(pid), '-d', '0.3', '-o', fifo]);
      try {
        await run.said(/into /);
        while (!waitsForPipe(run.child.pid!)) await new Promise((resolve) => setImmediate(resolve));
        run.child.kill('SIGINT');
        const { stderr } = await run.outcome();
        const kept = /recording is in (\S+)\. /.exec(stderr)?.[1];
        assert.ok(kept, stderr);
        rmSync(dirname(kept), { recursive: true });
      } finally {
        await run.stop();
        reader.kill('SIGKILL');
      }
    });
  }));

/** One of its threads writes much with write(2), which has number 1. */
function waitsForPipe(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).some((thread) => {
    try {
      const [call, , , length] = readFileSync(`/proc/${pid}/task/${thread}/syscall`, 'latin1').split(' ');
      return call === '1' && Number(length) > 1000;
    } catch {
      return false;
    }
  });
}
