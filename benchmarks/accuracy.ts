// How true the shares are: every program of the accuracy suite.
import {
  type AccuracyProgram,
  accuracyPrograms,
  measureAccuracy,
  parallelProgram,
} from '../tests/accuracy/suite.js';
import type { TestPython } from '../tests/support/pythons.js';
import { flatOut } from './peers/peer.js';

export interface AccuracySetting {
  readonly rate: number;
  readonly seconds: number;
  readonly sameCore: boolean;
}

export interface AccuracyRow extends AccuracySetting {
  readonly python: string;
  readonly program: string;
  readonly samples: number;
  readonly tornPercent: number;
  readonly missedPercent: number;
  readonly impossible: number;
  /** Percentage points between a share and the truth, of the function where it is most. */
  readonly worstPoints: number;
  /** One standard error of such a share, from counting alone. */
  readonly noisePoints: number;
  /** Functions with a thin share that were never seen. */
  readonly unseen: number;
  readonly shares: Readonly<Record<string, { sampled: number; truth: number }>>;
}

export function accuracySettings(seconds: number): AccuracySetting[] {
  return [
    { rate: 1000, seconds, sameCore: false },
    { rate: 10_000, seconds, sameCore: false },
    { rate: 1000, seconds, sameCore: true },
  ];
}

export async function accuracyOf(
  python: TestPython,
  program: AccuracyProgram,
  settings: readonly AccuracySetting[],
  say: (row: AccuracyRow) => void,
): Promise<AccuracyRow[]> {
  const rows: AccuracyRow[] = [];
  for (const setting of settings) {
    const result = await measureAccuracy(python, program, setting);
    const { samples, torn, missed, impossible, worst, noise, shares } = result;
    const row: AccuracyRow = {
      ...setting,
      python: python.version,
      program: program.file,
      samples,
      tornPercent: percent(torn, samples),
      missedPercent: percent(missed, setting.rate * setting.seconds),
      impossible,
      worstPoints: worst,
      noisePoints: noise,
      unseen: result.unseen.length,
      shares,
    };
    rows.push(row);
    say(row);
  }
  return rows;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}

/** Stacks that cannot be, looked for in many samples of the program that is made to give them away. */
export interface ImpossibleRow {
  readonly python: string;
  readonly program: string;
  readonly samples: number;
  readonly impossible: number;
}

export async function impossibleStacks(python: TestPython, seconds: number): Promise<ImpossibleRow> {
  const program = python.isFreeThreaded
    ? parallelProgram
    : accuracyPrograms.find(({ file }) => file === 'alternating.py')!;
  const { samples, impossible } = await measureAccuracy(python, program, { rate: flatOut, seconds });
  return { python: python.version, program: program.file, samples, impossible };
}
