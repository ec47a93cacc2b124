import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  attach,
  type ErrorCode,
  hottestFunctions,
  listPythons,
  ProfileSink,
  PyglassError,
  type Recording,
  type RecordOptions,
  readRecording,
  record,
  render,
  type Sample,
  type Sink,
  samplesOf,
  snapshot,
} from '../../src/index.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const python = anyPython();
const service = programFile('service.py');

const hasCode = (code: ErrorCode) => (error: unknown) => {
  assert.ok(error instanceof PyglassError, String(error));
  assert.equal(error.code, code);
  return true;
};

const isSlow = ({ stack }: Sample) => stack.some(({ name }) => name === 'slow_route');

/** Records until the slow route was seen, however long that takes. */
async function recordSlow(options: RecordOptions): Promise<Recording> {
  let seen = () => {};
  const slow = new Promise<void>((resolve) => {
    seen = resolve;
  });
  const recording = await record({ ...options, onSample: (sample) => isSlow(sample) && seen() });
  await Promise.race([slow, recording.finished]);
  return recording;
}

eachPython('a process is recorded, streamed and looked at', (target) =>
  withTarget(target, service, async ({ pid }) => {
    const streamed: Sample[] = [];
    const growing = new ProfileSink();
    let seen = () => {};
    const slow = new Promise<void>((resolve) => {
      seen = resolve;
    });
    await using recording = await record({
      pid,
      labels: { service: 'shop' },
      sinks: [growing],
      onSample: (sample) => {
        streamed.push(sample);
        if (isSlow(sample)) seen();
      },
    });
    assert.equal(recording.pid, pid);
    await slow;
    assert.equal(recording.profile().complete, false);
    const { reason, stats } = await recording.stop();
    assert.equal(reason, 'stopped');
    const profile = recording.profile();
    assert.equal(profile.complete, true);
    assert.deepEqual(profile.info.labels, { service: 'shop' });
    // What each of them got is the same.
    const total = (samples: Iterable<Sample>) => [...samples].reduce((sum, { count }) => sum + count, 0);
    assert.equal(total(streamed), stats.samples);
    assert.equal(total(samplesOf(profile)), stats.samples);
    assert.equal(total(samplesOf(growing.profile())), stats.samples);
    const [frame] = streamed.find(isSlow)!.stack.filter(({ name }) => name === 'slow_route');
    assert.deepEqual(
      { ...frame, line: 0 },
      {
        ...{ kind: 'python', name: 'slow_route', file: target.place(service), shortFile: 'service.py' },
        ...{ line: 0, firstLine: 6 },
      },
    );
    assert.ok([7, 8].includes(frame!.line), String(frame!.line));
    const hot = hottestFunctions(profile, { count: 100 });
    assert.ok(hot.find(({ name }) => name === 'slow_route')!.totalSeconds > 0);
    assert.ok(Math.abs(hot.reduce((sum, { selfShare }) => sum + selfShare, 0) - 1) < 1e-6);

    const { processes, unread } = await snapshot(pid);
    assert.deepEqual(unread, []);
    assert.equal(processes[0]!.pythonVersion, target.version);
    const server = processes[0]!.threads.find(({ name }) => name === 'server')!;
    assert.equal(server.frames.find(({ kind, name }) => kind === 'python' && name === 'dispatch')!.line, 13);
    assert.equal(server.frames[0]!.variables, undefined);
  }),
);

test('a program is started, and recorded to its end', () =>
  withFolder(async (folder) => {
    // Until its input ends: however slow the machine is, there is something to see.
    const code =
      'import select\ndef slow_route():\n    while not select.select([0], [], [], 0)[0]: pass\nslow_route()';
    await using recording = await recordSlow({
      command: [...python.command, '-c', code],
      spawn: { stdio: ['pipe', 'ignore', 'ignore'] },
      output: `${folder}/run.pyglass`,
    });
    recording.program!.stdin!.end();
    assert.equal((await recording.finished).reason, 'target-ended');
    assert.equal(recording.pid, recording.program!.pid);
    const profile = recording.profile();
    assert.match(profile.info.title, /slow_route/);
    assert.ok(hottestFunctions(profile, { applicationOnly: true }).some(({ name }) => name === 'slow_route'));
  }));

test('a file has all that was recorded, and its bytes are as good', () =>
  withFolder((folder) =>
    withTarget(python, service, async ({ pid }) => {
      const output = `${folder}/run.pyglass`;
      {
        await using recording = await recordSlow({ pid, output });
        assert.ok(readRecording(output).runs.thread.length > 0);
        // Somebody else may not record into it meanwhile.
        await assert.rejects(record({ pid, output }), hasCode('recording-in-use'));
        assert.ok(recording.profile().runs.thread.length > 0);
      }
      const profile = readRecording(output);
      assert.equal(profile.complete, true);
      const raw = [...render(profile, 'raw')].join('');
      assert.match(raw, /slow_route/);
      assert.equal([...render(readRecording(readFileSync(output)), 'raw')].join(''), raw);
      // It is free again, and what is in it stays until there is something new.
      await assert.rejects(record({ pid: process.pid, output }), hasCode('not-python'));
      assert.equal(readRecording(output).complete, true);
    }),
  ));

test('what is disposed of is closed, and its profile no longer there', () =>
  withTarget(python, service, async ({ pid }) => {
    const recording = await recordSlow({ pid });
    await recording[Symbol.asyncDispose]();
    await recording[Symbol.asyncDispose]();
    assert.equal((await recording.finished).reason, 'stopped');
    assert.throws(() => recording.profile(), hasCode('recording-closed'));
  }));

test('a signal ends the recording, or keeps it from beginning', () =>
  withFolder((folder) =>
    withTarget(python, service, async ({ pid }) => {
      const controller = new AbortController();
      await using recording = await recordSlow({ pid, signal: controller.signal });
      controller.abort();
      assert.equal((await recording.finished).reason, 'stopped');
      assert.ok(hottestFunctions(recording.profile()).length > 0);

      const output = `${folder}/run.pyglass`;
      const { signal } = controller;
      await assert.rejects(record({ pid, output, signal }), hasCode('aborted'));
      await assert.rejects(attach(pid, { signal }), hasCode('aborted'));
      await assert.rejects(snapshot(pid, { signal }), hasCode('aborted'));
      await assert.rejects(listPythons({ signal }), hasCode('aborted'));
      const soon = new AbortController();
      const begun = record({ command: ['touch', `${folder}/started`], output, signal: soon.signal });
      soon.abort();
      await assert.rejects(begun, hasCode('aborted'));
      assert.deepEqual(readdirSync(folder), []);
    }),
  ));

test('what a callback throws costs the recording nothing', () =>
  withTarget(python, service, async ({ pid }) => {
    let calls = 0;
    const growing = new ProfileSink();
    await using recording = await record({
      pid,
      duration: 1,
      sinks: [growing],
      onSample: () => {
        calls++;
        throw new Error('mine');
      },
    });
    await assert.rejects(recording.finished, /mine/);
    assert.equal(calls, 1);
    assert.equal(recording.profile().complete, true);
    assert.equal(growing.profile().complete, true);

    const errors: string[] = [];
    const broken: Sink = {
      name: 'broken',
      write: () => {
        throw new Error('full');
      },
      close: () => Promise.reject(new Error('closed')),
    };
    await using handled = await record({
      pid,
      duration: 0.5,
      sinks: [broken],
      onSinkError: (error, { name }) => errors.push(`${name}: ${error}`),
    });
    assert.equal((await handled.finished).reason, 'duration');
    assert.deepEqual(errors, ['broken: Error: full', 'broken: Error: closed']);
  }));

test('sampling ends when no sink is left', () =>
  withTarget(python, service, async ({ pid }) => {
    await using sampling = await attach(pid, {
      onSample: () => {
        throw new Error('mine');
      },
    });
    await assert.rejects(sampling.finished, /mine/);
  }));

test('what cannot be is a PyglassError, and leaves nothing behind', () =>
  withFolder(async (folder) => {
    const output = `${folder}/run.pyglass`;
    const refused = async (options: RecordOptions, code: ErrorCode) => {
      await assert.rejects(record({ output, ...options }), hasCode(code));
      assert.equal(existsSync(output), false);
    };
    await refused({ pid: 2 ** 22 + 1 }, 'no-such-process');
    await refused({ pid: process.pid }, 'not-python');
    await refused({ command: [`${folder}/none`] }, 'program-not-found');
    writeFileSync(`${folder}/text`, '');
    await refused({ command: [`${folder}/text`] }, 'program-not-started');
    await refused({}, 'bad-option');
    await refused({ pid: 1, command: ['true'] }, 'bad-option');
    await refused({ command: [] }, 'bad-option');
    for (const pid of [0, -1, 1.5, Number.NaN]) await refused({ pid }, 'bad-option');
    for (const rate of [0, -1, 2e6, Number.NaN]) await refused({ pid: 1, rate }, 'bad-option');
    for (const duration of [0, -1, Number.NaN]) await refused({ pid: 1, duration }, 'bad-option');
    await refused({ pid: 1, labels: { long: 'x'.repeat(10_000) } }, 'bad-option');
    await refused({ pid: 1, labels: { not: 1 as unknown as string } }, 'bad-option');
    await refused({ pid: 1, output: '-' }, 'bad-option');
    await refused({ pid: 1, output: '/dev/null' }, 'bad-option');
    await assert.rejects(snapshot(process.pid), hasCode('not-python'));
    assert.throws(() => readRecording(`${folder}/none`), hasCode('file-not-found'));
    assert.throws(() => readRecording(new Uint8Array(20)), hasCode('not-a-recording'));
    assert.throws(() => readRecording('-'), hasCode('file-not-found'));
  }));

test('a file that cannot be written is reported at once', () =>
  withTarget(python, service, async ({ pid }) => {
    await assert.rejects(record({ pid, output: '/proc/none/run.pyglass' }), hasCode('file-not-found'));
  }));

test('the list of Pythons has the process, and secrets are hidden but for those who ask', () =>
  withTarget(python, service, async ({ pid }) => {
    const found = (await listPythons()).find((one) => one.pid === pid)!;
    assert.deepEqual([found.version, found.readable, found.kind], [python.version, true, 'script']);
    const keyShown = async (showSecrets: boolean) => {
      // It is between two calls now and then.
      for (;;) {
        const { processes } = await snapshot(pid, { locals: true, showSecrets });
        const frames = processes[0]!.threads.flatMap((thread) => thread.frames);
        const variables = frames.find(({ name }) => name === 'slow_route')?.variables;
        const secret = variables?.find(({ name }) => name === 'api_key');
        if (secret) return secret.value;
      }
    };
    assert.equal(await keyShown(false), '<hidden str>');
    assert.equal(await keyShown(true), "'sk-not-to-be-shown'");
  }));
