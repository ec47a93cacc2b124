import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import type { RoutesReport } from '../../src/formats/routes/routes-report.js';
import { withPackages } from '../support/packages.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { pythons } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const program = programFile('job_workers.py');
/** Among the arguments of each job. */
const secret = 'hunter2';
const milliseconds = 200;
/** Of what is forked for each job, which has to be found first. */
const forkedMilliseconds = 1500;
/** How often the recording grows while jobs run, and how many jobs of each kind there are. */
const leastBlocks = 3;
const mostJobs = 20;

/** By library: packages, its kinds of workers, and how it names the jobs. */
const workers = [
  {
    packages: ['celery'],
    kinds: ['celery solo', 'celery prefork', 'celery threads'],
    names: { first_job: 'shop.first_job', second_job: 'shop.second_job' },
  },
  {
    packages: ['rq', 'fakeredis[lua]'],
    kinds: ['rq SimpleWorker', 'rq Worker'],
    names: { first_job: 'job_workers.first_job', second_job: 'job_workers.second_job' },
  },
] as const;

for (const { packages, kinds, names } of workers)
  for (const kind of kinds) {
    const python = pythons().get(13);
    const title = `jobs of ${kind}`;
    if (typeof python !== 'object') test(title, { skip: python ?? 'not there' });
    else
      test(title, async () => {
        const { env } = withPackages(python, packages);
        const options = { args: kind.split(' '), env: { ...env, C_FORCE_ROOT: '1' } };
        await withFolder((folder) =>
          withTarget(
            python,
            program,
            async (target) => {
              const file = `${folder}/run.pyglass`;
              const recording = new Pyglass(['record', '-s', '-p', String(target.pid), '-o', file]);
              try {
                await recording.said(/Recording/);
                // However busy the machine is, some of them are seen.
                let sent = 0;
                const each = kind === 'rq Worker' ? forkedMilliseconds : milliseconds;
                for (let grown = 0, size = 0; grown < leastBlocks && sent < mostJobs; sent++) {
                  target.say(`1 ${each}`);
                  for (let ended = 0; ended < Object.keys(names).length; ended++) await target.line();
                  const now = statSync(file).size;
                  if (now > size) grown++;
                  size = now;
                }
                recording.child.kill('SIGINT');
                const { status, stderr } = await recording.outcome();
                assert.equal(status, 0, stderr);
                await check(file, names, sent);
              } finally {
                await recording.stop();
              }
            },
            options,
          ),
        );
      });
  }

async function check(file: string, names: Readonly<Record<string, string>>, sent: number): Promise<void> {
  const report = async (...args: string[]) => (await pyglass('report', file, '-o', '-', ...args)).stdout;
  const [json, raw] = await Promise.all([report('-f', 'routes-json'), report('-f', 'raw', '--by-request')]);
  const { routes }: RoutesReport = JSON.parse(json);
  for (const [marker, name] of Object.entries(names)) {
    const row = routes.find(({ route }) => route === name);
    assert.ok(row, `${name} is not among ${routes.map(({ route }) => route)}`);
    assert.ok(row.requests >= 1 && row.requests <= sent, `${row.requests} of ${sent} jobs ${name}`);
    for (const line of raw.split('\n').filter((one) => one.includes(`;${marker} `)))
      assert.ok(
        [name, 'no request', '<unknown request>', '<unknown route>'].includes(line.split(';')[0]!),
        line,
      );
  }
  for (const text of [json, raw, readFileSync(file, 'latin1')]) assert.ok(!text.includes(secret));
}
