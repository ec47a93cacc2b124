import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { inflateRawSync } from 'node:zlib';
import type { RoutesReport } from '../../src/formats/routes/routes-report.js';
import { childrenOf } from '../../src/process/linux-process.js';
import { blockHeaderSize, blockMarker } from '../../src/recording/format.js';
import type { StatsReport } from '../../src/session/stats-report.js';
import { withPackages } from './packages.js';
import { Pyglass, pyglass } from './pyglass.js';
import type { TestPython } from './pythons.js';
import { withFolder } from './recordings.js';
import { freePort, programFile, withTarget } from './targets.js';

/** By the name of the function that runs for it: the route, and the path that is asked for before milliseconds. */
export type ServedRoutes = Readonly<Record<string, readonly [route: string, path: string]>>;

/** An application of `web_apps.py` and the server that serves it. */
export interface WebServer {
  readonly packages: readonly string[];
  readonly framework: string;
  readonly server: string;
  readonly routes: ServedRoutes;
  /** Waiting requests are on no thread's stack, nor in tasks: they have no share, and may count as several. */
  readonly hidesWaiting?: true;
}

/** Rounds of short requests to all routes, and milliseconds of the long ones at the end. */
export interface Load {
  readonly rounds: number;
  readonly long: number;
}

const program = programFile('web_apps.py');
/** In the paths, query strings and headers that are sent. */
const secret = 'hunter2';
/** Milliseconds of a short request. */
const short = 15;
/** How often the recording grows while long requests are served, and how often all of them are asked for at most. */
const leastBlocks = 3;
const mostLongRounds = 10;
/** Of the ticks: a machine that is busier than that does not give functions their time alike. */
const mostMissed = 0.25;
/** Of the samples of a function that one route alone has, those that count for another route. */
const mostWrong = 0.001;
/** The same of greenlets, of which few samples are taken, and which change within one. */
const mostWrongOfGreenlets = 0.01;
/** Requests that count as two, when one was not known for a while. */
const mostTwice = 0.1;
/** Coroutines of `web_apps.py`. */
const inTasks = ['of_third', 'of_fourth'];
/** Of the share of a route's time, 0 to 1. */
const mostOff = 0.15;
/**
 * Of the samples of a route's function, those of which it is not known what they are for: they are many in the first
 * second, while pyglass itself is compiled.
 */
const mostUnknown = 0.6;

/**
 * Records the server while requests to all its routes come at once, and fails when a route is missing, a function is
 * seen under the route of another one, more requests are seen than were sent, shares of time are not those that the
 * program measured, or what was sent shows.
 */
export async function checkServer(server: WebServer, python: TestPython, load: Load): Promise<void> {
  const { env } = withPackages(python, server.packages);
  const port = await freePort();
  await withFolder((folder) => {
    const times = `${folder}/times`;
    const args = [server.framework, server.server, String(port), times];
    const check = async ({ pid }: { readonly pid: number }) => {
      const file = `${folder}/run.pyglass`;
      const isForked = server.server.startsWith('gunicorn');
      const serving = isForked ? childrenOf(pid)[0]! : pid;
      const sent = await recordRequests({ file, serving, port, routes: server.routes }, load);
      await checkRecording(file, server, { sent, times: readFileSync(times, 'utf8') });
    };
    return withTarget(python, program, check, { args, env });
  });
}

interface Recorded {
  readonly file: string;
  readonly serving: number;
  readonly port: number;
  readonly routes: ServedRoutes;
}

/** Returns how many requests of each route were sent. */
async function recordRequests({ file, serving, port, routes }: Recorded, load: Load): Promise<number> {
  const stats = ['--stats-json', statsOf(file)];
  const recording = new Pyglass(['record', '-p', String(serving), '-o', file, ...stats]);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  try {
    await recording.said(/Recording/);
    const paths = Object.values(routes).map(([, path]) => path);
    const asked = (milliseconds: number) =>
      Promise.all(paths.map((path) => request(agent, port, `${path}/${milliseconds}/${secret}`)));
    await Promise.all(Array.from({ length: load.rounds }, () => asked(short)));
    // However busy the machine is, some of these are seen.
    let longRounds = 0;
    for (let size = 0, grown = 0; grown < leastBlocks && longRounds < mostLongRounds; longRounds++) {
      await asked(load.long);
      const now = statSync(file).size;
      if (now > size) grown++;
      size = now;
    }
    await request(agent, port, `/${secret}/nowhere`);
    recording.child.kill('SIGINT');
    const { status, stderr } = await recording.outcome();
    assert.equal(status, 0, stderr);
    return longRounds + load.rounds;
  } finally {
    agent.destroy();
    await recording.stop();
  }
}

function request(agent: Agent, port: number, path: string): Promise<void> {
  const headers = { cookie: `session=${secret}`, authorization: `Bearer ${secret}` };
  return new Promise((resolve, reject) => {
    get({ agent, port, host: '127.0.0.1', path: `${path}?token=${secret}`, headers }, (response) =>
      response.resume().on('end', resolve).on('error', reject),
    ).on('error', reject);
  });
}

/** What is true of a recording. */
interface Truth {
  readonly sent: number;
  /** What the program appended: functions, and how long they took. */
  readonly times: string;
}

async function checkRecording(
  file: string,
  { routes, hidesWaiting }: WebServer,
  { sent, times }: Truth,
): Promise<void> {
  const report = async (...args: string[]) => {
    const { status, stdout, stderr } = await pyglass('report', file, '-o', '-', ...args);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const [json, raw] = await Promise.all([report('-f', 'routes-json'), report('-f', 'raw', '--by-request')]);
  for (const text of [json, raw, inflated(file)]) assert.ok(!text.includes(secret));
  const samplesOf = new Map<string, MarkerSamples>();
  for (const [marker, [route]] of Object.entries(routes)) {
    const lines = raw.split('\n').filter((line) => line.includes(`;${marker} `));
    samplesOf.set(marker, { all: samples(lines), known: samples(lines.filter((line) => !isUnknown(line))) });
    const wrong = lines.filter((line) => !isOf(line, route));
    const [few, all] = [samples(wrong), samples(lines)];
    assert.ok(
      few <= (hidesWaiting ? mostWrongOfGreenlets : mostWrong) * all,
      `${few} of ${all} of ${marker}: ${wrong[0]}`,
    );
  }
  const routesReport: RoutesReport = JSON.parse(json);
  checkRoutes(routesReport, routes, sent);
  const { ticks, missed }: StatsReport = JSON.parse(readFileSync(statsOf(file), 'utf8'));
  if (!hidesWaiting && missed <= mostMissed * (ticks + missed)) checkShares(samplesOf, times);
}

/** Of a function that one route alone has. */
interface MarkerSamples {
  readonly all: number;
  /** Those that count for a request. */
  readonly known: number;
}

function statsOf(file: string): string {
  return `${file}.stats.json`;
}

function isOf(line: string, route: string): boolean {
  const root = line.split(';')[0]!;
  const path = (name: string) => name.replace(/\/[:<{].*/, '');
  return path(root) === path(route) || isUnknown(line);
}

function isUnknown(line: string): boolean {
  return ['no request', '<unknown request>', '<unknown route>'].includes(line.split(';')[0]!);
}

function samples(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

function checkRoutes({ routes: seen }: RoutesReport, routes: ServedRoutes, sent: number): void {
  const wanted = new Set(Object.values(routes).map(([route]) => route));
  for (const { route, requests } of seen) {
    if (route === null || !wanted.delete(route)) continue;
    assert.ok(requests <= sent * (1 + mostTwice), `${requests} of ${sent} requests of ${route}`);
  }
  assert.deepEqual([...wanted], [], 'routes that were not seen');
}

/**
 * Of the functions that run on threads: how often tasks that wait are looked at depends on how busy the machine is.
 * Which request a sample is for may not be known, but not of most; so shares are those of the functions.
 */
function checkShares(samplesOf: ReadonlyMap<string, MarkerSamples>, times: string): void {
  const real = [...samplesOf]
    .filter(([marker]) => !inTasks.includes(marker))
    .map(([marker, { all, known }]) => {
      const lines = times.split('\n').filter((line) => line.startsWith(`${marker} `));
      return { marker, took: sum(lines.map((line) => Number(line.split(' ')[1]))), all, known };
    });
  const [took, seen] = [sum(real.map((row) => row.took)), sum(real.map((row) => row.all))];
  const rows = real.map(
    (row) =>
      `${row.marker} ${row.took.toFixed(2)} s, ${row.all} samples, of ${row.known} the request is known`,
  );
  for (const row of real) {
    const off = row.all / seen - row.took / took;
    assert.ok(Math.abs(off) <= mostOff, `share of ${row.marker} is off by ${off}: ${rows.join('; ')}`);
    assert.ok(row.known >= (1 - mostUnknown) * row.all, rows.join('; '));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** All blocks of a recording, as text. */
function inflated(file: string): string {
  const bytes = readFileSync(file);
  const marker = Buffer.from(blockMarker);
  let text = '';
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1))
    text += inflateRawSync(bytes.subarray(at + blockHeaderSize)).toString('latin1');
  assert.ok(text.includes('web_apps.py'));
  return text;
}
