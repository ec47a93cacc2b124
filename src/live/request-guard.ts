import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Names by which a browser reaches this machine. Any port: it may be forwarded (`ssh -L`). A page that has another name
 * resolved to 127.0.0.1 (DNS rebinding) sends that name.
 */
const hosts = /^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/i;

export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Shows nothing by itself: whoever opens it may come from anywhere, as a click in a terminal of a browser does. */
  readonly isPage: boolean;
}

/** Why a request is refused whatever it asks for: it comes from another page, or by another name of this machine. */
export function whyRefused({ method, headers, isPage }: GuardedRequest): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !hosts.test(host)) return 'this host is not served';
  if (origin !== undefined && origin !== `http://${host}`) return 'another origin is not served';
  const site = headers['sec-fetch-site'];
  if (!isPage && site !== undefined && site !== 'same-origin') return 'another site is not served';
  // Every browser sends it with what changes something.
  if (method !== 'GET' && origin === undefined) return 'a request that changes something needs its origin';
  return undefined;
}

/** In a time that says nothing of how much of it is right. */
export function isToken(token: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(given));
}
