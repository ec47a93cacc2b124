import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { readOtlp } from './read-otlp.js';
import { type ReadPprof, readPprof } from './read-pprof.js';

/** A profile as the receiver got it. */
export interface ReceivedProfile {
  readonly service: string;
  /** Of the resource, where it came by OTLP. */
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since the epoch. */
  readonly from: number;
  readonly until: number;
  readonly rate: number;
  readonly headers: IncomingMessage['headers'];
  readonly profile: Pick<ReadPprof, 'types' | 'samples' | 'comments'>;
}

/** How an answer goes wrong: a status with headers, a connection that is cut, none at all. */
export type Misbehaviour =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly text?: string | Uint8Array;
    }
  | 'reset'
  | 'silent';

/** Certificate and key of a receiver that speaks TLS. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Takes pushes as Pyroscope's /ingest and OTLP do, checks them, and misbehaves when it is asked to. */
export class FakeReceiver implements AsyncDisposable {
  readonly received: ReceivedProfile[] = [];
  /** What was wrong with a request. */
  readonly errors: unknown[] = [];
  requests = 0;
  /** Next answers, the first one first; then `always`; then all is well. */
  readonly next: Misbehaviour[] = [];
  always: Misbehaviour | undefined;
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();
  #scheme = 'http';

  private constructor(certificate?: Certificate) {
    const listener = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response);
    if (certificate) this.#scheme = 'https';
    this.#server = certificate ? createSecureServer(certificate, listener) : createServer(listener);
  }

  static async start(certificate?: Certificate, port = 0): Promise<FakeReceiver> {
    const receiver = new FakeReceiver(certificate);
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  /** Waits until what it got is as it should be. */
  async until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    this.requests++;
    const wrong = this.next.shift() ?? this.always;
    if (wrong === undefined) {
      try {
        this.received.push(read(request, Buffer.concat(chunks)));
        response.end();
      } catch (error) {
        this.errors.push(error);
        response.writeHead(400).end(String(error));
      }
    } else if (wrong === 'reset') request.socket.destroy();
    else if (wrong !== 'silent') response.writeHead(wrong.status, wrong.headers).end(wrong.text);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** What https://grafana.com/docs/pyroscope/latest/reference-server-api/ says of a request to /ingest. */
function read(request: IncomingMessage, body: Buffer): ReceivedProfile {
  assert.equal(request.method, 'POST');
  if (request.url === '/v1development/profiles') return readOtlpRequest(request, body);
  // Braces must be encoded: no URL may have them.
  assert.match(request.url!, /^[\w/?&=%.+~-]+$/);
  const url = new URL(request.url!, 'http://receiver');
  assert.equal(url.pathname, '/ingest');
  const query = Object.fromEntries(url.searchParams);
  assert.deepEqual(Object.keys(query).sort(), ['format', 'from', 'name', 'sampleRate', 'spyName', 'until']);
  const { name = '', format, from = '', until = '', sampleRate = '' } = query;
  assert.equal(format, 'pprof');
  for (const number of [from, until, sampleRate]) assert.match(number, /^\d+$/);
  assert.ok(Number(from) < Number(until));
  const [, service, labels] = /^([\w-]+)\{(.*)\}$/s.exec(name) ?? [];
  assert.ok(service !== undefined && labels !== undefined, name);
  const pairs = labels === '' ? [] : labels.split(',').map((pair) => pair.split('='));
  for (const pair of pairs) {
    assert.equal(pair.length, 2, labels);
    assert.match(pair[0]!, /^[a-zA-Z_]\w*$/);
  }
  const profile = readPprof(gunzipSync(body));
  for (const { labels: own } of profile.samples)
    for (const key of Object.keys(own)) assert.match(key, /^[a-zA-Z_]\w*$/);
  return {
    ...{ service, labels: Object.fromEntries(pairs), from: Number(from), until: Number(until) },
    ...{ rate: Number(sampleRate), headers: request.headers, profile },
  };
}

/** What https://opentelemetry.io/docs/specs/otlp/#otlphttp-request says. */
function readOtlpRequest({ headers }: IncomingMessage, body: Buffer): ReceivedProfile {
  assert.equal(headers['content-type'], 'application/x-protobuf');
  assert.equal(headers['content-encoding'], 'gzip');
  const profile = readOtlp(gunzipSync(body));
  const { 'service.name': service, ...resource } = profile.resource;
  // In whole nanoseconds: a sum of seconds would be another number than the beginning of the next window.
  const until = profile.timeNanos + BigInt(profile.durationNanos);
  return {
    service: String(service),
    labels: Object.fromEntries(Object.entries(resource).map(([key, value]) => [key, String(value)])),
    ...{ from: Number(profile.timeNanos) / 1e9, until: Number(until) / 1e9 },
    rate: 1e9 / Number.parseInt(profile.period, 10),
    ...{ headers, profile },
  };
}

/** Nanoseconds of all samples, or of those with these labels. */
export function totalOf(
  received: readonly ReceivedProfile[],
  type: 'wall' | 'cpu',
  labels: Readonly<Record<string, string>> = {},
): number {
  let sum = 0;
  for (const { profile } of received)
    for (const sample of profile.samples)
      if (Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
        sum += sample.values[type] ?? 0;
  return sum;
}
