import { isIPv4 } from 'node:net';
import { PyglassError } from '../model/error.js';
import { urlCredentials } from './url-credentials.js';

/** What stands between us and a receiver. */
export interface PushProxy {
  /** Its URL without credentials. */
  readonly shown: string;
  /** What comes after `Basic ` in a header; absent: it gets no credentials. */
  readonly basic: string | undefined;
  readonly secrets: readonly string[];
}

/** Of connections to a proxy that failed: those of a connection through one have the same codes. */
export const errorsOfProxies = new WeakSet<object>();

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment has for a URL: HTTPS_PROXY or HTTP_PROXY by its scheme, but not where NO_PROXY names
 * it, nor for what listens on this machine alone. Variables in small letters come first, also where they are empty, as
 * curl has them. Throws `bad-option`.
 */
export function proxyFor(url: URL, environment: Environment): PushProxy | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = variable(name, environment);
  if (text === '' || isLoopback(url) || isExcluded(url, variable('NO_PROXY', environment))) return undefined;
  return parsed(text, name);
}

function variable(name: string, environment: Environment): string {
  return (environment[name.toLowerCase()] ?? environment[name] ?? '').trim();
}

/** A proxy would look for it on its own machine. So has Go it, in which most agents are written. */
function isLoopback({ hostname }: URL): boolean {
  const host = hostname.replace(/\.$/, '');
  if (isIPv4(host)) return host.startsWith('127.');
  // Addresses of IPv4 in IPv6 have no dots in a URL.
  return host === 'localhost' || host.endsWith('.localhost') || /^\[(?:::1|::ffff:7f..:.+)\]$/.test(host);
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
    return { shown: url.origin, ...urlCredentials(url) };
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
  const { shown: url, basic } = proxy;
  const onError = (error: Error) => errorsOfProxies.add(error);
  const known = fetches.get(proxy) ?? proxiedFetch({ url, basic, onError });
  fetches.set(proxy, known);
  return known;
}
