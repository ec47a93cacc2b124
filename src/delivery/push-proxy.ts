import { PyglassError } from '../model/error.js';

/** What stands between us and a receiver. */
export interface PushProxy {
  /** With its credentials. */
  readonly url: string;
  /** Without them: for messages. */
  readonly shown: string;
  readonly secrets: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment has for a URL: HTTPS_PROXY or HTTP_PROXY by its scheme, but not where NO_PROXY names
 * it. Variables in small letters come first, as curl has them. Throws `bad-option`.
 */
export function proxyFor(url: URL, environment: Environment): PushProxy | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = variable(name, environment);
  if (text === '' || isExcluded(url, variable('NO_PROXY', environment))) return undefined;
  return parsed(text, name);
}

function variable(name: string, environment: Environment): string {
  return (environment[name.toLowerCase()] ?? environment[name] ?? '').trim();
}

/** `*`, names that end so, addresses, each with a port or without. */
function isExcluded({ hostname, protocol, port }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const ofScheme = protocol === 'https:' ? '443' : '80';
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      // Otherwise it is an address of IPv6 without brackets.
      const [, inBrackets, plain = entry, wanted] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
      const name = (inBrackets ?? plain).replace(/^\*?\./, '');
      if (name === '' || (wanted !== undefined && wanted !== (port || ofScheme))) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

function parsed(text: string, name: string): PushProxy {
  try {
    const url = new URL(/^[a-z][\w+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    if (!/^https?:$/.test(url.protocol)) throw new Error('another kind of proxy');
    const [user, password] = [url.username, url.password].map(decodeURIComponent) as [string, string];
    const hasUser = user !== '' || password !== '';
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    return {
      url: url.href,
      shown: url.origin,
      secrets: [password, url.password, hasUser ? basic : ''].filter((secret) => secret !== ''),
    };
  } catch {
    // Not with its text: there may be a password in it.
    throw new PyglassError('bad-option', `the proxy in ${name} is not valid`, {
      remedy: ['Such as http://proxy.example.com:3128 or http://USER:PASSWORD@proxy.example.com:3128'],
    });
  }
}

const fetches = new WeakMap<PushProxy, typeof fetch>();

/** `fetch` by a proxy; connections are kept from one call to the next. */
export async function fetchBy(proxy: PushProxy): Promise<typeof fetch> {
  const { proxiedFetch } = await import('./proxied-fetch.js');
  const known = fetches.get(proxy) ?? proxiedFetch(proxy.url);
  fetches.set(proxy, known);
  return known;
}
