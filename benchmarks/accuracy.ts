// How true the shares are: every program of the accuracy suite on every Python. `npm run bench -- accuracy`.
import { accuracyPrograms, measureAccuracy } from '../tests/accuracy/suite.js';
import { pythons } from '../tests/support/pythons.js';

export interface AccuracyRow {
  readonly python: string;
  readonly program: string;
  readonly rate: number;
  readonly sameCore: boolean;
  readonly samples: number;
  readonly tornPercent: number;
  readonly missedPercent: number;
  readonly impossible: number;
  readonly worstPoints: number;
  readonly noisePoints: number;
  readonly shares: string;
}

export async function accuracy(
  settings: readonly { rate: number; seconds: number; sameCore: boolean }[],
  say: (row: AccuracyRow) => void,
): Promise<AccuracyRow[]> {
  const rows: AccuracyRow[] = [];
  for (const python of pythons().values()) {
    if (typeof python === 'string') continue;
    for (const program of accuracyPrograms) {
      for (const setting of settings) {
        const result = await measureAccuracy(python, program, setting);
        const row: AccuracyRow = {
          python: python.version,
          program: program.file,
          rate: setting.rate,
          sameCore: setting.sameCore,
          samples: result.samples,
          tornPercent: percent(result.torn, result.samples),
          missedPercent: percent(result.missed, setting.rate * setting.seconds),
          impossible: result.impossible,
          worstPoints: result.worst,
          noisePoints: result.noise,
          shares: Object.entries(result.shares)
            .map(
              ([name, { sampled, truth }]) =>
                `${name} ${(sampled * 100).toFixed(1)} (${(truth * 100).toFixed(1)})`,
            )
            .join(', '),
        };
        rows.push(row);
        say(row);
      }
    }
  }
  return rows;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}
