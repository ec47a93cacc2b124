import assert from 'node:assert/strict';
import { dumpJson, dumpText } from '../support/dumps.js';
import { eachPython } from '../support/pythons.js';
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
