// Whether the table of routes is right: web servers of many kinds, asked by a client that measures its own times.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import type { RoutesReport } from '../src/formats/routes/routes-report.js';
import type { StatsReport } from '../src/session/stats-report.js';
import { withPackages } from '../tests/support/packages.js';
import { Pyglass, pyglass } from '../tests/support/pyglass.js';
import type { TestPython } from '../tests/support/pythons.js';
import { withFolder } from '../tests/support/recordings.js';
import { freePort, programFile, type Target, withTarget } from '../tests/support/targets.js';
import { withPostgresql } from './postgresql.js';
import { quantile } from './statistics.js';
import { type TimedServer, timedPaths } from './timed-servers.js';

const program = new URL('../../benchmarks/programs/timed_routes.py', import.meta.url).pathname;

/** Milliseconds from the start of the recording to the first request: children are found meanwhile. */
const beforeRequests = 1000;
/** Percentage points that a share may be off. */
const shareLimit = 2;
/** Milliseconds that p50 and p95 may be off beside one interval: the client's own part, and the network's. */
const timeLimit = 2;

/** What the client or the server measured of a route, or what pyglass says of it. */
export interface RouteTimes {
  readonly requests: number;
  /** 0 to 1. */
  readonly share: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

export interface RouteComparison {
  readonly route: string;
  readonly client: RouteTimes;
  /** What the application took, which is less than what the client waited, the more the busier the machine is. */
  readonly server: RouteTimes;
  /** `undefined`: the route is not in the table. */
  readonly seen: RouteTimes | undefined;
  /** Of whose times what pyglass says is within the limits. */
  readonly agreesWith: readonly ('client' | 'server')[];
}

export interface ServerComparison {
  readonly routes: readonly RouteComparison[];
  /** Share of the time that is in rows of no such route. */
  readonly elsewhere: number;
  readonly ticks: number;
  readonly missed: number;
}

/** The server on the first processor, pyglass and the client on the second. */
export async function compareServer(
  python: TestPython,
  server: TimedServer,
  seconds: number,
): Promise<ServerComparison> {
  return server.needsPostgresql
    ? withPostgresql((socket) => compare(python, server, seconds, { POSTGRESQL_SOCKET: socket }))
    : compare(python, server, seconds, {});
}

async function compare(
  python: TestPython,
  server: TimedServer,
  seconds: number,
  more: NodeJS.ProcessEnv,
): Promise<ServerComparison> {
  const port = await freePort();
  const { env } = withPackages(python, server.packages);
  const folder = programFile('').replace(/\/$/, '');
  const pinned: TestPython = { ...python, command: ['taskset', '-c', '0', ...python.command] };
  execFileSync('taskset', ['-a', '-p', '-c', '1', String(process.pid)], { stdio: 'ignore' });
  return withFolder((output) => {
    const args = [server.server, server.framework, String(port), folder, `${output}/times`];
    return withTarget(
      pinned,
      program,
      (target) => record(target, server, { port, seconds, folder: output }),
      { args, env: { ...env, ...more } },
    );
  });
}

async function record(
  { pid }: Target,
  server: TimedServer,
  { port, seconds, folder }: { port: number; seconds: number; folder: string },
): Promise<ServerComparison> {
  const [file, statsFile] = [`${folder}/run.pyglass`, `${folder}/stats.json`];
  const args = ['record', '-s', '-p', String(pid), '-o', file, '--stats-json', statsFile];
  const recording = new Pyglass(args, process.env, 1);
  try {
    await recording.said(/Recording/);
    await new Promise((resolve) => setTimeout(resolve, beforeRequests));
    const client = await ask(server, port, seconds);
    recording.child.kill('SIGINT');
    const { status, stderr } = await recording.outcome();
    if (status !== 0) throw new Error(stderr);
    const { stdout } = await pyglass('report', file, '-f', 'routes-json', '-o', '-');
    const stats: StatsReport = JSON.parse(readFileSync(statsFile, 'utf8'));
    return comparison(
      { client, server: timesOfServer(server, `${folder}/times`) },
      JSON.parse(stdout),
      stats,
    );
  } finally {
    await recording.stop();
  }
}

/** Milliseconds that each request took, by route. */
type Times = ReadonlyMap<string, readonly number[]>;

async function ask(server: TimedServer, port: number, seconds: number): Promise<Times> {
  const routes = Object.entries(timedPaths(server));
  const times = new Map<string, number[]>(routes.map(([route]) => [route, []]));
  const agent = new Agent({ keepAlive: true, maxSockets: server.concurrency });
  const end = performance.now() + seconds * 1000;
  const one = async (first: number) => {
    for (let turn = first; performance.now() < end; turn++) {
      const [route, path] = routes[turn % routes.length]!;
      const began = performance.now();
      await answer(agent, port, path);
      times.get(route)!.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: server.concurrency }, (_, at) => one(at * 2)));
  agent.destroy();
  return times;
}

function answer(agent: Agent, port: number, path: string): Promise<void> {
  // Servers close a connection after an error, some of them after the next request was sent on it.
  const headers = path === '/fail' ? { connection: 'close' } : {};
  return new Promise((resolve, reject) => {
    get({ agent, port, host: '127.0.0.1', path, headers }, (response) =>
      response.resume().on('end', resolve).on('error', reject),
    ).on('error', reject);
  });
}

/** The same as the server has it. */
function timesOfServer(server: TimedServer, file: string): Times {
  const lines = readFileSync(file, 'utf8').split('\n');
  const routes = Object.entries(timedPaths(server));
  return new Map(
    routes.map(([route, path]) => {
      const ofIt = lines.filter((line) => line.startsWith(`${path} `));
      return [route, ofIt.map((line) => Number(line.split(' ')[1]) * 1000)];
    }),
  );
}

function comparison(
  { client, server }: { client: Times; server: Times },
  { routes, intervalSeconds }: RoutesReport,
  { ticks, missed }: StatsReport,
): ServerComparison {
  const compared = [...client.keys()].map((route): RouteComparison => {
    const row = routes.find((one) => one.route === route);
    const seen = row && {
      ...{ requests: row.requests, share: row.share },
      ...{ p50: (row.p50Seconds ?? Number.NaN) * 1000, p95: (row.p95Seconds ?? Number.NaN) * 1000 },
    };
    const real = { client: routeTimes(client, route), server: routeTimes(server, route) };
    const agreesWith = (['client', 'server'] as const).filter(
      (of) => seen && isWithinLimits(real[of], seen, intervalSeconds * 1000),
    );
    return { route, ...real, seen, agreesWith };
  });
  const known = sum(compared.map(({ seen }) => seen?.share ?? 0));
  return { routes: compared, elsewhere: 1 - known, ticks, missed };
}

function routeTimes(times: Times, route: string): RouteTimes {
  const all = times.get(route)!;
  const share = sum(all) / sum([...times.values()].flat());
  return { requests: all.length, share, p50: quantile(all, 0.5), p95: quantile(all, 0.95) };
}

function isWithinLimits(real: RouteTimes, seen: RouteTimes, interval: number): boolean {
  if (Math.abs(seen.share - real.share) * 100 > shareLimit) return false;
  return (['p50', 'p95'] as const).every((key) => Math.abs(seen[key] - real[key]) <= interval + timeLimit);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
