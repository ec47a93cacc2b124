import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { readFirefox } from '../support/read-firefox.js';
import { readPprof } from '../support/read-pprof.js';
import { readTrace } from '../support/read-trace.js';
import {
  parseRaw,
  totalOfFlamegraph,
  totalOfSpeedscope,
  untilGrown,
  withFolder,
} from '../support/recordings.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

const python = anyPython();
const rate = 500;

interface Recorded {
  /** Seconds. */
  readonly wall: number;
  readonly elapsed: number;
  readonly missed: number;
  readonly totals: Readonly<Record<string, number>>;
}

/** Records a program of one thread for some seconds while `act` goes on; then adds up each output. */
async function record(
  seconds: number,
  act: (target: Target, run: Pyglass) => Promise<void>,
): Promise<Recorded> {
  return withFolder((folder) =>
    withTarget(python, programFile('busy.py'), async (target) => {
      const path = `${folder}/run.pyglass`;
      const stats = `${folder}/stats.json`;
      const begin = performance.now();
      const run = new Pyglass([
        ...['record', '-p', String(target.pid), '-r', String(rate), '-d', String(seconds)],
        ...['-o', path, '--stats-json', stats],
      ]);
      try {
        await untilGrown(path);
        await act(target, run);
        const { status, stderr } = await run.outcome();
        const elapsed = (performance.now() - begin) / 1000;
        assert.equal(status, 0, stderr);
        const { wallSeconds, missed } = JSON.parse(readFileSync(stats, 'utf8'));
        return { wall: wallSeconds, elapsed, missed, totals: await totalsOf(path) };
      } finally {
        await run.stop();
      }
    }),
  );
}

/** Seconds that each output adds up to. */
async function totalsOf(recording: string): Promise<Record<string, number>> {
  const view = async (format: string) => {
    const { status, stdout, stderr } = await pyglass('report', '-i', recording, '-f', format, '-o', '-');
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const raw = parseRaw(await view('raw'));
  const pprof = `${recording}.pb.gz`;
  assert.equal((await pyglass('report', '-i', recording, '-o', pprof)).status, 0);
  const { samples } = readPprof(gunzipSync(readFileSync(pprof)));
  const slices = readTrace(await view('chrometrace')).threads.flatMap((thread) => thread.slices);
  const rows = readFirefox(await view('firefox')).threads.flatMap((thread) => thread.rows);
  return {
    raw: raw.reduce((sum, { count }) => sum + count, 0) / rate,
    speedscope: totalOfSpeedscope(await view('speedscope')) / 1e6,
    pprof: samples.reduce((sum, { values }) => sum + values['wall']!, 0) / 1e9,
    chrometrace:
      slices.reduce((sum, { depth, start, end }) => sum + (depth === 0 ? end - start : 0), 0) / 1e6,
    firefox: rows.reduce((sum, { weight }) => sum + weight, 0) / 1e3,
    flamegraph: totalOfFlamegraph(await view('flamegraph')) / 1e6,
  };
}

function assertTotals({ wall, totals }: Recorded): void {
  for (const [format, total] of Object.entries(totals))
    assert.ok(Math.abs(total - wall) <= wall / 100, `${format} adds up to ${total} s, not ${wall} s`);
}

/** Stopped for a second, by its own clock; returns how long it really was, in seconds. */
async function stopped(pid: number): Promise<number> {
  process.kill(pid, 'SIGSTOP');
  const begin = performance.now();
  await pause(1000);
  const lasted = (performance.now() - begin) / 1000;
  process.kill(pid, 'SIGCONT');
  return lasted;
}

test('a duration is wall time, and every output adds up to it', async () => {
  const recorded = await record(2, async () => {});
  assert.ok(recorded.wall >= 2 && recorded.wall <= recorded.elapsed, `${recorded.wall} s`);
  assertTotals(recorded);
});

test('a target that is stopped for a while costs no time', async () => {
  const recorded = await record(3, async ({ pid }) => {
    await stopped(pid);
  });
  assert.ok(recorded.wall >= 3 && recorded.wall <= recorded.elapsed, `${recorded.wall} s`);
  assertTotals(recorded);
});

test('what pyglass misses while it is stopped is counted, and the time is there', async () => {
  let lasted = 0;
  const recorded = await record(3, async (_, { child }) => {
    lasted = await stopped(child.pid!);
  });
  assert.ok(recorded.wall >= 3 && recorded.wall <= recorded.elapsed, `${recorded.wall} s`);
  assert.ok(recorded.missed > lasted * rate * 0.9, `${recorded.missed} missed in ${lasted} s`);
  assertTotals(recorded);
});

test('pyglass that is stopped beyond its end adds up too', async () => {
  const recorded = await record(1, async (_, { child }) => {
    await stopped(child.pid!);
  });
  assert.ok(recorded.wall >= 1 && recorded.wall <= recorded.elapsed, `${recorded.wall} s`);
  assertTotals(recorded);
});
