import type { ProfileMessage } from './profile-message.js';
import { errorsOfProxies, fetchBy } from './push-proxy.js';
import { type PushTarget, withoutSecrets } from './push-target.js';
import type { ReceiverRequest } from './receiver.js';

/** What became of one attempt to send a profile. `reason`: a part of a sentence, secrets hidden. */
export type SendOutcome =
  | { readonly kind: 'delivered'; readonly warning?: string }
  /** The receiver did not take all of it, and must not get it again. `said`: secrets hidden, may be empty. */
  | { readonly kind: 'in-part'; readonly said: string }
  /** The receiver does not want it: again is no use. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may work later. `after`: milliseconds that the receiver asks to wait for. */
  | { readonly kind: 'failed'; readonly reason: string; readonly after?: number; readonly isFault?: true };

export interface SendOptions {
  readonly fetch: typeof fetch;
  /** Milliseconds until an answer is no longer waited for. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch, for a `Retry-After` that is a date. */
  readonly now: () => number;
}

/** What a receiver says of an error, characters. */
const longestAnswer = 200;
/** What of an answer is read, bytes. */
const mostRead = 16_384;
/** A `Retry-After` of more is not believed, milliseconds. */
const longestPause = 300_000;

/** Sends a profile once. Never rejects. */
export async function sendProfile(
  target: PushTarget,
  message: ProfileMessage,
  options: SendOptions,
): Promise<SendOutcome> {
  const { timeout, signal } = options;
  let request: ReceiverRequest;
  try {
    request = target.receiver.request(target.endpoint, message);
  } catch {
    return { kind: 'refused', reason: 'the profile cannot be read' };
  }
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, timeout);
  // Not by AbortSignal.any: what lives for months would keep something of each attempt (Node 20).
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  try {
    const send = target.proxy ? await fetchBy(target.proxy) : options.fetch;
    const response = await send(request.url, {
      method: 'POST',
      headers: { ...target.headers, ...request.headers },
      // A view of shared memory is no body for the types of all versions of Node.
      body: Buffer.from(request.body),
      // Credentials are for this receiver alone.
      redirect: 'manual',
      signal: attempt.signal,
    });
    return await outcomeOf(response, target, options.now());
  } catch (error) {
    const reason = isLate
      ? `there was no answer within ${timeout / 1000} s`
      : signal?.aborted
        ? 'it was stopped'
        : connectionError(error, target);
    return { kind: 'failed', reason: withoutSecrets(reason, target) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

async function outcomeOf(response: Response, target: PushTarget, now: number): Promise<SendOutcome> {
  const { status } = response;
  const { receiver } = target;
  // Also of success: so that the connection is free for the next one.
  const body = await beginningOf(response);
  if (response.ok) {
    const { rejected, warning } = receiver.notes?.(body) ?? {};
    if (rejected !== undefined) return { kind: 'in-part', said: shown(rejected, target) };
    return { kind: 'delivered', ...(warning === undefined ? {} : { warning: shown(warning, target) }) };
  }
  const mediaType = response.headers.get('content-type') ?? '';
  const said = shown(receiver.text?.(body, mediaType) ?? new TextDecoder().decode(body), target);
  const reason = `the answer was ${status}${said === '' ? '' : `: ${said}`}`;
  const meaning = status < 400 ? 'refused' : receiver.meaningOf(status);
  if (meaning === 'refused') return { kind: 'refused', reason };
  if (meaning === 'fault') return { kind: 'failed', reason, isFault: true };
  const after = retryAfter(response.headers.get('retry-after'), now);
  return { kind: 'failed', reason, ...(after === undefined ? {} : { after }) };
}

async function beginningOf(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.body)
    for await (const chunk of response.body) {
      chunks.push(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
      if (bytes >= mostRead) break;
    }
  return Buffer.concat(chunks).subarray(0, mostRead);
}

/** Of a text of any length, in one line and without secrets. */
function shown(text: string, target: PushTarget): string {
  const line = withoutSecrets(text.slice(0, mostRead), target).replace(/\p{Cc}+/gu, ' ');
  return line.slice(0, longestAnswer).trim();
}

/** Seconds or a date, in milliseconds from now. */
function retryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const pause = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(pause) ? Math.min(longestPause, Math.max(0, pause)) : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no machine of that name',
  EAI_AGAIN: 'the name of the machine cannot be looked up now',
  ECONNRESET: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection was closed',
  EHOSTUNREACH: 'the machine cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the machine does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the machine does not answer',
  ...{
    ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
    CERT_HAS_EXPIRED: 'its certificate has expired',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an authority that is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** `fetch` hides what happened in the cause, or in the cause of that. */
function connectionError(error: unknown, { endpoint, proxy }: PushTarget): string {
  const causes = causesOf(error);
  for (const { message } of causes) {
    const [, status] = /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(String(message)) ?? [];
    if (status !== undefined && proxy) return `the proxy ${proxy.shown}: its answer was ${status}`;
  }
  const codes = causes.flatMap(({ code }) => (typeof code === 'string' ? [code] : []));
  const code = codes.find((one) => Object.hasOwn(reasons, one)) ?? codes[0];
  if (code === undefined) return error instanceof Error ? error.message : 'the connection failed';
  const reason = reasons[code] ?? `the connection failed (${code})`;
  if (!proxy) return reason;
  // Without a tunnel, all connections are to the proxy.
  const hasTunnel = [endpoint, proxy.shown].some((url) => url.startsWith('https:'));
  const isOfProxy = !hasTunnel || causes.some((cause) => errorsOfProxies.has(cause));
  return `${isOfProxy ? '' : 'through '}the proxy ${proxy.shown}: ${reason}`;
}

interface Cause {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
}

function causesOf(error: unknown): Cause[] {
  const causes: Cause[] = [];
  for (let { cause } = error as Cause; cause && causes.length < 5; { cause } = causes.at(-1)!) {
    causes.push(cause as Cause);
    if (cause instanceof AggregateError) causes.push(cause.errors[0]);
  }
  return causes;
}
