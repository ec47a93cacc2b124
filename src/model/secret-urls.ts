import type { Span } from './hidden-spans.js';
import { looksSecret } from './secret-shapes.js';

/** There a colon and digits are a port and an `@` in the path belongs to it: `http://localhost:8080/@vite`. */
const database =
  /^(?:postgres|mysql|maria|mongo|redis|amqp|mssql|sqlserver|oracle|cockroach|clickhouse|ldap)/i;
const web = /^(?:https?|wss?|git\+https?)$/i;

/**
 * What lies before the last `@` of `scheme://user:password@host` and `https://token@host`. The password may hold `/`,
 * `#`, `?` and `@`.
 * `isCut`: the text goes on beyond what is there, so the `@` may be missing.
 */
export function userInfoSpans(text: string, isCut: boolean): Span[] {
  const spans: Span[] = [];
  const ends = new Map<string, { end: number; lastAt: number }>();
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const scheme = /[a-z][a-z\d+.-]{0,30}$/i.exec(text.slice(Math.max(0, at - 31), at))?.[0];
    if (scheme === undefined) continue;
    const quote = text[at - scheme.length - 1] ?? '';
    const start = at + 3;
    // Looked for once in all URLs that end at the same place: else a row of them takes quadratic time.
    let extent = ends.get(quote);
    if (!extent || extent.end < start) {
      const end = urlEnd(text, start, quote);
      extent = { end, lastAt: text.lastIndexOf('@', end - 1) };
      ends.set(quote, extent);
    }
    const span = userInfoSpan(text, scheme, start, extent, isCut);
    if (span) spans.push(span);
  }
  return spans;
}

function urlEnd(text: string, start: number, quote: string): number {
  const stop = quote === '"' || quote === "'" ? new RegExp(`[\\s<>${quote}]`, 'g') : /[\s<>]/g;
  stop.lastIndex = start;
  return stop.exec(text)?.index ?? text.length;
}

function userInfoSpan(
  text: string,
  scheme: string,
  start: number,
  extent: { readonly end: number; readonly lastAt: number },
  isCut: boolean,
): Span | undefined {
  const segmentEnd = endOfSegment(text, start, extent.end);
  const segment = text.slice(start, segmentEnd);
  const colon = segment.indexOf(':');
  const hasAt = segment.includes('@');
  let { lastAt } = extent;
  const isPort = !hasAt && /^(?:\[.*\]|[^:]*):\d{0,5}$/.test(segment);
  // A URL that is all of the text: its password may hold spaces.
  if (lastAt < start && colon >= 0 && !isPort && start === scheme.length + 3) lastAt = text.lastIndexOf('@');
  if (colon < 0 || (hasAt && segment.indexOf('@') < colon && !segment.slice(colon).includes('@'))) {
    // Only a user, who is a token in the web and a name elsewhere: `ssh://git@host`.
    const end = start + segment.lastIndexOf('@');
    return hasAt && (web.test(scheme) || looksSecret(text.slice(start, end))) ? [start, end] : undefined;
  }
  if (segment.startsWith('[') || (isPort && !database.test(scheme))) return undefined;
  const secret = start + colon + 1;
  if (lastAt >= secret) {
    const user = text.slice(start, secret - 1);
    const password = text.slice(secret, lastAt);
    const isToken = password === '' || password === 'x-oauth-basic' || looksSecret(user);
    return [isToken ? start : secret, lastAt];
  }
  return isCut && !isPort && extent.end === text.length ? [secret, text.length] : undefined;
}

function endOfSegment(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const sign = text[at];
    if (sign === '/' || sign === '?' || sign === '#') return at;
  }
  return end;
}
