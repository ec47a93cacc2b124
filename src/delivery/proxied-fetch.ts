// The `fetch` of Node 20 knows of no proxy. This is loaded only where there is one: undici has 740 kB.
import { buildConnector, Pool, ProxyAgent, fetch as undiciFetch } from 'undici';
import { errorsOfProxies, type PushProxy } from './push-proxy.js';

const connectToProxy = buildConnector({});

/** `fetch` by this proxy. */
export function proxiedFetch({ shown, basic }: PushProxy): typeof fetch {
  const dispatcher = new ProxyAgent({
    uri: shown,
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

const connect: buildConnector.connector = (options, callback) =>
  connectToProxy(options, (...result) => {
    if (result[0]) errorsOfProxies.add(result[0]);
    callback(...result);
  });
