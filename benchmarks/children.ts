// What short-lived children cost: the process that starts them, whose ticks must not wait for them, and pyglass.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readRecording } from '../src/disk/read-recording.js';
import type { StatsReport } from '../src/session/stats-report.js';
import { Pyglass } from '../tests/support/pyglass.js';
import type { TestPython } from '../tests/support/pythons.js';
import { withFolder } from '../tests/support/recordings.js';

const program = new URL('../../benchmarks/programs/children.py', import.meta.url).pathname;

/** `spawn`: another Python, `fork`: the same program. */
export type ChildKind = 'spawn' | 'fork';

export interface ChildrenRow {
  readonly python: string;
  readonly kind: ChildKind;
  readonly perSecond: number;
  readonly started: number;
  /** Children of which there is a sample. */
  readonly recorded: number;
  /** Of the ticks of the process that starts them. */
  readonly missedPercent: number;
  /** The same without children. */
  readonly missedWithoutPercent: number;
  /** Of the ticks of a loop that does nothing, in the place of pyglass: what the machine itself has no time for. */
  readonly missedByEmptyLoopPercent: number;
  /** CPU of pyglass, beside what it takes without children, milliseconds. */
  readonly cpuPerChild: number;
}

/** How long each lives, seconds. */
const life = 0.2;
/** Ticks a second, as `record` has them. */
const rate = 1000;

/**
 * `perSecond` children for so many seconds, beside a thread that computes all the time; the target on the first
 * processor, pyglass on the second.
 */
export async function measureChildren(
  python: TestPython,
  kind: ChildKind,
  perSecond: number,
  seconds: number,
): Promise<ChildrenRow> {
  const without = await run(python, 'none', perSecond, seconds);
  const { stats, started, sampled } = await run(python, kind, perSecond, seconds);
  const emptyLoop = await runEmptyLoop(python, kind, perSecond, seconds);
  return {
    ...{ python: python.version, kind, perSecond, started: started.length },
    recorded: started.filter((pid) => sampled.has(pid)).length,
    missedPercent: missedPercent(stats),
    missedWithoutPercent: missedPercent(without.stats),
    missedByEmptyLoopPercent: missedPercent(emptyLoop),
    cpuPerChild: ((stats.pyglassCpuSeconds - without.stats.pyglassCpuSeconds) / started.length) * 1000,
  };
}

function missedPercent({ ticks, missed }: Pick<StatsReport, 'ticks' | 'missed'>): number {
  return (missed / (ticks + missed)) * 100;
}

/** The target, which starts children. */
function targetOf(python: TestPython, kind: ChildKind | 'none', perSecond: number, seconds: number) {
  const command = ['taskset', '-c', '0', ...python.command, python.place(program), kind];
  return [...command, ...[perSecond, perSecond * seconds, life].map(String), 'wall'];
}

async function runEmptyLoop(
  python: TestPython,
  kind: ChildKind,
  perSecond: number,
  seconds: number,
): Promise<Pick<StatsReport, 'ticks' | 'missed'>> {
  const [file, ...args] = targetOf(python, kind, perSecond, seconds);
  const target = spawn(file!, args, { stdio: 'ignore' });
  const ended = once(target, 'close');
  try {
    const loop = new URL('./empty-ticks.js', import.meta.url).pathname;
    const words = ['-c', '1', process.execPath, loop, String(rate), String(seconds)];
    const { stdout, stderr } = spawnSync('taskset', words, { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    target.kill('SIGKILL');
    await ended;
  }
}

async function run(python: TestPython, kind: ChildKind | 'none', perSecond: number, seconds: number) {
  return withFolder(async (folder) => {
    const output = `${folder}/run.pyglass`;
    const stats = `${folder}/stats.json`;
    const options = ['-s', '-r', String(rate), '-o', output, '--stats-json', stats];
    const record = ['record', ...options, '--', ...targetOf(python, kind, perSecond, seconds)];
    const recording = new Pyglass(record, process.env, 1);
    try {
      const { status, stdout, stderr } = await recording.outcome();
      if (status !== 0) throw new Error(stderr);
      const { runs, threads, processes } = readRecording(output);
      const sampled = new Set<number>();
      for (let row = 0; row < runs.thread.length; row++)
        sampled.add(processes[threads[runs.thread.at(row)]!.process]!.pid);
      const pids = /^children ?(.*)$/m.exec(stdout)?.[1] ?? '';
      return {
        sampled,
        started: pids.split(' ').filter(Boolean).map(Number),
        stats: JSON.parse(readFileSync(stats, 'utf8')) as StatsReport,
      };
    } finally {
      await recording.stop();
    }
  });
}
