import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideInCommandLine, hideInText } from '../model/secret-text.js';
import type { ProcessSnapshot } from '../model/snapshot.js';
import type { Value } from '../model/value.js';
import { hideSecrets } from './hide-secrets.js';
import { valueText } from './value-text.js';

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
      hasGil: true,
      finalizing: false,
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

test('what reveals nothing stays', () => {
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

const list = (...texts: readonly string[]): Value => ({
  ...{ kind: 'items', type: 'list', open: '[', close: ']', items: texts.map(str), more: 0 },
});
const plain = (type: string, text: string): Value => ({ kind: 'plain', type, text });
const object = (attributes: Readonly<Record<string, Value>>): Value => ({
  ...{ kind: 'attributes', type: 'Session', open: '<Session ', close: '>', more: 0 },
  attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
});

test('a list of texts that is a command line is read as one', () => {
  assert.deepEqual(
    shown({
      args: list('x', '--password', 'LEAKED', '--user', 'bob'),
      short: list('mysql', '-pLEAKED', 'db'),
      two: list('--token', '-LEAKED'),
      copy: str('LEAKED'),
      ordinary: list('x', '--port', '80'),
    }),
    {
      args: "['x', '--password', '<hidden>', '--user', 'bob']",
      short: "['mysql', '-p<hidden>', 'db']",
      two: "['--token', '<hidden>']",
      copy: "'<hidden>'",
      ordinary: "['x', '--port', '80']",
    },
  );
});

test('numbers that count, sessions and keys that look like none are shown', () => {
  const variables = {
    max_tokens: plain('int', '4096'),
    n_tokens: plain('int', '12'),
    tokenizer: object({ size: plain('int', '7') }),
    secretary: str('Ann'),
    session: object({ timeout: plain('int', '5'), bind: str('db') }),
    key: str('user_profile'),
    keys: list('a', 'b', 'c'),
    seed: plain('int', '42'),
    nonce: plain('int', '4294967295'),
  };
  assert.deepEqual(shown(variables), {
    max_tokens: '4096',
    n_tokens: '12',
    tokenizer: '<Session size=7>',
    secretary: "'Ann'",
    session: "<Session timeout=5, bind='db'>",
    key: "'user_profile'",
    keys: "['a', 'b', 'c']",
    seed: '42',
    nonce: '4294967295',
  });
});

test('those that look like secrets are hidden', () => {
  const random = 'q7Rk2ZxW9bTn4VmJ8sLd';
  const bytes: Value = {
    ...{ kind: 'text', type: 'bytes', prefix: 'b', more: 0 },
    text: '\x00\x8f\x13ab\xff\x10\x99\xc3\x01zQ\x17\xb2\xee\x05',
  };
  const values = shown({
    key: str(random),
    keys: list('a', random),
    aes_key: bytes,
    key_bytes: bytes,
    private: plain('int', '9'.repeat(40)),
    pin: plain('int', '1234'),
    session: str('morning'),
    login: list('bob', 'LEAK'),
    login_text: str('bob:LEAK'),
    item: {
      ...{ kind: 'entries', type: 'dict', open: '{', close: '}', more: 0 },
      entries: [
        { key: str('name'), value: str('DB_PASSWORD') },
        { key: str('value'), value: str('LEAK') },
      ],
    },
    other: str(`with ${random} in it`),
  });
  assert.deepEqual(values, {
    key: '<hidden str>',
    keys: "['a', <hidden str>]",
    aes_key: '<hidden bytes>',
    key_bytes: '<hidden bytes>',
    private: '<hidden int>',
    pin: '<hidden int>',
    session: '<hidden str>',
    login: "['bob', <hidden str>]",
    login_text: "'bob:<hidden>'",
    item: "{'name': 'DB_PASSWORD', 'value': <hidden str>}",
    other: "'with <hidden> in it'",
  });
});
