import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileError } from '../disk/file-error.js';
import { PyglassError } from '../model/error.js';
import type { Address } from './agent-options.js';

/** What the agent says of itself. */
export interface AgentPages {
  metrics(): string;
  /** What is wrong; empty: nothing. */
  health(): string;
  /** pprof of a process for so many seconds; `undefined`: it is not sampled. */
  pull(pid: number, seconds: number, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Those that can be pulled. */
  pids(): readonly number[];
}

/** At a time. */
const mostPulls = 16;
const longestPull = 300;

/** Answers /metrics, /healthz and /debug/pprof/profile. Rejects where it cannot listen. */
export async function startAgentServer(address: Address, pages: AgentPages): Promise<Server> {
  let pulls = 0;
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  // Nobody keeps it busy by being slow.
  server.requestTimeout = 10_000;
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, address)));
    server.listen(address.port, address.host, resolve);
  });
  return server;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isAsked(request, address)) return say(response, 403, 'this host is not served\n');
    const url = new URL(request.url ?? '/', 'http://agent');
    if (request.method !== 'GET') return say(response, 405, 'only GET is answered\n');
    if (url.pathname === '/metrics')
      return say(response, 200, pages.metrics(), 'text/plain; version=0.0.4; charset=utf-8');
    if (url.pathname === '/healthz') {
      const wrong = pages.health();
      return say(response, wrong === '' ? 200 : 503, `${wrong === '' ? 'ok' : wrong}\n`);
    }
    if (url.pathname === '/debug/pprof/profile') return pull(url.searchParams, response);
    return say(response, 404, 'there are /metrics, /healthz and /debug/pprof/profile?pid=PID&seconds=10\n');
  }

  async function pull(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const pid = Number(query.get('pid') ?? Number.NaN);
    const seconds = Number(query.get('seconds') ?? '10');
    if (!Number.isInteger(pid)) return say(response, 400, `pid must be one of: ${pages.pids().join(', ')}\n`);
    if (!(seconds >= 1 && seconds <= longestPull))
      return say(response, 400, `seconds must be from 1 to ${longestPull}\n`);
    if (pulls >= mostPulls) return say(response, 429, 'too many profiles are asked for at once\n');
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    pulls++;
    try {
      const profile = await pages.pull(pid, seconds, gone.signal);
      if (!profile) return say(response, 404, `process ${pid} is not sampled\n`);
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="pyglass-${pid}.pb.gz"`,
      });
      response.end(profile);
    } finally {
      pulls--;
    }
  }
}

function say(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(text);
}

const loopback = /^(?:127\.\d+\.\d+\.\d+|localhost|::1)$/;

/**
 * Where only this machine is served, a page in one of its browsers is not: it comes by a name that it has resolved to
 * 127.0.0.1 (DNS rebinding), or says where it is from.
 */
function isAsked({ headers: { host, origin } }: IncomingMessage, served: Address): boolean {
  if (!loopback.test(served.host)) return true;
  const name = (host ?? '').replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1');
  return origin === undefined && loopback.test(name.toLowerCase());
}

/** `127.0.0.1:4041` */
export function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

function listenError(error: NodeJS.ErrnoException, { host, port }: Address): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there',
    EACCES: 'permission is denied',
    EADDRNOTAVAIL: 'this machine has no such address',
  };
  const reason = reasons[error.code ?? ''];
  if (reason === undefined) return fileError(error, 'write', `${host}:${port}`);
  return new PyglassError('bad-option', `cannot listen at ${host}:${port}: ${reason}`, {
    remedy: ['Name another address: --listen 127.0.0.1:4041'],
  });
}
