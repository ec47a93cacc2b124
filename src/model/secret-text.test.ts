import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideInCommandLine, hideInText } from './secret-text.js';

/** Each holds LEAK, and what is shown must not. */
const leaks: readonly string[] = [
  // Where the value ends is not certain.
  'password=a LEAK',
  'login failed with password=Tr0ub&LEAK for bob',
  'password: correct horse LEAK',
  'passphrase=ab,LEAK',
  'password: 1234 LEAK',
  'password: 12,LEAK',
  'user=bob&password=a LEAK&x=1',
  'PGPASSWORD=a LEAK',
  'password=(a)LEAK',
  'password=a>LEAK',
  'password=a)LEAK',
  'password=&LEAK',
  'Server=x;PWD=a;LEAK;Database=y',
  '{password: a}LEAK}',
  'password="a\\"LEAK"',
  "password='a''LEAK'",
  'password="a"LEAK',
  'password="a LEAK',
  '{"line": "{\\"password\\": \\"a\\\\\\"LEAK\\"}"}',
  '{"password": ["LEAK", "LEAK"], "user": "bob"}',
  '{"password": {"a": "}", "b": "LEAK"}}',
  '{"password": ["LEAK',
  'password:\n  - LEAK\n  - LEAK\nuser: bob',
  'password: |\n  a\n  LEAK\n',
  'Authorization: Digest username="u", response="LEAK"',
  `curl -H 'Authorization: Digest username="u", response="LEAK"' x`,
  '{\'Authorization\': \'Digest username="u", response="LEAK"\'}',
  'user[password]=LEAK',
  "os.environ['PASSWORD'] = 'LEAK'",
  'user%5Bpassword%5D=LEAK',
  'next=%2Fa%3Fpassword%3DLEAK',
  "password => 'LEAK'",
  'password => LEAK',
  'password := LEAK',
  '<password>LEAK</password>',
  '<ns:password type="x">a LEAK</ns:password>',
  '<password>LEAK',
  "ALTER ROLE x PASSWORD 'LEAK'",
  "ALTER ROLE x ENCRYPTED PASSWORD 'a''LEAK' VALID UNTIL 'x'",
  "CREATE USER x IDENTIFIED BY 'LEAK'",
  "CREATE USER x IDENTIFIED WITH mysql_native_password BY 'LEAK'",
  "SET PASSWORD = PASSWORD('LEAK')",
  'token sdLEAK8f7G6h5J4k3L2m1',
  // URLs.
  'postgres://u:p@LEAK@h',
  'postgres://u:p/LEAK@h',
  'postgres://u:p#LEAK@h',
  'postgres://u:p?LEAK@h',
  'postgres://u:p LEAK@h',
  'postgres://u:5432/LEAK@h',
  'redis://:LEAK@h/0',
  'a mysql+pymysql://u:p@LEAK@h/db b',
  'https://LEAK@github.com/a/b.git',
  'https://LEAK:x-oauth-basic@github.com/a/b.git',
  'git clone https://oauth2:LEAK@gitlab.example/a.git',
  'https://LEAK@o12.ingest.sentry.io/34',
  'https://x.blob.core.windows.net/c?sv=2020&sig=LEAK%3D&se=1',
  'https://b.s3.amazonaws.com/k?X-Amz-Signature=LEAK&x=1',
  'https://hooks.slack.com/services/T000/B000/LEAK',
  'https://discord.com/api/webhooks/123/LEAK',
  'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=LEAK==;EndpointSuffix=x',
  'Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccessKey=LEAK=',
  // Names in other languages, and others.
  ...['senha', 'contraseña', 'contrasena', 'mot_de_passe', 'motDePasse', 'пароль', 'ПАРОЛЬ', 'passwort'].map(
    (name) => `${name}=LEAK`,
  ),
  ...[
    'hasło',
    'haslo',
    'heslo',
    'şifre',
    'wachtwoord',
    'lösenord',
    'passord',
    '密码',
    'パスワード',
    '비밀번호',
  ].map((name) => `"${name}": "LEAK"`),
  ...['master_key', 'aes_key', 'hmacKey', 'passcode', 'pswd', 'mnemonic', 'seed_phrase', 'card_number'].map(
    (name) => `${name}: LEAK`,
  ),
  ...['iban', 'salt', 'code_verifier', 'webhook'].map((name) => `${name}=LEAK`),
  'login=bob:LEAK',
  // Within a command.
  'mysql -pLEAK db',
  'run: curl -su me:LEAK https://example.org',
  'tool --password LEAK --user bob',
  'tool --password "a LEAK" --user bob',
  "sh -c 'tool --password LEAK'",
];

test('of a secret that is recognised nothing is shown', () => {
  for (const text of leaks) assert.ok(!hideInText(text, false).includes('LEAK'), hideInText(text, false));
});

const random = 'q7Rk2ZxW9bTn4VmJ8sLd';
const shapes: readonly string[] = [
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def-ghi',
  'AKIAIOSFODNN7EXAMPLE',
  `ghp_${random}${random}`,
  `github_pat_11AAAA_${random}`,
  `glpat-${random}`,
  `sk_${'live'}_${random}`,
  `sk-proj-${random}`,
  `sk-ant-api03-${random}`,
  `AIza${random}${random.slice(5)}`,
  `xox${'b'}-123456789012-${random}`,
  `npm_${random}${random}`,
  `hf_${random}${random}`,
  `SG.${random}.${random}`,
  '$2b$12$abcdefghijklmnopqrstuvwxyzABCDE',
  'pbkdf2_sha256$600000$abc$abcdefghijklmnopqrstuv=',
];

test('secrets are known by their shape under any name', () => {
  for (const secret of shapes)
    for (const [text, shown] of [
      [secret, '<hidden>'],
      [`got ${secret} from x`, 'got <hidden> from x'],
      [`{"a": "${secret}"}`, '{"a": "<hidden>"}'],
    ] as const)
      assert.equal(hideInText(text, false), shown);
  assert.equal(hideInText('got ghp_q7Rk', true), 'got <hidden>');
  for (const kind of ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED '])
    assert.ok(!hideInText(`-----BEGIN ${kind}PRIVATE KEY-----\nLEAK`, false).includes('LEAK'));
});

test('key, seed, nonce and the like are secrets only when they look so', () => {
  for (const name of [
    'key',
    'MY_KEY',
    'seed',
    'nonce',
    'private',
    'access',
    'refresh',
    'signature',
    'clave',
  ]) {
    for (const secret of [random, '0f343b0931126a20f133d67c2b018a3b', '9b2d1c50-7a4e-4f86-b1d3-6f0e5a8c7d42'])
      assert.equal(hideInText(`${name}=${secret}`, false), `${name}=<hidden>`);
    for (const value of [
      'a',
      'user_profile_settings',
      'getUserProfileById',
      '20240115T102030Z',
      'src/a/b2.py',
    ])
      assert.equal(hideInText(`${name}=${value}`, false), `${name}=${value}`);
  }
});

/** Shown as they are. */
const innocents: readonly string[] = [
  ...[
    'author=bob',
    'authority: x',
    'key=a',
    "key='a'",
    'for key=value in x',
    'keyboard=de',
    'monkey=1',
    'compass=n',
  ],
  ...['passenger=bob', 'bypass_cache=1', 'opinion=1', 'side=left', 'pinned=yes', 'spin: 2', 'secretary=Ann'],
  ...['secretariat: UN', 'tokenizer=bpe', 'tokenize=yes', 'tokenized: 5', 'max_tokens=4096', 'n_tokens: 12'],
  ...[
    '"max_tokens": 4096, "x": 1',
    'prompt_tokens=7',
    'total_tokens=9',
    'token_count=3',
    'session_timeout=300',
  ],
  ...['password_min_length=8', 'password=None', '"password": null, "user": "bob"', 'token_type=bearer1'],
  ...['token_url=https://example.org/t', 'password_field=pw1', 'eos_token=</s>', 'pad_token_id=0', 'seed=42'],
  ...[
    'nonce=17',
    'signature=(a, b)',
    'sort_key=name',
    'cache_key=view_2024_01_15',
    'primary_key=id',
    'access=ro',
  ],
  ...['refresh=30', 'private=no', 'GET /items?page=2&sort=key HTTP/1.1', 'https://example.org:8080/path'],
  ...['http://localhost:8080/@vite/client', 'https://example.org/@user', 'https://example.org/?mail=a@b.c'],
  ...['ssh://git@github.com/a/b.git', 'postgres://user@host/db', 'docker://host:5000/image@sha256:abc'],
  ...[
    'mailto:bob@example.org',
    'git@github.com:a/b.git',
    "unexpected token '<' in JSON",
    'a basic introduction',
  ],
  ...[
    'the password is wrong',
    'tests/test_token.py::test_password',
    'std::token::x',
    'a -- b',
    'don\'t do: x="y"',
  ],
  ...[
    '2024-01-15T10:20:30Z: done',
    'class="sk-toggleable__content"',
    '<key>name</key>',
    '<author>bob</author>',
  ],
  ...[
    '/usr/lib/python3.11/site-packages/jwt/api_jws.py',
    'sha256 of a file',
    'mysql -p db',
    'ssh -p 22 host',
  ],
  ...[
    'docker run -p 8080:80 image',
    'curl -o out https://example.org',
    'sort --key 2',
    'x --key /etc/a.pem',
    'id: 7',
  ],
  ...[
    'SELECT key, value FROM t WHERE id = 1',
    'x == y',
    'a: b, c: d',
    'lambda key: key[0]',
    '{1: 2}',
    'a && b',
  ],
];

test('ordinary texts stay as they are', () => {
  assert.ok(innocents.length >= 60);
  for (const text of innocents) assert.equal(hideInText(text, false), text);
});

const commandLines: readonly (readonly [string, string])[] = [
  ['x|--password=Tr0ub&LEAK', 'x|--password=<hidden>'],
  ['x|--password=a LEAK|-v', 'x|--password=<hidden>|-v'],
  ['x|--passphrase=ab,LEAK', 'x|--passphrase=<hidden>'],
  ['x|PGPASSWORD=a LEAK', 'x|PGPASSWORD=<hidden>'],
  ['x|--password|-LEAK|-v', 'x|--password|<hidden>|-v'],
  ['x|--api-key|-LEAK', 'x|--api-key|<hidden>'],
  ['x|--password|--token|LEAK', 'x|--password|<hidden>|<hidden>'],
  ['x|--c.NotebookApp.token=LEAK', 'x|--c.NotebookApp.token=<hidden>'],
  ['java|-Djavax.net.ssl.keyStorePassword=LEAK', 'java|-Djavax.net.ssl.keyStorePassword=<hidden>'],
  ['x|--senha|LEAK|--пароль=LEAK', 'x|--senha|<hidden>|--пароль=<hidden>'],
  ['mysql|-u|me|-pLEAK|db', 'mysql|-u|me|-p<hidden>|db'],
  ['/usr/bin/mysqldump|-pLEAK', '/usr/bin/mysqldump|-p<hidden>'],
  ['curl|-u|me:LEAK|https://x', 'curl|-u|me:<hidden>|https://x'],
  ['curl|-ume:LEAK', 'curl|-ume:<hidden>'],
  ['curl|-su|me:LEAK', 'curl|-su|me:<hidden>'],
  ['curl|--user|me:LEAK', 'curl|--user|me:<hidden>'],
  ['redis-cli|-a|LEAK|ping', 'redis-cli|-a|<hidden>|ping'],
  ['sshpass|-p|LEAK|ssh|-p|22|h', 'sshpass|-p|<hidden>|ssh|-p|22|h'],
  ['sshpass|-pLEAK|ssh|h', 'sshpass|-p<hidden>|ssh|h'],
  ['docker|login|-u|me|-p|LEAK', 'docker|login|-u|me|-p|<hidden>'],
  ['docker|run|-p|80:80|x', 'docker|run|-p|80:80|x'],
  ['x|--key|LEAK', 'x|--key|<hidden>'],
  ['x|--pat=LEAK', 'x|--pat=<hidden>'],
  ['sh|-c|mysql -pLEAK db', 'sh|-c|mysql -p<hidden> db'],
  ['gunicorn: worker --password LEAK', 'gunicorn: worker --password <hidden>'],
  ['x|postgres://u:p@LEAK@h', 'x|postgres://u:<hidden>@h'],
  ['x|https://example.org/?token=LEAK&page=2', 'x|https://example.org/?token=<hidden>&page=2'],
  ['app.py|-p|8080|--user|bob|-v', 'app.py|-p|8080|--user|bob|-v'],
  ['x|--max-tokens|4096|--no-password|app', 'x|--max-tokens|4096|--no-password|app'],
  ['x|--password-stdin|app|--key|2|--seed|42', 'x|--password-stdin|app|--key|2|--seed|42'],
  ['x|--token-file|/run/t|--cache-key|view', 'x|--token-file|/run/t|--cache-key|view'],
];

test('a value of a command line ends where its word ends', () => {
  for (const [line, shown] of commandLines) assert.equal(hideInCommandLine(line.split('|')).join('|'), shown);
});

test('a command line of millions of characters is cut, and not within a secret', () => {
  const shown = hideInCommandLine(['x', '--password', 'LEAK'.repeat(1e6), '--token', 'LEAK']);
  assert.deepEqual(shown, ['x', '--password', '<hidden>', '…']);
  const many = hideInCommandLine(Array<string>(1e6).fill('word'));
  assert.ok(many.length < 1e5 && many.at(-1) === '…');
  const cut = hideInCommandLine([`${'x'.repeat(262_110)} amqp://user:${'LEAK'.repeat(10)}@host`]);
  assert.ok(!cut.join().includes('LEAK'));
});

// To count what is covered slows each piece of code in its own way.
const timed = { skip: process.env['NODE_V8_COVERAGE'] ? 'coverage is counted' : false };

test('a text of hostile shape takes no more than linear time', timed, () => {
  const pieces = [
    ...[
      'a',
      'a=',
      'key=',
      'key="',
      "key='a ",
      'key=[',
      'password: ',
      'password=None,',
      'password:\n',
      '<key>',
    ],
    ...[
      '<key ',
      '<password',
      'login=',
      'max_tokens=5=',
      'eyJ',
      'eyJ-',
      'a://',
      'a://b:',
      'a://b:c@',
      'https://a@',
    ],
    ...[
      '"',
      '\\"',
      "'",
      "'a ",
      ' -',
      '-p ',
      'a,',
      'a b ',
      '( ',
      'identified ',
      'identified with ',
      'key ',
      '%3D',
    ],
    ...[
      '\\',
      ' ',
      '\n',
      '[',
      'ghp_',
      '$2b$',
      '-----BEGIN ',
      'sig=?',
      'é',
      '😀',
      'password ( ',
      '--key ',
      '::',
    ],
  ];
  const costOf = (text: string) => {
    const before = process.cpuUsage();
    hideInText(text, true);
    // Which of it was in the kernel, Linux guesses at its clock ticks; the sum is exact.
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  for (const piece of pieces) {
    const [short, long] = [4_000, 32_000].map((length) => piece.repeat(length / piece.length)) as [
      string,
      string,
    ];
    // 8 times as long: 64 times the cost, were it quadratic. Very short times are not exact.
    const limit = 32 * Math.max(1_000, Math.min(costOf(short), costOf(short)));
    // The first run also compiles, and a busy machine may disturb any.
    const isLinear = [1, 2, 3].some(() => costOf(long) < limit);
    assert.ok(isLinear, `${JSON.stringify(piece)} takes more than ${limit} µs`);
  }
});
