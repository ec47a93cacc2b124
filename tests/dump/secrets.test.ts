import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecording } from '../../src/disk/read-recording.js';
import { commandLine } from '../../src/process/linux-process.js';
import { dumpJson, dumpText } from '../support/dumps.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const names = [
  ...[
    'password',
    'passwd',
    'pwd',
    'secret',
    'token',
    'api_key',
    'apikey',
    'authorization',
    'cookie',
    'session',
  ],
  ...['credential', 'private_key', 'access_key', 'DB_PASSWORD', 'clientSecret', 'refresh_token', 'X-Api-Key'],
  ...['Set-Cookie', 'aws_secret_access_key', 'csrf_token', 'sessionid', 'user_credentials', 'auth', 'jwt'],
];
/** Every secret of tests/programs/hidden.py is written so. */
const secret = /[a-z]+-hush(?:-\d+)?/g;
const places = [
  ...[
    'dict',
    'bytes',
    'pair',
    'attribute',
    'argument',
    'slot',
    'header',
    'json',
    'line',
    'url',
    'query',
    'cut',
    'key',
  ],
  ...['known', 'error', 'namespace', 'list', 'deep', 'command'],
  ...['words', 'sql', 'element', 'nested', 'login', 'senha', 'buffer'],
];

eachPython('no secret is shown unless asked for', (python) =>
  withTarget(
    python,
    programFile('hidden.py'),
    async ({ pid }) => {
      const text = await dumpText(pid, '--locals');
      assert.deepEqual(text.match(secret), null);
      const json = JSON.stringify(await dumpJson(pid, '--locals'));
      assert.deepEqual(json.match(secret), null);
      assert.ok(text.includes("kept: 'the monkey ate a cooked meal'"));
      assert.match(text, /<hidden str>/);
      assert.ok(
        text.includes(
          "arguments: ['tool', '--password', '<hidden>', 'postgres://u:<hidden>@db', '--user', 'bob']",
        ),
      );
      assert.match(text, /max_tokens: 4096\n/);
      assert.match(text, /tokenizer: <Config size=7>\n/);
      assert.match(text, /secretary: 'Ann'\n/);
      assert.match(text, /inside: 'login with <hidden> failed'/);
      assert.match(text, /url: 'postgresql:\/\/app:<hidden>@db\.internal\/app\?sslmode=require'/);

      const shown = JSON.stringify(await dumpJson(pid, '--locals', '--show-secrets'));
      for (const place of places) assert.ok(shown.includes(`${place}-hush`), place);
      for (const place of ['dict', 'bytes', 'pair', 'attribute', 'argument', 'line', 'json'])
        assert.ok(shown.includes(`${place}-hush-${names.length - 1}`), place);
    },
    { args: [JSON.stringify(names), '--password', 'command-hush', '--token=command-hush'] },
  ),
);

const waiting = "import sys\ndef wait():\n    print('ready', flush=True)\n    sys.stdin.read()\nwait()";
const argv = [
  ...['--user', 'shown-user'],
  ...['--password=Tr0ub&a-hush', '--passphrase=x b-hush', '--api-key', '-c-hush', 'PGPASSWORD=x,d-hush'],
  ...['postgres://u:p@e-hush@db', 'postgres://u:p/f-hush@db', 'mysql', '-pg-hush', 'curl', '-u', 'me:h-hush'],
  ...['redis-cli', '-a', 'i-hush', 'sshpass', '-p', 'j-hush', '--key', 'k-hush', '--pat=l-hush'],
  ...['Authorization: Digest username="u", response="m-hush"', '--senha', 'n-hush'],
];

test('no output holds a secret of the command line', () =>
  withTarget(
    anyPython(),
    { code: waiting },
    ({ pid }) =>
      withFolder(async (folder) => {
        const outputs = new Map<string, string>();
        const run = async (...args: string[]) => {
          const { status, stdout, stderr } = await pyglass(...args);
          assert.equal(status, 0, stderr);
          outputs.set(args.join(' '), stdout + stderr);
        };
        await run('dump', '-p', String(pid));
        await run('dump', '-j', '-l', '-p', String(pid));
        // What ps lists, without looking at all processes of the machine.
        outputs.set('ps', commandLine(pid).join(' '));
        await run('top', '-j', '-d', '0.3', '-p', String(pid));
        const recording = `${folder}/run.pyglass`;
        await run('record', '-d', '0.3', '-p', String(pid), '-o', recording);
        outputs.set('the recording', readRecording(recording).processes[0]!.commandLine.join(' '));
        await run('report', '--summary', recording);
        for (const format of ['raw', 'flamegraph', 'speedscope'])
          await run('report', '-s', '-i', '-f', format, '-o', '-', recording);
        for (const [what, text] of outputs) assert.deepEqual(text.match(/[a-z]-hush/g), null, what);
        // Those that show the command line at all show what is no secret.
        for (const what of ['the recording', `dump -p ${pid}`, 'ps'])
          assert.ok(outputs.get(what)!.includes('shown-user'), what);
      }),
    { args: argv },
  ));

test('nor does that of a program that is started', () =>
  withFolder(async (folder) => {
    const recording = `${folder}/run.pyglass`;
    const { command } = anyPython();
    const code = 'import time; time.sleep(0.3)';
    const { status, stderr } = await pyglass(
      'record',
      '-o',
      recording,
      '--',
      ...command,
      '-c',
      code,
      ...argv,
    );
    assert.equal(status, 0, stderr);
    const { stdout } = await pyglass('report', '-s', '-i', '-f', 'flamegraph', '-o', '-', recording);
    const recorded = readRecording(recording);
    for (const text of [stderr, stdout, JSON.stringify(recorded.processes)])
      assert.deepEqual(text.match(/[a-z]-hush/g), null);
    assert.ok(recorded.processes[0]!.commandLine.includes('shown-user'));
  }));
