import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { test } from 'node:test';
import { withPackages } from '../support/packages.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { pythons, type TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { freePort, programFile, withTarget } from '../support/targets.js';

const program = programFile('many_routes.py');
/** Of each kind, that requests are asked for. */
const seconds = 7;
/** Milliseconds that a request takes: so short that each thread has many of them, one right after the other. */
const lengths = [3, 8, 21];

interface Kind {
  readonly title: string;
  readonly packages: readonly string[];
  readonly kind: string;
  readonly server: string;
  /** Each has a route of its own, and as many requests are asked for at once. */
  readonly routes: number;
}

const kinds: readonly Kind[] = [
  {
    ...{ title: '16 threads of a server', packages: ['flask', 'waitress'] },
    ...{ kind: 'flask', server: 'werkzeug', routes: 16 },
  },
  {
    ...{ title: '16 threads of a pool', packages: ['fastapi', 'uvicorn'] },
    ...{ kind: 'pool', server: 'uvicorn', routes: 16 },
  },
  {
    ...{ title: '100 requests of one event loop', packages: ['fastapi', 'uvicorn'] },
    ...{ kind: 'tasks', server: 'uvicorn', routes: 100 },
  },
];

for (const kind of kinds) {
  const python = pythons().get(13);
  const title = `${kind.title} are never mixed up`;
  if (typeof python !== 'object') test(title, { skip: python ?? 'not there' });
  else test(title, () => check(kind, python));
}

async function check({ packages, kind, server, routes }: Kind, python: TestPython): Promise<void> {
  const { env } = withPackages(python, packages);
  const port = await freePort();
  const args = [kind, server, String(port), String(routes)];
  await withFolder((folder) =>
    withTarget(
      python,
      program,
      async ({ pid }) => {
        const file = `${folder}/run.pyglass`;
        const recording = new Pyglass(['record', '-p', String(pid), '-r', '2000', '-o', file]);
        try {
          await recording.said(/Recording/);
          await ask(port, routes);
          recording.child.kill('SIGINT');
          const { status, stderr } = await recording.outcome();
          assert.equal(status, 0, stderr);
        } finally {
          await recording.stop();
        }
        await checkRecording(file, kind);
      },
      { args, env },
    ),
  );
}

async function ask(port: number, routes: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: routes });
  const end = performance.now() + seconds * 1000;
  const one = async (route: number) => {
    for (let turn = 0; performance.now() < end; turn++)
      await answer(agent, port, `/at/${(route + turn) % routes}/${lengths[turn % lengths.length]}`);
  };
  try {
    await Promise.all(Array.from({ length: routes }, (_, route) => one(route)));
  } finally {
    agent.destroy();
  }
}

function answer(agent: Agent, port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ agent, port, host: '127.0.0.1', path }, (response) =>
      response.resume().on('end', resolve).on('error', reject),
    ).on('error', reject);
  });
}

async function checkRecording(file: string, kind: string): Promise<void> {
  const { stdout } = await pyglass('report', file, '-f', 'raw', '--by-request', '-o', '-');
  const counts = { known: 0, unknown: 0 };
  const wrong: string[] = [];
  for (const line of stdout.split('\n')) {
    const marker = / of_(\d+) |;of_(\d+) /.exec(line);
    if (!marker) continue;
    const samples = Number(line.slice(line.lastIndexOf(' ')));
    const [, route] = /^GET \/at\/(\d+|:id)\//.exec(line) ?? [];
    if (route === (marker[1] ?? marker[2])) counts.known += samples;
    // Of a path of which no route is known yet, numbers are not shown.
    else if (route === undefined || route === ':id') counts.unknown += samples;
    else wrong.push(line);
  }
  assert.deepEqual(wrong, [], `of ${counts.known + counts.unknown} samples`);
  assert.ok(counts.known > 0, `${kind}: the request of no sample is known`);
}
