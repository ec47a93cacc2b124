import { readFileSync } from 'node:fs';
import { fileError } from '../disk/file-error.js';
import { PyglassError } from '../model/error.js';
import { type ReceiverId, receiverIds } from '../model/receiver-id.js';
import { type PushProxy, proxyFor } from './push-proxy.js';
import type { Receiver } from './receiver.js';
import { receivers } from './receivers.js';
import { urlCredentials } from './url-credentials.js';

/** A receiver of profiles, and how it knows us. */
export interface PushTarget {
  readonly receiver: Receiver;
  /** Without credentials: for messages and logs. */
  readonly shown: string;
  /** Where profiles go: without credentials. */
  readonly endpoint: string;
  readonly proxy: PushProxy | undefined;
  /** Headers that are secret or say for whom the profiles are. */
  readonly headers: Readonly<Record<string, string>>;
  /** What must not be shown, whoever says it. */
  readonly secrets: readonly string[];
}

/** Secrets come from files and the environment: a command line is seen by everybody on the machine. */
export interface PushSecrets {
  /** A file with the bearer token. Comes before `PYGLASS_PUSH_TOKEN`. */
  readonly tokenFile?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface PushOptions extends PushSecrets {
  readonly format?: ReceiverId | undefined;
}

/** Such as a Grafana Cloud token: more is no token. */
const longestToken = 10_000;

/** The receiver at a URL. Throws `bad-option`, and file errors of the token's file. */
export function pushTarget(text: string, { format, tokenFile, environment }: PushOptions): PushTarget {
  const url = parsed(text);
  const receiver = receiverOf(format, url);
  const token = tokenOf(tokenFile, environment);
  const tenant = environment['PYGLASS_PUSH_TENANT'] ?? '';
  const { basic, secrets } = urlCredentials(url);
  if (basic !== undefined && token !== '')
    throw badUrl('a URL with a user and a token cannot be combined', ['Leave out one of them.']);
  const headers: Record<string, string> = {};
  if (basic !== undefined) headers['authorization'] = `Basic ${basic}`;
  if (token !== '') headers['authorization'] = `Bearer ${token}`;
  if (tenant !== '') headers['x-scope-orgid'] = headerValue(tenant, 'PYGLASS_PUSH_TENANT');
  const base = withoutPath(url, receiver);
  const proxy = proxyFor(url, environment);
  return {
    receiver,
    shown: `${url.origin}${base}`,
    endpoint: `${url.origin}${base}${receiver.path}`,
    headers,
    proxy,
    secrets: [...(token === '' ? [] : [token]), ...secrets, ...(proxy?.secrets ?? [])],
  };
}

function parsed(text: string): URL {
  // What is wrong with it is not said with its text: there may be a password in it.
  const remedy = ['Such as http://localhost:4040 or https://USER:PASSWORD@profiles.example.com'];
  if (!/^https?:\/\//i.test(text))
    throw badUrl('the URL to push to must begin with http:// or https://', remedy);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw badUrl('the URL to push to is not valid', remedy);
  }
  if (url.search !== '' || url.hash !== '')
    throw badUrl('the URL to push to must have no ? and no #', [
      'A token goes into PYGLASS_PUSH_TOKEN, or into a file: --push-token-file FILE',
    ]);
  return url;
}

function receiverOf(format: ReceiverId = receiverIds[0], url: URL): Receiver {
  const receiver = receivers[format];
  const path = withoutSlash(url);
  const other = Object.values(receivers).find((one) => one !== receiver && path.endsWith(one.path));
  if (other)
    throw badUrl(`the URL to push to ends in ${other.path}, which is for ${other.id}`, [
      `To push in that format: --push-format ${other.id}`,
    ]);
  return receiver;
}

/** The path of a URL, with or without that at which its receiver takes profiles. */
function withoutPath(url: URL, { path }: Receiver): string {
  const base = withoutSlash(url);
  return base.endsWith(path) ? base.slice(0, -path.length) : base;
}

function withoutSlash({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}

function tokenOf(file: string | undefined, environment: PushSecrets['environment']): string {
  if (file === undefined)
    return headerValue((environment['PYGLASS_PUSH_TOKEN'] ?? '').trim(), 'PYGLASS_PUSH_TOKEN');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  const token = headerValue(text.trim(), `the token in ${file}`);
  if (token === '') throw badUrl(`there is no token in ${file}`, []);
  return token;
}

/** A header is one line of visible characters. */
function headerValue(value: string, what: string): string {
  if (value.length > longestToken || !/^[\x21-\x7e]*$/.test(value))
    throw badUrl(`${what} is no single word of ASCII`, []);
  return value;
}

function badUrl(message: string, remedy: readonly string[]): PyglassError {
  return new PyglassError('bad-option', message, { remedy });
}

/** A text of somebody else with our secrets taken out of it. */
export function withoutSecrets(text: string, { secrets }: PushTarget): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '<hidden>'), text);
}
