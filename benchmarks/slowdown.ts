// What recording costs the target: work done in a while with and without pyglass, in turn, in one process.
import { Pyglass } from '../tests/support/pyglass.js';
import type { TestPython } from '../tests/support/pythons.js';
import { Target } from '../tests/support/targets.js';
import { median, spread } from './statistics.js';

const program = new URL('../../benchmarks/programs/counts.py', import.meta.url).pathname;

export interface SlowdownSetting {
  readonly rate: number;
  readonly depth: number;
  /** Threads of the target, all but one of them waiting. */
  readonly threads: number;
  readonly rounds: number;
}

export interface Slowdown extends SlowdownSetting {
  readonly python: string;
  /** Percent less work done while recorded: median and middle half of the rounds. */
  readonly percent: number;
  readonly spread: readonly [number, number];
}

const seconds = 2;

export async function slowdown(python: TestPython, setting: SlowdownSetting): Promise<Slowdown> {
  const pinned: TestPython = { ...python, command: ['taskset', '-c', '0', ...python.command] };
  const args = [String(setting.depth), String(setting.threads - 1)];
  const target = await Target.start(pinned, program, { args });
  try {
    const work = async () => {
      target.say(String(seconds));
      return Number(await target.line());
    };
    const losses: number[] = [];
    for (let round = 0; round < setting.rounds; round++) {
      const before = await work();
      const recorded = await whileRecorded(target.pid, setting.rate, work);
      const after = await work();
      // Between the two without, so that a machine that grows slower or faster does not count.
      losses.push((1 - recorded / ((before + after) / 2)) * 100);
    }
    return { python: python.version, ...setting, percent: median(losses), spread: spread(losses) };
  } finally {
    await target.stop();
  }
}

async function whileRecorded(pid: number, rate: number, act: () => Promise<number>): Promise<number> {
  const run = new Pyglass(
    ['record', '-p', String(pid), '-r', String(rate), '-o', '/dev/null'],
    process.env,
    1,
  );
  try {
    await run.said(/Recording /);
    const result = await act();
    run.child.kill('SIGINT');
    await run.outcome();
    return result;
  } finally {
    await run.stop();
  }
}
