import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { childrenOf } from '../../src/process/linux-process.js';
import { blockHeaderSize, blockMarker } from '../../src/recording/format.js';
import { withPackages } from '../support/packages.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { pythons } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { freePort, programFile, withTarget } from '../support/targets.js';

/** By the name of the function that runs for it: the route, and the path that is asked for before milliseconds. */
type Routes = Readonly<Record<string, readonly [route: string, path: string]>>;

interface Server {
  readonly packages: readonly string[];
  readonly args: readonly string[];
  readonly routes: Routes;
}

const flaskRoutes: Routes = {
  of_first: ['GET /first/<int:ms>/<name>', '/first'],
  of_second: ['GET /second/<int:ms>/<name>', '/second'],
};
const djangoRoutes: Routes = {
  of_first: ['GET /first/<int:ms>/<name>', '/first'],
  of_second: ['GET /in/second/<int:ms>/<name>', '/in/second'],
};
const program = programFile('web_apps.py');
const gunicorn = ['--config', program, '--pythonpath', dirname(program), '--log-level', 'error'];

const servers: Readonly<Record<string, Server>> = {
  'Flask by itself': { packages: ['flask'], args: ['flask'], routes: flaskRoutes },
  'Django under gunicorn': {
    packages: ['django', 'gunicorn'],
    args: ['gunicorn', ...gunicorn, 'web_apps:django_app()'],
    routes: djangoRoutes,
  },
  'Django under uvicorn': {
    packages: ['django', 'uvicorn'],
    args: ['django'],
    routes: { ...djangoRoutes, of_third: ['GET /third/<int:ms>/<name>', '/third'] },
  },
  'FastAPI under uvicorn': {
    packages: ['fastapi', 'uvicorn'],
    args: ['fastapi'],
    routes: {
      of_first: ['GET /first/{ms}/{name}', '/first'],
      of_second: ['GET /within/second/{ms}/{name}', '/within/second'],
      of_third: ['GET /in/third/{ms}/{name}', '/in/third'],
      of_fourth: ['GET /fourth/{ms}/{name}', '/fourth'],
    },
  },
  aiohttp: {
    packages: ['aiohttp'],
    args: ['aiohttp'],
    routes: {
      of_third: ['GET /in/third/{ms}/{name}', '/in/third'],
      of_fourth: ['GET /fourth/{ms}/{name}', '/fourth'],
    },
  },
};

/** In the paths, query strings and headers that are sent. */
const secret = 'hunter2';
const short = 15;
const long = 800;
/** A request that begins while that before it is read can be taken for it, on a busy machine. */
const mostWrong = 0.1;

/** Python versions, the oldest and the newest for which pip finds all packages. */
for (const minor of [9, 13])
  for (const [name, server] of Object.entries(servers)) {
    const python = pythons().get(minor);
    const title = `requests of ${name} on 3.${minor}`;
    if (typeof python !== 'object') test(title, { skip: python ?? 'not there' });
    else test(title, () => checkServer(server, withPackages(python, server.packages)));
  }

async function checkServer(
  { args: [kind, ...more], routes }: Server,
  { python, env }: ReturnType<typeof withPackages>,
): Promise<void> {
  const port = await freePort();
  const args = [kind!, String(port), ...more];
  await withFolder((folder) =>
    withTarget(
      python,
      program,
      async ({ pid }) => {
        const file = `${folder}/run.pyglass`;
        const serving = kind === 'gunicorn' ? childrenOf(pid)[0]! : pid;
        const sent = await recordRequests({ file, serving, port, routes });
        await checkRecording(file, routes, sent);
      },
      { args, env },
    ),
  );
}

/** Returns how many requests of each route were sent. */
async function recordRequests({ file, serving, port, routes }: Recorded): Promise<number> {
  const recording = new Pyglass(['record', '-p', String(serving), '-o', file]);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  try {
    await recording.said(/Recording/);
    const paths = Object.values(routes).map(([, path]) => path);
    const asked = (milliseconds: number) =>
      Promise.all(paths.map((path) => request(agent, port, `${path}/${milliseconds}/${secret}`)));
    const rounds = Math.ceil(50 / paths.length);
    await Promise.all(Array.from({ length: rounds }, () => asked(short)));
    // However busy the machine is, these are seen.
    await asked(long);
    await request(agent, port, `/${secret}/nowhere`);
    recording.child.kill('SIGINT');
    const { status, stderr } = await recording.outcome();
    assert.equal(status, 0, stderr);
    return 1 + rounds;
  } finally {
    agent.destroy();
    await recording.stop();
  }
}

interface Recorded {
  readonly file: string;
  readonly serving: number;
  readonly port: number;
  readonly routes: Routes;
}

function request(agent: Agent, port: number, path: string): Promise<void> {
  const headers = { cookie: `session=${secret}`, authorization: `Bearer ${secret}` };
  return new Promise((resolve, reject) => {
    get({ agent, port, host: '127.0.0.1', path: `${path}?token=${secret}`, headers }, (response) =>
      response.resume().on('end', resolve).on('error', reject),
    ).on('error', reject);
  });
}

async function checkRecording(file: string, routes: Routes, sent: number): Promise<void> {
  const report = async (...args: string[]) => {
    const { status, stdout, stderr } = await pyglass('report', file, '-o', '-', ...args);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const [json, raw] = await Promise.all([report('-f', 'routes-json'), report('-f', 'raw', '--by-request')]);
  for (const [marker, [route]] of Object.entries(routes)) {
    const lines = raw.split('\n').filter((line) => line.includes(`;${marker} `));
    const wrong = lines.filter((line) => !isOf(line, route));
    assert.ok(samples(wrong) <= mostWrong * samples(lines), `${marker}: ${wrong[0]}`);
  }
  checkRoutes(JSON.parse(json).routes, routes, sent);
  for (const text of [json, raw, inflated(file)]) assert.ok(!text.includes(secret));
}

function isOf(line: string, route: string): boolean {
  const root = line.split(';')[0]!;
  const path = (name: string) => name.replace(/\/[:<{].*/, '');
  return path(root) === path(route) || root === 'no request' || root === '<unknown route>';
}

function samples(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

interface SeenRoute {
  readonly route: string | null;
  readonly requests: number;
}

function checkRoutes(seen: readonly SeenRoute[], routes: Routes, sent: number): void {
  const wanted = new Set(Object.values(routes).map(([route]) => route));
  for (const { route, requests } of seen) {
    if (route === null || !wanted.delete(route)) continue;
    assert.ok(requests <= sent * (1 + mostWrong), `${requests} of ${sent} requests of ${route}`);
  }
  assert.deepEqual([...wanted], [], 'routes that were not seen');
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
