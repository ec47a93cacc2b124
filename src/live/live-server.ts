import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blockOf } from '../disk/recording-file.js';
import type { RecordingSource } from '../disk/recording-source.js';
import { PyglassError } from '../model/error.js';
import { type LiveStart, livePieceBytes } from '../model/live-state.js';
import { endPayload } from '../recording/end-payload.js';
import { livePage, livePolicy } from './live-page.js';
import type { LiveSource } from './live-source.js';
import { isToken, whyRefused } from './request-guard.js';
import { ownsConnection } from './socket-owner.js';
import { Viewers } from './viewers.js';

const address = '127.0.0.1';
/** Of chance, in the address of the page. */
const tokenBytes = 16;
/** A page takes one connection and sometimes a second. What takes more takes our files. */
const mostConnections = 64;
/** Milliseconds within which a request must have come. */
const requestTime = 10_000;
/** Milliseconds for a browser to start. */
const ticketTime = 60_000;

const headers = {
  'Content-Security-Policy': livePolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/**
 * The server of a live page, on this machine alone. Whoever has the token in its address sees the recording, and can
 * begin a new one; nothing on the machine can be written through it.
 */
export class LiveServer {
  readonly #source: LiveSource;
  readonly #start: LiveStart;
  readonly #token = randomBytes(tokenBytes).toString('base64url');
  readonly #viewers: Viewers;
  readonly #server = createServer((request, response) => this.#serve(request, response));
  #ticket: string | undefined;
  #port = 0;

  constructor(source: LiveSource, start: LiveStart) {
    this.#source = source;
    this.#start = start;
    this.#viewers = new Viewers(() => source.state());
    this.#server.maxConnections = mostConnections;
    this.#server.headersTimeout = requestTime;
    this.#server.requestTimeout = requestTime;
  }

  /** `port`: 0 for one that is free. Throws `port-in-use`. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
      this.#server.listen(port, address, resolve);
    });
    this.#server.on('error', () => {});
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** The address of the page, for who may see it. */
  get url(): string {
    return `http://${address}:${this.#port}/${this.#token}/`;
  }

  /**
   * An address for a command line, which every user of the machine can read: it leads to the page once, and only a
   * browser of our own user.
   */
  ticketUrl(): string {
    const ticket = randomBytes(tokenBytes).toString('base64url');
    this.#ticket = ticket;
    setTimeout(() => {
      if (this.#ticket === ticket) this.#ticket = undefined;
    }, ticketTime).unref();
    return `http://${address}:${this.#port}/open/${ticket}`;
  }

  /** There is more of the recording. */
  grown(): void {
    this.#viewers.grown();
  }

  /** Something else of the state has changed. */
  changed(): void {
    this.#viewers.changed();
  }

  async close(): Promise<void> {
    this.#viewers.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    // What has not read its last event by then had its chance.
    setTimeout(() => this.#server.closeAllConnections(), lastEventTime).unref();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {});
    // Nothing that is sent to us is of interest.
    request.on('error', () => {}).resume();
    try {
      this.#answer(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof Refusal) answer(response, error.status, error.message);
      // What the disk says; the page shows it.
      else if (error instanceof PyglassError) answer(response, 500, error.message);
      else throw error;
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = request;
    const [, first = '', what, ...more] = pathOf(url);
    const isOpening = first === 'open';
    const isPage = method === 'GET' && (isOpening || what === '');
    const why = whyRefused({ method, headers, isPage });
    if (why !== undefined) throw new Refusal(403, `Refused: ${why}.`);
    if (isOpening && method === 'GET') this.#open(what ?? '', request, response);
    else if (!isToken(this.#token, first) || what === undefined || more.length > 0) throw wrongAddress();
    else {
      const act = this.#actions[`${method} ${what}`];
      if (act === undefined) throw new Refusal(404, 'There is nothing here.');
      act(response, queryOf(url));
    }
  }

  readonly #actions: Readonly<Record<string, (response: ServerResponse, query: URLSearchParams) => void>> = {
    'GET ': (response) => {
      response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' });
      response.end(livePage(this.#start));
    },
    'GET events': (response) => {
      response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
      this.#viewers.add(response);
    },
    'GET recording': (response, query) => {
      const source = this.#recording(numberIn(query, 'number'));
      const piece = source.readAt(numberIn(query, 'from'), livePieceBytes);
      response.writeHead(200, { ...headers, 'Content-Type': 'application/octet-stream' }).end(piece);
    },
    'GET save': (response, query) => this.#save(response, query),
    'POST reset': (response) => done(response, this.#source.reset()),
    'POST follow': (response, query) => done(response, this.#source.follow(numberIn(query, 'pid'))),
  };

  #recording(number: number): RecordingSource {
    const source = this.#source.recording(number);
    if (source === undefined) throw new Refusal(410, 'There is another recording by now.');
    return source;
  }

  /** Once, and by our own user; the next one is refused. */
  #open(ticket: string, request: IncomingMessage, response: ServerResponse): void {
    const wanted = this.#ticket;
    if (wanted === undefined || !isToken(wanted, ticket) || !ownsConnection(request.socket))
      throw wrongAddress();
    this.#ticket = undefined;
    response.writeHead(302, { ...headers, Location: `/${this.#token}/` }).end();
  }

  /**
   * The recording up to a byte, `duration` microseconds of it, as a file of its own. It is read as fast as it is taken.
   */
  #save(response: ServerResponse, query: URLSearchParams): void {
    const number = numberIn(query, 'number');
    const until = numberIn(query, 'until');
    if (until === 0 || this.#recording(number).size < until)
      throw new Refusal(410, 'There is no such recording.');
    response.writeHead(200, {
      ...headers,
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="live-${this.#source.state().pid}.pyglass"`,
    });
    let at = 0;
    const send = () => {
      try {
        for (let hasRoom = true; at < until && hasRoom; ) {
          const piece = this.#recording(number).readAt(at, Math.min(livePieceBytes, until - at));
          if (piece.length === 0) throw new Refusal(410, 'It has become shorter.');
          at += piece.length;
          hasRoom = response.write(piece);
        }
      } catch {
        // Half of a file is none: the browser says that it failed.
        response.destroy();
      }
      if (response.destroyed) return;
      if (at < until) response.once('drain', send);
      else response.end(blockOf(endPayload(numberIn(query, 'duration'))));
    };
    send();
  }
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function wrongAddress(): Refusal {
  return new Refusal(403, 'Refused: open the address that pyglass live printed.');
}

function done(response: ServerResponse, isDone: boolean): void {
  if (!isDone) throw new Refusal(409, 'Not possible any more.');
  answer(response, 202, 'Accepted.');
}

/** Milliseconds for a page to hear that this is the end. */
const lastEventTime = 200;

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new PyglassError('port-in-use', `port ${port} is in use`, { port }, error);
  if (error.code === 'EACCES')
    return new PyglassError('port-in-use', `port ${port} may be used by root only`, { port }, error);
  return error;
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function pathOf(url: string): string[] {
  return url.split('?', 1)[0]!.split('/');
}

function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at));
}

/** A whole number from 0 on; 0 for what is none. */
function numberIn(query: URLSearchParams, name: string): number {
  const value = Number(query.get(name) ?? 0);
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
