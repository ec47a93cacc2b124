// The `fetch` of Node knows of no proxy before version 24. This is loaded only where there is one: undici has 740 kB.
import { ProxyAgent, fetch as undiciFetch } from 'undici';

/** `fetch` by the proxy at this URL, which may have credentials. */
export function proxiedFetch(url: string): typeof fetch {
  // What is not encrypted goes without a tunnel: many proxies allow these to port 443 alone.
  const dispatcher = new ProxyAgent({ uri: url, proxyTunnel: false });
  // The types of Node are those of another version of the same library.
  const send = undiciFetch as unknown as typeof fetch;
  return (input, init) => send(input, { ...init, dispatcher } as unknown as RequestInit);
}
