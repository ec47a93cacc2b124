import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { descendantsOf } from '../../src/process/linux-process.js';
import { type DumpedProcess, dumpJson, dumpText } from '../support/dumps.js';
import { type PythonWithPackages, withPackages } from '../support/packages.js';
import { anyPython } from '../support/pythons.js';
import { freePort, programFile } from '../support/targets.js';

const workers = 3;
const longestStart = 60_000;

test('a hung gunicorn: what each worker does and waits for', async (context) => {
  let gunicorn: PythonWithPackages;
  try {
    gunicorn = withPackages(anyPython(), ['gunicorn']);
  } catch (error) {
    context.skip(`gunicorn could not be installed: ${String((error as Error).message).split('\n')[0]}`);
    return;
  }
  const { python, env } = gunicorn;
  const port = await freePort();
  const [file, ...words] = python.command;
  const app = ['--chdir', programFile(''), 'hung:app'];
  const flags = ['--workers', String(workers), '--timeout', '600', '--bind', `127.0.0.1:${port}`];
  const arbiter = spawn(file, [...words, '-m', 'gunicorn', ...flags, ...app], { env, stdio: 'ignore' });
  const exited = once(arbiter, 'exit');
  const requests: ReturnType<typeof connect>[] = [];
  try {
    const ways = ['sleep', 'lock', 'upstream'];
    await answering(port, () => arbiter.exitCode !== null);
    // Each keeps a worker for good, so the next is another's.
    for (const way of ways) {
      const request = connect(port, '127.0.0.1');
      request.on('error', () => {});
      requests.push(request);
      request.write(`GET /${way} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer hush-hush\r\n\r\n`);
    }
    const inHand = (processes: readonly DumpedProcess[]) =>
      processes
        .flatMap(({ threads }) => threads)
        .filter(({ frames }) => frames.some(({ name }) => name === 'app'));
    let processes: readonly DumpedProcess[] = [];
    const deadline = Date.now() + longestStart;
    while (inHand(processes).filter(({ state }) => state === 'waiting').length < workers) {
      assert.ok(Date.now() < deadline, 'the requests did not reach the workers');
      processes = await dumpJson(arbiter.pid!, '-s', '--locals');
      await pause(20);
    }
    const waits = new Map(
      inHand(processes).map(({ frames, waitingFor }) => [
        frames.find(({ name }) => name.startsWith('hang_'))?.name,
        waitingFor,
      ]),
    );
    assert.equal(waits.get('hang_sleep'), 'sleeping');
    assert.equal(waits.get('hang_lock'), 'waiting for a lock');
    assert.match(waits.get('hang_upstream') ?? '', /^waiting for data from a socket \(file \d+\)$/);
    assert.equal(processes.length, 1 + workers);
    const text = await dumpText(arbiter.pid!, '-s', '--locals');
    assert.match(text, /'PATH_INFO': '\/sleep'|path: '\/sleep'/);
    assert.doesNotMatch(text, /hush-hush/);
  } finally {
    for (const request of requests) request.destroy();
    const children = descendantsOf(arbiter.pid!);
    arbiter.kill('SIGKILL');
    await exited;
    for (const child of children) process.kill(child, 'SIGKILL');
  }
});

/** There is no pipe from the workers, so the port is asked until it answers. */
async function answering(port: number, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + longestStart;
  for (;;) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/`)).text();
      return;
    } catch (error) {
      if (ended() || Date.now() > deadline) throw new Error('gunicorn did not come up', { cause: error });
      await pause(20);
    }
  }
}
