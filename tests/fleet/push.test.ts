import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readRecording } from '../../src/disk/read-recording.js';
import { selfSigned } from '../support/certificate.js';
import { FakeProxy, proxiedHost } from '../support/fake-proxy.js';
import { FakeReceiver, totalOf } from '../support/fake-receiver.js';
import { environment, Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { partialSuccess } from '../support/read-otlp.js';
import { withFolder } from '../support/recordings.js';
import { freePort, programFile, withTarget } from '../support/targets.js';

const python = anyPython();
const password = 'hunter2-not-to-be-shown';
const withPassword = ({ url }: FakeReceiver) => url.replace('//', `//me:${password}@`);

/** A recording of a second of a busy program. */
function withRun(act: (folder: string, path: string) => Promise<void>): Promise<void> {
  return withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      const path = `${folder}/run.pyglass`;
      const { status, stderr } = await pyglass('record', '-d', '1', '-o', path, '-p', `${pid}`);
      assert.equal(status, 0, stderr);
      await act(folder, path);
    }),
  );
}

test('record pushes what it recorded, and keeps the recording', () =>
  withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      await using receiver = await FakeReceiver.start();
      const output = `${folder}/run.pyglass`;
      const args = ['record', '-d', '1', '-r', '200', '-i', '-o', output, '-p', `${pid}`];
      const { status, stderr, stdout } = await pyglass(...args, '--push', withPassword(receiver));
      assert.equal(status, 0, stderr);
      assert.deepEqual([receiver.errors, stdout], [[], '']);
      assert.doesNotMatch(stderr, /hunter2/);
      assert.match(stderr, new RegExp(`Pushed \\d+ profiles? to ${receiver.url}\\.`));
      const profile = readRecording(output);
      const spent = profile.runs.duration;
      let wall = 0;
      for (let run = 0; run < spent.length; run++) wall += spent.at(run);
      const { received } = receiver;
      assert.ok(Math.abs(totalOf(received, 'wall') / 1000 - wall) < 100, `${wall}`);
      for (const { service, labels, rate, headers } of received) {
        assert.deepEqual([service, labels['pid'], rate], ['busy', `${pid}`, 200]);
        assert.match(labels['python_version']!, /^\d\.\d+\.\d+/);
        assert.match(headers.authorization!, /^Basic /);
      }
      const begin = profile.info.startedAt;
      assert.equal(received[0]!.from, Math.floor(begin / 1000));
      assert.equal(received.at(-1)!.until, Math.ceil((begin + profile.duration / 1000) / 1000));
    }),
  ));

test('report pushes a recording with its own times, and writes nothing', () =>
  withRun(async (folder, path) => {
    await using receiver = await FakeReceiver.start();
    const { startedAt } = readRecording(path).info;
    const args = ['report', path, '--push', receiver.url, '--service', 'shop.api'];
    const { status, stdout, stderr } = await pyglass(...args);
    assert.deepEqual([status, stdout], [0, ''], stderr);
    assert.deepEqual(receiver.errors, []);
    assert.equal(receiver.received[0]!.service, 'shop_api');
    assert.equal(receiver.received[0]!.from, Math.floor(startedAt / 1000));
    assert.deepEqual(readdirSync(folder), ['run.pyglass']);
  }));

test('a recording is pushed to a receiver of OTLP', () =>
  withRun(async (_, path) => {
    await using receiver = await FakeReceiver.start();
    const push = (...more: string[]) => pyglass('report', path, '--push', `${receiver.url}/`, ...more);
    const { status, stderr } = await push('--push-format', 'otlp', '--service', 'shop');
    assert.equal(status, 0, stderr);
    assert.deepEqual(receiver.errors, []);
    assert.equal(receiver.received[0]!.service, 'shop');
    assert.ok(totalOf(receiver.received, 'wall') > 5e8);
    receiver.next.push({ status: 200, text: partialSuccess(1, 'too old') });
    const partly = await push('--push-format', 'otlp');
    assert.equal(partly.status, 0, partly.stderr);
    assert.match(partly.stderr, /The receiver took 1 profile only in part: too old\n/);
    const wrong = await pyglass('report', path, '--push', `${receiver.url}/v1development/profiles`);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /which is for otlp[\s\S]*--push-format otlp/);
  }));

test('what is refused is said once, with a remedy, and the recording stays', () =>
  withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      await using receiver = await FakeReceiver.start();
      receiver.always = { status: 401, text: `who is ${password}?` };
      const output = `${folder}/profile.svg`;
      const args = ['record', '-d', '0.2', '-o', output, '-p', `${pid}`];
      const { status, stderr } = await pyglass(...args, '--push', withPassword(receiver));
      assert.equal(status, 5, stderr);
      assert.ok(existsSync(output));
      assert.ok(existsSync(`${output}.pyglass`));
      assert.match(stderr, /cannot push to http:\/\/127\.0\.0\.1:\d+: the answer was 401: who is <hidden>\?/);
      assert.match(stderr, /pyglass report run\.pyglass --push URL/);
      assert.doesNotMatch(stderr, /hunter2|internal|at .*:\d+:\d+/);
      assert.equal(receiver.requests, 1);
    }),
  ));

test('a receiver that is not there is an error with its cause', () =>
  withRun(async (_, path) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const run = new Pyglass(['report', path, '--push', url]);
    try {
      const { status, stderr } = await run.outcome();
      assert.equal(status, 5);
      assert.match(stderr, /cannot push to .*: nothing listens there/);
    } finally {
      await run.stop();
    }
  }));

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl';

test('a certificate is checked, and one that is known is taken', { skip: noOpenssl }, () =>
  withRun(async (folder, path) => {
    const certificate = selfSigned(folder);
    await using receiver = await FakeReceiver.start(certificate);
    const push = async (more: NodeJS.ProcessEnv) => {
      const run = new Pyglass(['report', path, '--push', receiver.url], { ...environment, ...more });
      try {
        return await run.outcome();
      } finally {
        await run.stop();
      }
    };
    const refused = await push({});
    assert.equal(refused.status, 5);
    assert.match(refused.stderr, /its certificate is signed by itself/);
    assert.equal(receiver.requests, 0);
    const taken = await push({ NODE_EXTRA_CA_CERTS: `${folder}/cert.pem`, PYGLASS_PUSH_TOKEN: password });
    assert.equal(taken.status, 0, taken.stderr);
    assert.equal(receiver.received[0]!.headers.authorization, `Bearer ${password}`);
    assert.doesNotMatch(taken.stderr, /hunter2/);
  }),
);

test('a push goes by the proxy of the environment, encrypted to its end', { skip: noOpenssl }, () =>
  withRun(async (folder, path) => {
    await using receiver = await FakeReceiver.start(selfSigned(folder));
    await using proxy = await FakeProxy.start(`me:${password}`);
    const push = async (host: string, more: NodeJS.ProcessEnv = {}) => {
      const run = new Pyglass(['report', path, '--push', `https://${host}:${receiver.port}`], {
        ...environment,
        ...{ NODE_EXTRA_CA_CERTS: `${folder}/cert.pem`, no_proxy: '' },
        https_proxy: `http://me:${password}@${proxy.address}`,
        ...more,
      });
      try {
        return await run.outcome();
      } finally {
        await run.stop();
      }
    };
    const taken = await push(proxiedHost);
    assert.equal(taken.status, 0, taken.stderr);
    assert.deepEqual(receiver.errors, []);
    // The connection may be made anew.
    const asked = proxy.asked.length;
    assert.deepEqual([...new Set(proxy.asked)], [`CONNECT ${proxiedHost}:${receiver.port}`]);
    const received = receiver.received.length;
    const direct = await push('0.0.0.0', { no_proxy: '0.0.0.0' });
    assert.equal(direct.status, 0, direct.stderr);
    const loopback = await push('127.0.0.1');
    assert.equal(loopback.status, 0, loopback.stderr);
    assert.deepEqual([proxy.asked.length, receiver.received.length], [asked, 3 * received]);
    const wrong = await push(proxiedHost, { https_proxy: `socks5://me:${password}@host` });
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /the proxy in HTTPS_PROXY is not valid/);
    for (const { stderr } of [taken, direct, loopback, wrong])
      assert.doesNotMatch(stderr, /hunter2|internal/);
  }),
);

test('a URL that makes no sense is an error before anything is recorded', () =>
  withFolder(async (folder) => {
    const { status, stderr } = await pyglass(
      ...['record', '-o', `${folder}/x.svg`, '--push', `ftp://me:${password}@host`, '--', 'true'],
    );
    assert.equal(status, 2);
    assert.match(stderr, /must begin with http/);
    assert.doesNotMatch(stderr, /hunter2/);
    assert.deepEqual(readdirSync(folder), []);
  }));

test('no secret of the program is in a profile', () =>
  withFolder((folder) =>
    withTarget(
      python,
      programFile('busy.py'),
      async ({ pid }) => {
        await using receiver = await FakeReceiver.start();
        const args = [
          'record',
          '-d',
          '0.3',
          '-o',
          `${folder}/x.pyglass`,
          '-p',
          `${pid}`,
          '--push',
          receiver.url,
        ];
        assert.equal((await pyglass(...args)).status, 0);
        assert.doesNotMatch(
          JSON.stringify(receiver.received, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
          /hunter2/,
        );
        assert.doesNotMatch(readFileSync(`${folder}/x.pyglass`, 'latin1'), /hunter2/);
      },
      { args: ['--password', password], env: { ...process.env, API_TOKEN: password } },
    ),
  ));
