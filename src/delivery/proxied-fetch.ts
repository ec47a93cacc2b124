// The `fetch` of Node 20 knows of no proxy. This is loaded only where there is one: undici has 740 kB.
import { isIP } from 'node:net';
import { buildConnector, Pool, ProxyAgent, fetch as undiciFetch } from 'undici';

export interface ProxiedOptions {
  /** Of the proxy, without credentials. */
  readonly url: string;
  /** What comes after `Basic ` in a header, if anything. */
  readonly basic: string | undefined;
  /** A connection to the proxy itself failed. */
  readonly onError: (error: Error) => void;
}

/** `fetch` by a proxy. */
export function proxiedFetch({ url, basic, onError }: ProxiedOptions): typeof fetch {
  const connectToProxy = buildConnector({});
  const connect: buildConnector.connector = ({ servername, ...options }, callback) =>
    // An address is no name of a server: undici gives it all the same, and Node 26 refuses it.
    connectToProxy(servername && !isIP(servername) ? { ...options, servername } : options, (...result) => {
      if (result[0]) onError(result[0]);
      callback(...result);
    });
  const dispatcher = new ProxyAgent({
    uri: url,
    // What is not encrypted goes without a tunnel: many proxies allow these to port 443 alone.
    proxyTunnel: false,
    // Not in the URL, of which it takes no user without a password.
    ...(basic === undefined ? {} : { token: `Basic ${basic}` }),
    clientFactory: (origin) => new Pool(origin, { connect }),
  });
  // The types of Node are those of another version of the same library.
  const send = undiciFetch as unknown as typeof fetch;
  return (input, init) => send(input, { ...init, dispatcher } as unknown as RequestInit);
}
