import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { withFolder } from '../../tests/support/recordings.js';
import { PyglassError } from '../model/error.js';
import { agentOptions, flagOf, variableOf } from './agent-options.js';
import { fixedChanges, readConfig } from './read-config.js';

/** With a configuration file of this content. */
function withFile(content: string, act: (file: string) => void): Promise<void> {
  return withFolder((folder) => {
    const file = `${folder}/agent.json`;
    writeFileSync(file, content);
    act(file);
  });
}

const config = (flags: Record<string, unknown>, environment: Record<string, string> = {}) =>
  readConfig({ flags, environment });

/** The message of what is thrown. */
function wrong(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof PyglassError && error.code === 'bad-option', String(error));
    return error.message;
  }
  return assert.fail('nothing was thrown');
}

test('flags come before the environment, that before the file, that before defaults', () =>
  withFile('{"rate": 10, "window": 20, "user": ["web"], "idle": true}', (file) => {
    const environment = {
      PYGLASS_AGENT_RATE: '30',
      PYGLASS_AGENT_WINDOW: '40',
      PYGLASS_AGENT_COMMAND: 'a,b',
    };
    const { rate, window, user, idle, command, maxCpu } = readConfig({
      flags: { rate: '50' },
      environment,
      file,
    });
    assert.deepEqual([rate, window, user, idle, maxCpu], [50, 40, ['web'], true, 0.05]);
    assert.deepEqual(command.map(String), ['/a/', '/b/']);
  }));

test('a file is YAML or JSON, and each value is checked as that of a flag', async () => {
  const yaml = `
# as people write it
push: http://localhost:4040   # a comment
maxCpu: 2%
user: [web, "33"]
command:
  - gunicorn.*shop
idle: yes please
`;
  await withFile(yaml, (file) => {
    const message = wrong(() => readConfig({ flags: {}, environment: {}, file }));
    assert.equal(message, `${file}: idle: it must be true or false`);
  });
  await withFile(yaml.replace('yes please', 'true'), (file) => {
    const config = readConfig({ flags: {}, environment: {}, file });
    assert.deepEqual(
      [config.push, config.maxCpu, config.user, config.idle, config.command.map(String)],
      ['http://localhost:4040', 0.02, ['web', '33'], true, ['/gunicorn.*shop/']],
    );
  });
  await withFile('__proto__:\n  rate: 5\nconstructor: 1\n', (file) => {
    const message = wrong(() => readConfig({ flags: {}, environment: {}, file }));
    assert.match(message, /no option "__proto__".*no option "constructor"/);
  });
});

test('each value is checked the same way wherever it stands', async () => {
  assert.deepEqual(config({ maxCpu: '2%', queueLimit: '1.5MB', listen: '4041' }).listen, {
    host: '127.0.0.1',
    port: 4041,
  });
  assert.equal(config({ maxCpu: '2%' }).maxCpu, 0.02);
  assert.equal(config({ queueLimit: '1.5MB' }).queueLimit, 1.5e6);
  assert.deepEqual(config({ listen: '[::1]:80' }).listen, { host: '::1', port: 80 });
  for (const [key, value] of [
    ['rate', '0'],
    ['rate', 'x'],
    ['window', '1.5'],
    ['maxCpu', '200%'],
    ['queueLimit', '1kB'],
    ['listen', 'host'],
    ['listen', '70000'],
    ['command', '('],
  ] as const) {
    const message = wrong(() => config({ [key]: value }));
    assert.ok(message.startsWith(`${flagOf(key)}: it must be `), message);
    assert.ok(
      wrong(() => config({}, { [variableOf(key)]: value })).startsWith(`${variableOf(key)}: it must`),
    );
  }
});

test('all errors are said at once, and no value of a secret', () =>
  withFile('{"rate": "hunter2", "nonsense": 1, "window": {}, "push": 7}', (file) => {
    const message = wrong(() => readConfig({ flags: {}, environment: {}, file }));
    for (const part of ['no option "nonsense"', 'rate: it must', 'window: it must', 'push: it must'])
      assert.ok(message.includes(part), message);
    assert.doesNotMatch(message, /hunter2/);
  }));

test('a text that looks like a number needs quotes, and the error says so', () =>
  withFile('user: 33\nhost: 7\nservice: true\ncommand: [a, 5]', (file) => {
    const message = wrong(() => readConfig({ flags: {}, environment: {}, file }));
    const quotes = 'it must be a text, in quotes where it looks like a number';
    assert.equal(
      message,
      ['service: it must be a text', `host: ${quotes}`, `user: ${quotes}`, `command: ${quotes}`]
        .map((error) => `${file}: ${error}`)
        .join('; '),
    );
  }));

test('of very many errors, the first are said', () =>
  withFile(Array.from({ length: 9000 }, (_, key) => `k${key}:`).join('\n'), (file) => {
    const message = wrong(() => readConfig({ flags: {}, environment: {}, file }));
    assert.match(message, /no option "k19"; and 8980 more$/);
  }));

test('a file that is no configuration is an error', async () => {
  for (const [content, reason] of [
    ['', /must be a map/],
    ['[]', /must be a map/],
    ['null', /must be a map/],
    ['hunter2', /must be a map/],
    ['push: [hunter2\nrate: 5', /is not YAML, line 2/],
    ['rate: 5\n\trate: hunter2', /is not YAML, line 2/],
    ['rate: 5\nidle: true\nrate: 6', /an option is given twice, line 3/],
    ['{push: http://hunter2, idle: true,\n  push: http://host}', /an option is given twice, line 2/],
    ['push: *hunter2', /aliases/],
    // Maps of YAML whose options nobody would read.
    ['!!omap\n- rate: 5', /must be a map/],
    ['!!set {rate, push}', /must be a map/],
    ['!!binary aGVsbG8=', /must be a map/],
    [`rate: 5\n#${'x'.repeat(1 << 16)}`, /too large/],
    // Texts that grow as aliases are followed.
    [
      `a: &a [x, x, x]\n${'bcdefghi'.replace(/./g, (key, at) => `${key}: &${key} [${`*${'abcdefghi'[at]},`.repeat(9)}]\n`)}`,
      /aliases/,
    ],
  ] as const)
    await withFile(content, (file) => {
      const message = wrong(() => readConfig({ flags: {}, environment: {}, file }));
      assert.match(message, reason);
      assert.doesNotMatch(message, /hunter2/);
    });
  assert.throws(
    () => readConfig({ flags: {}, environment: {}, file: '/nowhere/agent.json' }),
    /no such file/,
  );
});

test('what takes effect only at the next start is known', () => {
  assert.deepEqual(fixedChanges(config({ rate: '5' }), config({ rate: '6', window: '3', listen: '80' })), [
    'window',
    'listen',
  ]);
});

test('the names of flags and variables follow from the key', () => {
  assert.deepEqual(
    [flagOf('pushTokenFile'), variableOf('pushTokenFile')],
    ['--push-token-file', 'PYGLASS_AGENT_PUSH_TOKEN_FILE'],
  );
  for (const [key, option] of Object.entries(agentOptions)) assert.equal(option.key, key);
});
