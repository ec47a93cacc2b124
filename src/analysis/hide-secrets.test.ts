import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecretName } from '../model/secret-names.js';
import { hideInCommandLine, hideInText } from '../model/secret-text.js';
import type { ProcessSnapshot } from '../model/snapshot.js';
import type { Value } from '../model/value.js';
import { hideSecrets } from './hide-secrets.js';
import { valueText } from './value-text.js';

test('names of secrets are known however they are written', () => {
  for (const name of [
    ...[
      'password',
      'DB_PASSWORD',
      'dbPassword',
      'user_passwd',
      'pwd',
      'secret',
      'clientSecret',
      'access_token',
    ],
    ...['api_key', 'apiKey', 'X-Api-Key', 'APIKEY', 'Authorization', 'Set-Cookie', 'session', 'sessionid'],
    ...[
      'credentials',
      'private_key',
      'ssh-key',
      'aws_access_key_id',
      'auth',
      'basic_auth',
      'user_pw',
      'jwt',
      'pin',
    ],
  ])
    assert.ok(isSecretName(name), name);
});

test('ordinary names are not taken for those of secrets', () => {
  for (const name of [
    'author',
    'key',
    'keyboard',
    'monkey',
    'passenger',
    'compass',
    'pinned',
    'opinion',
    'side',
    'name',
  ])
    assert.ok(!isSecretName(name), name);
});

const texts: readonly [string, string][] = [
  ['Authorization: Bearer abc.def', 'Authorization: <hidden>'],
  ['authorization: Basic dXNlcjpwYXNz\r\nHost: x', 'authorization: <hidden>\r\nHost: x'],
  ['Cookie: a=1; b=2\nAccept: */*', 'Cookie: <hidden>\nAccept: */*'],
  ['postgres://app:s3cret@db/x', 'postgres://app:<hidden>@db/x'],
  ['https://example.org/a?token=abc&page=2', 'https://example.org/a?token=<hidden>&page=2'],
  ['{"password": "abc", "user": "bob"}', '{"password": "<hidden>", "user": "bob"}'],
  ['{"password": "a&b, c", "user": "bob"}', '{"password": "<hidden>", "user": "bob"}'],
  ['host=db password=abc dbname=x', 'host=db password=<hidden> dbname=x'],
  ['sent Bearer abcdefgh to x', 'sent Bearer <hidden> to x'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE', '-----BEGIN PRIVATE KEY-----<hidden>'],
  ['GET /items?page=2 HTTP/1.1', 'GET /items?page=2 HTTP/1.1'],
  ['https://example.org:8080/path', 'https://example.org:8080/path'],
];
test('secrets within texts are hidden, and nothing else', () => {
  for (const [text, shown] of texts) assert.equal(hideInText(text, false), shown);
});

test('a text that was cut within a secret does not show the beginning of it', () => {
  assert.equal(hideInText('amqp://user:begi', true), 'amqp://user:<hidden>');
  assert.equal(hideInText('amqp://user:begi', false), 'amqp://user:begi');
});

test('secrets in a command line are hidden', () => {
  assert.deepEqual(
    hideInCommandLine(['app.py', '--password', 'abc', '--token=abc', '-v', '--user', 'bob', 'API_KEY=abc']),
    ['app.py', '--password', '<hidden>', '--token=<hidden>', '-v', '--user', 'bob', 'API_KEY=<hidden>'],
  );
});

const str = (text: string): Value => ({ kind: 'text', type: 'str', prefix: '', text, more: 0 });

function shown(variables: Readonly<Record<string, Value>>): Record<string, string> {
  const frame = {
    kind: 'python',
    name: 'f',
    qualifiedName: 'f',
    file: '',
    shortFile: '',
    line: 1,
    firstLine: 1,
  } as const;
  const named = Object.entries(variables).map(([name, value]) => ({ name, value, isArgument: false }));
  const thread = {
    ...({ threadId: 1, ident: 1, name: '', interpreter: 0, state: 'running', waitingFor: '' } as const),
    ...{ holdsGil: false, moving: false, truncated: false, frames: [{ ...frame, variables: named }] },
  };
  const process: ProcessSnapshot = {
    ...{
      pid: 1,
      parentPid: 0,
      commandLine: [],
      pythonVersion: '',
      executable: '',
      reloader: '',
      threads: [thread],
    },
  };
  const [hidden] = hideSecrets([process]);
  return Object.fromEntries(
    hidden!.threads[0]!.frames[0]!.variables!.map(({ name, value }) => [name, valueText(value, 200)]),
  );
}

test('a secret that is known by its name is hidden under every other name', () => {
  assert.deepEqual(
    shown({
      password: str('hunter22'),
      copy: str('hunter22'),
      text: str('with hunter22 in it'),
      user: str('bob'),
    }),
    { password: '<hidden str>', copy: "'<hidden>'", text: "'with <hidden> in it'", user: "'bob'" },
  );
});

test('what tells nothing stays', () => {
  const none: Value = { kind: 'plain', type: 'NoneType', text: 'None' };
  assert.deepEqual(shown({ password: none, token: str('') }), { password: 'None', token: "''" });
});

test('the value of a pair goes by the name in it', () => {
  const pair: Value = {
    ...{
      kind: 'items',
      type: 'tuple',
      open: '(',
      close: ')',
      items: [str('X-Api-Key'), str('abc')],
      more: 0,
    },
  };
  assert.deepEqual(shown({ header: pair }), { header: "('X-Api-Key', <hidden str>)" });
});
