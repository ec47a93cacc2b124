import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { selfSigned } from '../../tests/support/certificate.js';
import { FakeProxy, proxiedHost } from '../../tests/support/fake-proxy.js';
import { FakeReceiver } from '../../tests/support/fake-receiver.js';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { withFolder } from '../../tests/support/recordings.js';
import { defaultView } from '../analysis/view-options.js';
import { PyglassError } from '../model/error.js';
import { type ReceiverId, receiverIds } from '../model/receiver-id.js';
import { proxyFor } from './push-proxy.js';
import { pushTarget } from './push-target.js';
import { profileMessage } from './recording-messages.js';
import { sendProfile } from './send-profile.js';

const message = profileMessage(profileFromText('f'), defaultView, { service: 'shop', labels: {} })!;

/** Where a proxy finds the receiver. */
const proxied = ({ url }: FakeReceiver) => url.replace('127.0.0.1', proxiedHost);

/** Sends a profile with these variables. */
function send(url: string, environment: Record<string, string>, format: ReceiverId = 'pyroscope') {
  const target = pushTarget(url, { format, environment });
  return sendProfile(target, message, { fetch, timeout: 10_000, now: Date.now });
}

test('the proxy is that of the scheme, where it is not excluded', () => {
  const both = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };
  for (const [url, environment, proxy] of [
    ['https://host/x', both, 'http://secure:1'],
    ['http://host/x', both, 'http://plain:2'],
    ['https://host', { HTTP_PROXY: 'http://plain:2' }, undefined],
    ['https://host', { HTTPS_PROXY: ' ' }, undefined],
    ['https://host', { HTTPS_PROXY: 'http://large:1', https_proxy: 'http://small:1' }, 'http://small:1'],
    ['https://host', { HTTPS_PROXY: 'http://large:1', https_proxy: '' }, undefined],
    ['https://host', { HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128'],
    ['https://host', { HTTPS_PROXY: 'https://proxy' }, 'https://proxy'],
  ] as const)
    assert.equal(proxyFor(new URL(url), environment)?.shown, proxy, url);
});

test('NO_PROXY names hosts, what ends in them, addresses and ports', () => {
  for (const [list, url, isExcluded] of [
    ['*', 'https://host', true],
    ['host', 'https://host', true],
    ['other, HOST', 'https://host', true],
    ['other host', 'https://host', true],
    ['host', 'https://ahost', false],
    ['example.com', 'https://a.example.com', true],
    ['.example.com', 'https://a.example.com', true],
    ['*.example.com', 'https://a.example.com', true],
    ['example.com', 'https://notexample.com', false],
    ['host:443', 'https://host', true],
    ['host:80', 'https://host', false],
    ['host:8080', 'https://host:8080', true],
    ['10.0.0.1', 'https://10.0.0.1:4040', true],
    ['2001:db8::1', 'https://[2001:db8::1]:4040', true],
    ['[2001:db8::1]:4040', 'https://[2001:db8::1]:4040', true],
    ['[2001:db8::1]:4041', 'https://[2001:db8::1]:4040', false],
    ['10.0.0.0/8', 'https://10.1.2.3', false],
    ['', 'https://host', false],
  ] as const)
    assert.equal(
      proxyFor(new URL(url), { HTTPS_PROXY: 'http://proxy', NO_PROXY: list }) === undefined,
      isExcluded,
      `${list} ${url}`,
    );
});

test('no proxy is asked for what listens on this machine alone: it would look on its own', () => {
  for (const [host, isOurs] of [
    ['localhost', true],
    ['LOCALHOST.', true],
    ['shop.localhost', true],
    ['127.0.0.1', true],
    ['127.1', true],
    ['127.255.0.9', true],
    ['[::1]', true],
    ['[::ffff:127.0.0.1]', true],
    ['localhost.example', false],
    ['notlocalhost', false],
    ['127.example', false],
    ['128.0.0.1', false],
    ['[::2]', false],
  ] as const)
    assert.equal(
      proxyFor(new URL(`http://${host}:4040`), { HTTP_PROXY: 'http://proxy' }) === undefined,
      isOurs,
      host,
    );
});

test('a proxy that makes no sense is an error without the text, which may hold a password', () => {
  for (const text of ['socks5://me:hunter2@host', 'http://me:hunter2@'])
    assert.throws(
      () => proxyFor(new URL('https://host'), { HTTPS_PROXY: text }),
      (error) =>
        error instanceof PyglassError &&
        error.code === 'bad-option' &&
        !JSON.stringify([error.message, error.detail]).includes('hunter2'),
    );
});

test('a profile goes by the proxy, which gets its credentials, and the receiver none of them', async () => {
  await using receiver = await FakeReceiver.start();
  await using proxy = await FakeProxy.start('me:p@ss');
  for (const format of receiverIds) {
    const outcome = await send(
      proxied(receiver).replace('//', '//you:secret@'),
      { HTTP_PROXY: `http://me:p%40ss@${proxy.address}` },
      format,
    );
    assert.deepEqual(outcome, { kind: 'delivered' });
  }
  assert.deepEqual(receiver.errors, []);
  assert.deepEqual(proxy.asked, [
    `POST ${proxied(receiver)}/ingest`,
    `POST ${proxied(receiver)}/v1development/profiles`,
  ]);
  for (const { headers } of receiver.received) {
    assert.equal(headers['proxy-authorization'], undefined);
    assert.equal(headers.authorization, `Basic ${Buffer.from('you:secret').toString('base64')}`);
  }
});

test('what a proxy does not do is said, with its address and without its credentials', async () => {
  await using receiver = await FakeReceiver.start();
  await using proxy = await FakeProxy.start('me:right');
  const wrong = `http://me:hunter2@${proxy.address}`;
  const reasons = [
    await send(proxied(receiver), { HTTP_PROXY: wrong }),
    await send(proxied(receiver).replace('http', 'https'), { HTTPS_PROXY: wrong }),
    await send(proxied(receiver), { HTTP_PROXY: 'http://me:hunter2@127.0.0.1:1' }),
    await send(`https://${proxiedHost}`, { HTTPS_PROXY: 'http://me:hunter2@localhost:1' }),
  ].map((outcome) => (outcome as { reason: string }).reason);
  assert.deepEqual(reasons, [
    `the proxy http://${proxy.address}: its answer was 407`,
    `the proxy http://${proxy.address}: its answer was 407`,
    'the proxy http://127.0.0.1:1: nothing listens there',
    'the proxy http://localhost:1: nothing listens there',
  ]);
  assert.equal(receiver.requests, 0);
});

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl';

test('what a receiver does wrong is not said of the proxy', { skip: noOpenssl }, () =>
  withFolder(async (folder) => {
    await using secure = await FakeReceiver.start(selfSigned(folder));
    await using plain = await FakeReceiver.start();
    await using proxy = await FakeProxy.start();
    const environment = { HTTPS_PROXY: proxy.address };
    const reasons = [
      await send(proxied(secure), environment),
      await send(proxied(plain).replace('http', 'https'), environment),
    ].map((outcome) => (outcome as { reason: string }).reason);
    const through = `through the proxy http://${proxy.address}:`;
    assert.deepEqual(reasons, [
      `${through} its certificate is signed by itself`,
      `${through} it does not speak TLS`,
    ]);
  }),
);

test('a proxy that speaks TLS is blamed for its own certificate', { skip: noOpenssl }, () =>
  withFolder(async (folder) => {
    // Nothing is asked of it: its certificate is not taken.
    await using proxy = await FakeReceiver.start(selfSigned(folder));
    for (const scheme of ['http', 'https']) {
      const outcome = await send(`${scheme}://${proxiedHost}`, {
        [`${scheme.toUpperCase()}_PROXY`]: proxy.url,
      });
      assert.equal(
        (outcome as { reason: string }).reason,
        `the proxy ${proxy.url}: its certificate is signed by itself`,
      );
    }
  }),
);

test('a proxy gets a user without a password, which may be a token, and no text shows it', async () => {
  await using receiver = await FakeReceiver.start();
  for (const [credentials, inUrl] of [
    ['hunter2:', 'hunter2@'],
    [':hunter2', ':hunter2@'],
    // A percent sign that encodes nothing is one.
    ['me:%zz', 'me:%zz@'],
  ] as const) {
    await using proxy = await FakeProxy.start(credentials);
    for (const url of [proxied(receiver), proxied(receiver).replace('http', 'https')]) {
      const by = `http://${inUrl}${proxy.address}`;
      const outcome = await send(url, { HTTP_PROXY: by, HTTPS_PROXY: by });
      // That there is no TLS is found behind the proxy.
      if (outcome.kind !== 'delivered') assert.match(JSON.stringify(outcome), /does not speak TLS/);
    }
  }
  const { secrets } = proxyFor(new URL('http://host'), { HTTP_PROXY: 'http://hunter2@proxy' })!;
  assert.deepEqual(secrets, ['hunter2', Buffer.from('hunter2:').toString('base64')]);
  assert.equal(receiver.received.length, 3);
});
