/**
 * Names of what is not for everybody's eyes. Written together in small letters: `X-Api-Key`, `api_key` and `apiKey`
 * are the same. A new one is a word here and in the test.
 */

/** Wherever they occur in a name: `db_password_old`. */
const anywhere: readonly string[] = [
  ...[
    'password',
    'passwd',
    'passphrase',
    'passwort',
    'pwd',
    'secret',
    'token',
    'credential',
    'authorization',
  ],
  ...[
    'authentication',
    'cookie',
    'session',
    'apikey',
    'accesskey',
    'privatekey',
    'signingkey',
    'encryptionkey',
  ],
  ...['secretkey', 'sshkey', 'bearer', 'csrf', 'xsrf', 'jwt', 'oauth', 'connectionstring'],
];

/** Only as a word of their own: `auth`, `user_pw`, but not `author`. */
const words: readonly string[] = [
  'auth',
  'pass',
  'pw',
  'pin',
  'otp',
  'sid',
  'creds',
  'cred',
  'pem',
  'cvv',
  'ssn',
];

const pattern = new RegExp(anywhere.join('|'));

/** Whether what goes by this name of a variable, attribute, key, header or option is to be hidden. */
export function isSecretName(name: string): boolean {
  if (name.length > 200) return true;
  const parts = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  return pattern.test(parts.join('')) || parts.some((part) => words.includes(part));
}
