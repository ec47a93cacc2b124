import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { exitCodes } from '../../src/cli/exit-codes.js';
import type { LiveState } from '../../src/model/live-state.js';
import { type Live, withLive } from '../support/live-page.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { freePort, programFile, withTarget } from '../support/targets.js';

const python = anyPython();
const keeps = (pid: number) => readdirSync(tmpdir()).some((name) => name.startsWith(`pyglass-live-${pid}-`));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} ends it, and leaves the process and nothing else`, () =>
    withLive(python, async ({ run, target, url }) => {
      assert.ok(!keeps(run.child.pid!));
      run.child.kill(signal);
      const { status, stdout, stderr } = await run.outcome();
      assert.equal(status, 0, stderr);
      assert.equal(stdout, `${url}\n`, 'standard output has the address and nothing else');
      assert.match(
        stderr,
        /^Sampling .*busy\.py \(process \d+, Python \S+\), 100 samples a second\. Ctrl-C ends it\.\n$/,
      );
      assert.equal(target.child.exitCode, null);
      assert.ok(!keeps(run.child.pid!));
    }));

test('a port that is taken is said, and one that is free is used', () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { status, stdout, stderr } = await pyglass('live', '--port', String(port), '-p', String(pid));
      assert.deepEqual([status, stdout], [exitCodes.usage, '']);
      assert.match(
        stderr,
        new RegExp(`^pyglass: port ${port} is in use\n.*--port.*\n  pyglass live --port \\d+ --pid PID\n$`),
      );
    } finally {
      server.close();
      await once(server, 'close');
    }
    const run = new Pyglass(['live', '--port', String(port), '-p', String(pid)]);
    try {
      assert.match(await run.printed(/^http:\S+\n/), new RegExp(`^http://127\\.0\\.0\\.1:${port}/`));
    } finally {
      await run.stop();
    }
  }));

test('what cannot be sampled has the error of the other commands', async () => {
  const { status, stdout, stderr } = await pyglass('live', '-p', '2147483647');
  assert.deepEqual([status, stdout], [exitCodes.target, '']);
  assert.match(stderr, /^pyglass: /);
  assert.doesNotMatch(stderr, / {4}at /);
  const output = await pyglass('live', '-o', '-', '-p', '1');
  assert.equal(output.status, exitCodes.usage);
});

test('a program that it starts prints where we print, and has its own exit status', () =>
  withFolder(async (folder) => {
    const code = `import sys, time\nprint('said', flush=True)\nt = time.time()\nwhile time.time() < t + 1.5: pass\nsys.exit(3)`;
    const [file, ...words] = python.command;
    const kept = `${folder}/run.pyglass`;
    const run = new Pyglass(['live', '-o', kept, '--', file, ...words, '-c', code]);
    try {
      await run.printed(/said/);
      await run.printed(/http:/);
      await run.said(/Process \d+ ended\. The page stays/);
      run.child.kill('SIGINT');
      const { status, stderr } = await run.outcome();
      assert.equal(status, 3, stderr);
      assert.ok(existsSync(kept));
    } finally {
      await run.stop();
    }
  }));

test('what is no Python ends it, with nothing sampled', async () => {
  const { status, stdout, stderr } = await pyglass('live', '--', 'true');
  assert.deepEqual([status, stdout], [exitCodes.nothingRecorded, '']);
  assert.match(stderr, /Nothing was sampled/);
});

test('an earlier recording stays until there is another', () =>
  withFolder(async (folder) => {
    const kept = `${folder}/run.pyglass`;
    await withLive(
      python,
      async ({ run }) => {
        run.child.kill('SIGINT');
        assert.equal((await run.outcome()).status, 0);
      },
      { args: ['-o', kept] },
    );
    const before = readFileSync(kept);
    const failed = await pyglass('live', '-o', kept, '-p', '2147483647');
    assert.equal(failed.status, exitCodes.target);
    assert.deepEqual(readFileSync(kept), before);
  }));

const reset = async (url: string) =>
  (await fetch(`${url}reset`, { method: 'POST', headers: { origin: new URL(url).origin } })).status;

test('another recording of what it started is of all that it started, in a file that was not there', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/run-2.pyglass`, 'of somebody');
    const words = [...python.command, programFile('busy.py')].join(' ');
    // Not Python itself, and what it starts is below it.
    const shell = ['sh', '-c', `trap 'kill $child' TERM; ${words} & child=$!; wait`];
    const run = new Pyglass(['live', '-s', '-o', `${folder}/run.pyglass`, '--', ...shell]);
    try {
      const url = (await run.printed(/http:\S+/)).trim();
      await events({ url }, ({ version }) => version > 0);
      assert.equal(await reset(url), 202);
      await run.said(/Now sampling/);
      await events({ url }, ({ recording, version }) => recording === 2 && version > 0);
      run.child.kill('SIGTERM');
      const { stderr } = await run.outcome();
      assert.match(stderr, /Wrote .*run\.pyglass .*\nWrote .*run-3\.pyglass /);
      assert.equal(readFileSync(`${folder}/run-2.pyglass`, 'utf8'), 'of somebody');
    } finally {
      await run.stop();
    }
  }));

test('a process that is stopped is shown as such', () =>
  withLive(python, async ({ url, target }) => {
    target.child.kill('SIGSTOP');
    await events({ url }, ({ note }) => note === `Process ${target.pid} is stopped.`);
    target.child.kill('SIGCONT');
    await events({ url }, ({ note }) => note === undefined);
  }));

/** Reads events until one fits. */
async function events({ url }: Pick<Live, 'url'>, fits: (state: LiveState) => boolean): Promise<void> {
  const leaving = new AbortController();
  const answer = await fetch(`${url}events`, { signal: leaving.signal });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the events ended');
      for (const [, json] of value.matchAll(/^data: (.*)$/gm)) if (fits(JSON.parse(json!))) return;
    }
  } finally {
    leaving.abort();
  }
}

/** Asks, and reads no answer. */
async function deaf({ url }: Live, path: string): Promise<Socket> {
  const { port, pathname, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.pause().write(`GET ${pathname}${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return socket;
}

test('who asks and never reads keeps neither the others nor the end from coming', () =>
  withLive(python, async (live) => {
    const sockets: Socket[] = [];
    try {
      for (let at = 0; at < 20; at++)
        sockets.push(await deaf(live, at % 2 === 0 ? 'events' : 'recording?number=1&from=0'));
      const versions: number[] = [];
      await events(live, ({ version }) => versions.push(version) === 3);
      assert.ok(versions[2]! > versions[0]!, `${versions}`);
      live.run.child.kill('SIGINT');
      assert.equal((await live.run.outcome()).status, 0);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  }));
