import { emptyStack, type Profile } from '../../src/model/profile.js';
import type { TestPython } from '../support/pythons.js';
import { recordedRun } from './recorded-run.js';

const program = new URL('../../../tests/accuracy/programs/churn.py', import.meta.url).pathname;

/** What the program makes and drops; each a function of it. */
export const kindsOfChurn = [
  'text',
  'renamed',
  'lambdas',
  'classes',
  'modules',
  'templates',
  'cells',
] as const;

export interface ChurnResult {
  readonly samples: number;
  /** Samples with a name of code that was gone by then, or not made yet, or names of two pieces in one stack. */
  readonly wrong: number;
  readonly torn: number;
  /** Pieces of code that were seen, and that were made (also before and after the recording). */
  readonly seen: number;
  readonly made: number;
  /** Share of the time that was spent in the pieces, as recorded and as the program measured, 0 to 1. */
  readonly share: { readonly sampled: number; readonly truth: number };
}

export interface ChurnOptions {
  readonly kind: (typeof kindsOfChurn)[number];
  /** How long each piece runs, seconds. */
  readonly pieces: number;
  readonly rate: number;
  readonly seconds: number;
}

/** Records a program that makes code, runs it and drops it all the time, and compares with what it says of itself. */
export async function measureChurn(
  python: TestPython,
  { kind, pieces, rate, seconds }: ChurnOptions,
): Promise<ChurnResult> {
  const { profile, truth } = await recordedRun(python, program, {
    ...{ rate, seconds },
    args: [kind, String(pieces)],
  });
  const { made, pieces: count } = JSON.parse(truth);
  return compare(profile, made, count);
}

function compare(profile: Profile, truth: number, made: number): ChurnResult {
  const { runs } = profile;
  let samples = 0;
  let wrong = 0;
  let time = 0;
  let inPieces = 0;
  let newest = 0;
  const seen = new Set<number>();
  const order = Array.from({ length: runs.stack.length }, (_, run) => run).sort(
    (a, b) => runs.start.at(a) - runs.start.at(b),
  );
  for (const run of order) {
    const { numbers, isHarness } = piecesOn(profile, runs.stack.at(run));
    if (isHarness) continue;
    const count = runs.samples.at(run);
    samples += count;
    time += runs.duration.at(run);
    if (numbers.size === 0) continue;
    inPieces += runs.duration.at(run);
    const [number = 0] = numbers;
    if (numbers.size > 1 || number < newest || number > made) wrong += count;
    else newest = number;
    for (const each of numbers) seen.add(each);
  }
  return {
    ...{ samples, wrong, made, torn: profile.losses.torn, seen: seen.size },
    share: { sampled: inPieces / time, truth },
  };
}

/** The numbers of the pieces of code on a stack. */
function piecesOn(profile: Profile, stack: number): { numbers: Set<number>; isHarness: boolean } {
  const numbers = new Set<number>();
  let isHarness = false;
  for (let at = stack; at !== emptyStack; at = profile.stacks.parent.at(at)) {
    const { name, file } = profile.functions[profile.frames.function.at(profile.stacks.frame.at(at))]!;
    const number = /^(?:step|inner)_(\d+)$/.exec(name) ?? /(?:step|inner)_(\d+)$/.exec(file);
    if (number) numbers.add(Number(number[1]));
    if (name === 'listen') isHarness = true;
  }
  return { numbers, isHarness };
}
