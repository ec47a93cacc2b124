// Whether memory stays flat: pyglass on a program that calls a lot of different code, for minutes.
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Pyglass } from '../tests/support/pyglass.js';
import type { TestPython } from '../tests/support/pythons.js';
import { withFolder } from '../tests/support/recordings.js';
import { Target } from '../tests/support/targets.js';
import { memoryBytes } from './process-costs.js';

const program = new URL('../../benchmarks/programs/library.py', import.meta.url).pathname;

export interface MemoryFigures {
  readonly python: string;
  readonly minutes: number;
  readonly samples: number;
  /** By the straight line through what it held each second, of the last five sixths of the time. */
  readonly growthPerHourBytes: number;
  readonly memoryBytes: number;
  readonly recordingBytesPerSample: number;
}

const rate = 1000;

export async function memoryOverTime(python: TestPython, minutes: number): Promise<MemoryFigures> {
  const pinned: TestPython = { ...python, command: ['taskset', '-c', '0', ...python.command] };
  const target = await Target.start(pinned, program);
  try {
    return await withFolder(async (folder) => {
      const recording = `${folder}/run.pyglass`;
      const stats = `${folder}/stats.json`;
      const words = ['record', '-p', String(target.pid), '-r', String(rate), '-o', recording];
      const run = new Pyglass([...words, '--stats-json', stats], process.env, 1);
      try {
        await run.said(/Recording /);
        const held: [number, number][] = [];
        const begin = performance.now();
        // Before that tables fill and code is compiled.
        const settled = minutes * 10;
        for (let second = 0; second < minutes * 60; second = (performance.now() - begin) / 1000) {
          if (second >= settled) held.push([second, memoryBytes(run.child.pid!, 'now')]);
          await pause(1000);
        }
        run.child.kill('SIGINT');
        const { status, stderr } = await run.outcome();
        if (status !== 0) throw new Error(stderr);
        const { samples } = JSON.parse(readFileSync(stats, 'utf8'));
        return {
          python: python.version,
          minutes,
          samples,
          growthPerHourBytes: slope(held) * 3600,
          memoryBytes: held.at(-1)?.[1] ?? 0,
          recordingBytesPerSample: statSync(recording).size / samples,
        };
      } finally {
        await run.stop();
      }
    });
  } finally {
    await target.stop();
  }
}

/** Of the straight line nearest to the points, by least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  let over = 0;
  let under = 0;
  for (const [at, value] of points) {
    over += (at - x) * (value - y);
    under += (at - x) ** 2;
  }
  return over / under;
}
