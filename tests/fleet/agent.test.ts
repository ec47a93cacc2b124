import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FakeReceiver, type ReceivedProfile, totalOf } from '../support/fake-receiver.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { readPprof } from '../support/read-pprof.js';
import { withFolder } from '../support/recordings.js';
import { freePort, programFile, type Target, withTarget } from '../support/targets.js';

const python = anyPython();
const program = programFile('two_functions.py');
const password = 'hunter2-not-to-be-shown';

/** An agent that profiles these processes alone, in windows of a second. */
async function withAgent(
  targets: readonly Target[],
  args: readonly string[],
  act: (agent: Pyglass) => Promise<void>,
): Promise<void> {
  const mark = targets.length > 0 ? `mark-(${targets.map(markOf).join('|')})` : 'no such process';
  const agent = new Pyglass(['agent', '--window', '1', '--max-cpu', '100%', '--command', mark, ...args]);
  try {
    await act(agent);
  } finally {
    await agent.stop();
  }
}

const marks = new WeakMap<Target, string>();
const markOf = (target: Target) => marks.get(target)!;
let count = 0;

/** A program that no other test's agent profiles. */
function withProgram<T>(
  act: (target: Target) => Promise<T>,
  { env = {}, file = program }: { readonly env?: NodeJS.ProcessEnv; readonly file?: string } = {},
): Promise<T> {
  const mark = `${process.pid}-${++count}-`;
  return withTarget(
    python,
    file,
    (target) => {
      marks.set(target, mark);
      return act(target);
    },
    { args: [`mark-${mark}`, '--password', password], env: { ...process.env, API_TOKEN: password, ...env } },
  );
}

const withPassword = ({ url }: FakeReceiver) => url.replace('//', `//me:${password}@`);

/** By pid, in order of time. */
function byPid(received: readonly ReceivedProfile[]): Map<string, ReceivedProfile[]> {
  const found = new Map<string, ReceivedProfile[]>();
  for (const one of received) {
    const pid = one.labels['pid']!;
    found.set(pid, [...(found.get(pid) ?? []), one]);
  }
  for (const list of found.values()) list.sort((a, b) => a.from - b.from);
  return found;
}

/** Windows of a process neither overlap nor leave gaps, and nothing came twice. */
function assertSeamless(windows: readonly ReceivedProfile[]): void {
  for (const [index, { from }] of windows.entries())
    if (index > 0)
      assert.equal(from, windows[index - 1]!.until, windows.map((one) => `${one.from}-${one.until}`).join());
}

/** Nanoseconds of the main thread's wall time, which is all of it: a window has a second. */
function assertWhole(windows: readonly ReceivedProfile[]): void {
  for (const one of windows) {
    const wall = totalOf([one], 'wall', { thread: 'MainThread' });
    assert.ok(Math.abs(wall - 1e9) < 1e7, `${wall} in ${one.from}`);
  }
}

function logOf(agent: Pyglass): { level: string; message: string; [key: string]: unknown }[] {
  return agent.stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const shown = (value: unknown) =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one));

test('two processes: a profile each for each window, with all of its time, and the last one when it ends', () =>
  withProgram((one) =>
    withProgram(
      async (two) => {
        await using receiver = await FakeReceiver.start();
        await withAgent([one, two], ['--push', withPassword(receiver)], async (agent) => {
          const windows = () => [one, two].map(({ pid }) => byPid(receiver.received).get(`${pid}`) ?? []);
          await receiver.until(() => windows().every((list) => list.length >= 3));
          const before = receiver.received.length;
          agent.child.kill('SIGTERM');
          const { status, stderr } = await agent.outcome();
          assert.equal(status, 0, stderr);
          assert.deepEqual(receiver.errors, []);
          assert.ok(receiver.received.length > before, 'nothing was flushed');
          for (const list of windows()) {
            assertSeamless(list);
            // The first begins in the middle, and the last ends there.
            assertWhole(list.slice(1, -1));
            const names = new Set(
              list.flatMap(({ profile }) =>
                profile.samples.flatMap(({ stack }) => stack.map(({ name }) => name)),
              ),
            );
            for (const name of ['spin', 'wait', 'time.sleep']) assert.ok(names.has(name), name);
            assert.ok(totalOf(list, 'cpu') > 0 && totalOf(list, 'cpu') < totalOf(list, 'wall'));
          }
          const [first, second] = windows().map(([window]) => window!);
          assert.deepEqual([first!.service, second!.service], ['two_functions', 'shop_api']);
          assert.match(first!.labels['python_version']!, /^\d\.\d+/);
          assert.equal(first!.rate, 100);
          assert.match(first!.profile.comments.join(), /100 times a second/);
          assert.equal(logOf(agent)[0]!.message, 'agent started');
          assert.doesNotMatch(
            shown([receiver.received.map(({ headers, ...rest }) => rest), stderr]),
            /hunter2/,
          );
        });
      },
      { env: { OTEL_SERVICE_NAME: 'shop.api' } },
    ),
  ));

test('a receiver of OTLP gets a profile for each window, with all of its time', () =>
  withProgram(
    async (target) => {
      await using receiver = await FakeReceiver.start();
      const args = ['--push', withPassword(receiver), '--push-format', 'otlp', '--host', 'web-1'];
      await withAgent([target], args, async (agent) => {
        await receiver.until(() => receiver.received.length >= 3);
        agent.child.kill('SIGTERM');
        assert.equal((await agent.outcome()).status, 0, agent.stderr);
      });
      assert.deepEqual(receiver.errors, []);
      const windows = receiver.received.toSorted((a, b) => a.from - b.from);
      assertSeamless(windows);
      for (const one of windows) {
        assert.deepEqual(
          [one.service, one.labels['process.pid'], one.labels['host.name'], one.rate],
          ['shop.api', `${target.pid}`, 'web-1', 100],
        );
        assert.match(one.labels['process.runtime.version']!, /^\d\.\d+/);
      }
      for (const one of windows.slice(1, -1)) {
        const wall = totalOf([one], 'wall', { 'thread.name': 'MainThread' });
        assert.ok(Math.abs(wall - 1e9) < 1e7, `${wall}`);
        assert.ok(totalOf([one], 'cpu') > 0 && totalOf([one], 'cpu') < totalOf([one], 'wall'));
      }
    },
    { env: { OTEL_SERVICE_NAME: 'shop.api' } },
  ));

test('a receiver that was down gets everything when it is back, and nothing twice', () =>
  withProgram(async (target) => {
    const port = await freePort();
    await withAgent([target], ['--push', `http://127.0.0.1:${port}`], async (agent) => {
      await agent.said(/cannot push/);
      await using receiver = await FakeReceiver.start(undefined, port);
      await agent.said(/delivered again/);
      await receiver.until(() => receiver.received.length >= 3);
      agent.child.kill('SIGTERM');
      assert.equal((await agent.outcome()).status, 0);
      assertSeamless(byPid(receiver.received).get(`${target.pid}`)!);
      assertWhole(receiver.received.toSorted((a, b) => a.from - b.from).slice(1, -1));
    });
  }));

test('the CPU time of all windows is what the program used by its own clock', () =>
  withProgram(
    async (target) => {
      await using receiver = await FakeReceiver.start();
      await withAgent([target], ['--push', receiver.url], async (agent) => {
        // It is sampled, and uses no CPU time before it is asked nor afterwards: however late samples are made on a
        // busy machine, all of that time lies between two of them.
        await receiver.until(() => receiver.received.length > 0);
        target.say('work');
        const [before, after] = (await target.line()).split(' ').map(Number) as [number, number];
        const end = Date.now() / 1000;
        // A window is sent when something later was sampled.
        await receiver.until(() => receiver.received.some(({ until }) => until > end));
        agent.child.kill('SIGTERM');
        assert.equal((await agent.outcome()).status, 0, agent.stderr);
        const [seen, used] = [totalOf(receiver.received, 'cpu') / 1e9, after - before];
        // Where it runs, more is counted than the kernel has so far: a clock tick.
        assert.ok(Math.abs(seen - used) < 0.05, `${seen} of ${used} s`);
      });
    },
    { file: programFile('bursts.py') },
  ));

test('what a killed agent had not delivered is delivered by the next one', () =>
  withFolder((folder) =>
    withProgram(async (target) => {
      await using receiver = await FakeReceiver.start();
      receiver.always = { status: 429 };
      const args = ['--push', receiver.url, '--queue-folder', `${folder}/queue`];
      const queued = () => readdirSync(`${folder}/queue`).filter((name) => name.endsWith('.profile')).length;
      await withAgent([target], args, async (agent) => {
        await receiver.until(() => receiver.requests >= 2);
        agent.child.kill('SIGKILL');
        await agent.outcome();
      });
      const left = queued();
      assert.ok(left > 0);
      receiver.always = undefined;
      await withAgent([], args, async (agent) => {
        await receiver.until(() => receiver.received.length >= left);
        agent.child.kill('SIGTERM');
        assert.equal((await agent.outcome()).status, 0);
      });
      assertSeamless(byPid(receiver.received).get(`${target.pid}`)!);
      assert.deepEqual([receiver.received.length, queued()], [left, 0]);
    }),
  ));

test('it listens on loopback, tells its figures and gives a profile of a process', () =>
  withProgram((target) =>
    withAgent([target], ['--listen', '0'], async (agent) => {
      await agent.said(/agent started/);
      const address = String(logOf(agent)[0]!['listen']);
      assert.match(address, /^127\.0\.0\.1:\d+$/);
      const get = (path: string) => fetch(`http://${address}${path}`);
      assert.equal(await (await get('/healthz')).text(), 'ok\n');
      assert.match(await (await get('/metrics')).text(), /^pyglass_agent_processes 1$/m);
      const wrong = await get('/debug/pprof/profile?pid=1&seconds=1');
      assert.deepEqual([wrong.status, await wrong.text()], [404, 'process 1 is not sampled\n']);
      assert.match(
        await (await get('/debug/pprof/profile')).text(),
        new RegExp(`pid must be one of: ${target.pid}`),
      );
      assert.equal((await get('/other')).status, 404);
      // The first one may be before it is attached.
      let wall = 0;
      for (let attempt = 0; attempt < 5 && wall === 0; attempt++) {
        const response = await get(`/debug/pprof/profile?pid=${target.pid}&seconds=1`);
        if (response.status !== 200) continue;
        const { samples } = readPprof(gunzipSync(Buffer.from(await response.arrayBuffer())));
        wall = samples.reduce(
          (sum, { values, labels }) => sum + (labels['thread'] === 'MainThread' ? values['wall']! : 0),
          0,
        );
      }
      assert.ok(wall > 0 && wall < 1.01e9, `${wall}`);
    }),
  ));

test('SIGHUP reads the configuration again; one that is wrong changes nothing', () =>
  withFolder((folder) =>
    withProgram(async (target) => {
      await using receiver = await FakeReceiver.start();
      const file = `${folder}/agent.json`;
      writeFileSync(file, JSON.stringify({ service: 'before' }));
      await withAgent([target], ['--push', receiver.url, '--config', file], async (agent) => {
        const has = (service: string) => receiver.received.some((one) => one.service === service);
        await receiver.until(() => has('before'));
        writeFileSync(file, JSON.stringify({ service: 'after', rate: password }));
        agent.child.kill('SIGHUP');
        await agent.said(/the configuration stays as it was/);
        writeFileSync(file, JSON.stringify({ service: 'after', queueLimit: '1MB' }));
        agent.child.kill('SIGHUP');
        await receiver.until(() => has('after'));
        assert.match(agent.stderr, /needs a restart to take effect","options":"queueLimit"/);
        assert.doesNotMatch(agent.stderr, /hunter2/);
      });
    }),
  ));

test('what makes no sense is one error with a remedy', () =>
  withFolder(async (folder) => {
    for (const [args, pattern] of [
      [[], /nowhere to leave profiles[\s\S]*pyglass agent --push/],
      [['--push', `ftp://me:${password}@host`], /must begin with http/],
      [['--folder', folder, '--rate', '0'], /--rate: it must be samples a second/],
      [
        ['--folder', folder, '--listen', '192.0.2.1:80'],
        /cannot listen at 192\.0\.2\.1:80: this machine has no/,
      ],
    ] as const) {
      const { status, stderr } = await pyglass('agent', ...args);
      assert.match(stderr, pattern);
      assert.equal(status, 2, stderr);
      assert.doesNotMatch(stderr, /hunter2|internal/);
    }
  }));

eachPython('the agent profiles processes that begin while it runs', async (of) => {
  await using receiver = await FakeReceiver.start();
  const agent = new Pyglass([
    'agent',
    '--window',
    '1',
    '--max-cpu',
    '100%',
    '--command',
    `mark-${process.pid}-all-`,
    '--push',
    receiver.url,
  ]);
  try {
    await agent.said(/agent started/);
    await withTarget(
      of,
      program,
      async ({ pid }) => {
        const windows = () => byPid(receiver.received).get(`${pid}`) ?? [];
        await receiver.until(() => windows().length >= 3);
        assertSeamless(windows());
        assertWhole(windows().slice(1, -1));
      },
      { args: [`mark-${process.pid}-all-`] },
    );
    assert.deepEqual(receiver.errors, []);
  } finally {
    await agent.stop();
  }
});
