import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { withFolder } from '../../tests/support/recordings.js';
import { PyglassError } from '../model/error.js';
import { pushTarget, withoutSecrets } from './push-target.js';

const at = (url: string, environment: Record<string, string> = {}) => pushTarget(url, { environment });

test('profiles go to /ingest below the URL', () => {
  for (const [url, endpoint] of [
    ['http://host:4040', 'http://host:4040/ingest'],
    ['http://host:4040/', 'http://host:4040/ingest'],
    ['https://host/profiles/', 'https://host/profiles/ingest'],
    ['https://host/ingest', 'https://host/ingest'],
  ] as const)
    assert.equal(at(url).endpoint, endpoint);
});

test('a URL that ends as that of another format is an error', () => {
  for (const end of ['', '/', '//'])
    assert.throws(() => at(`http://host/v1development/profiles${end}`), {
      code: 'bad-option',
      message: 'the URL to push to ends in /v1development/profiles, which is for otlp',
    });
});

test('credentials are in a header and nowhere else', () => {
  const { endpoint, shown, headers, secrets } = at('https://me:p%40ss@host/x');
  assert.deepEqual([endpoint, shown], ['https://host/x/ingest', 'https://host/x']);
  assert.equal(headers['authorization'], `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  assert.ok(secrets.includes('p@ss'));
});

test('a user without a password is a token, which no text shows', () => {
  const target = at('https://hunter2@host');
  const basic = Buffer.from('hunter2:').toString('base64');
  assert.equal(target.headers['authorization'], `Basic ${basic}`);
  assert.equal(withoutSecrets(`no ${basic} or hunter2`, target), 'no <hidden> or <hidden>');
});

test('a token and a tenant come from the environment, or the token from a file', () =>
  withFolder((folder) => {
    const environment = { PYGLASS_PUSH_TOKEN: 'abc', PYGLASS_PUSH_TENANT: 'team-1' };
    assert.deepEqual(at('http://host', environment).headers, {
      authorization: 'Bearer abc',
      'x-scope-orgid': 'team-1',
    });
    const tokenFile = `${folder}/token`;
    writeFileSync(tokenFile, 'of-file\n');
    assert.equal(
      pushTarget('http://host', { tokenFile, environment }).headers['authorization'],
      'Bearer of-file',
    );
    writeFileSync(tokenFile, '\n');
    assert.throws(() => pushTarget('http://host', { tokenFile, environment }), /there is no token/);
    assert.throws(
      () => pushTarget('http://host', { tokenFile: `${folder}/none`, environment }),
      /no such file/,
    );
  }));

test('what makes no sense is an error without the text, which may hold a password', () => {
  for (const act of [
    () => at('hunter2'),
    () => at('ftp://me:hunter2@host'),
    () => at('http://me:hunter2@'),
    () => at('http://host/?token=hunter2'),
    () => at('http://me:hunter2@host', { PYGLASS_PUSH_TOKEN: 'hunter2' }),
    () => at('http://host', { PYGLASS_PUSH_TOKEN: 'hunter2\nx: y' }),
  ])
    assert.throws(
      act,
      (error) =>
        error instanceof PyglassError &&
        error.code === 'bad-option' &&
        !JSON.stringify([error.message, error.detail]).includes('hunter2'),
    );
});

test('secrets are taken out of what others say', () => {
  const target = at('https://me:p%40ss@host');
  const basic = Buffer.from('me:p@ss').toString('base64');
  assert.equal(withoutSecrets(`no ${basic}, p%40ss or p@ss`, target), 'no <hidden>, <hidden> or <hidden>');
});
