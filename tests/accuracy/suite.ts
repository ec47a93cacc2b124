import type { Profile } from '../../src/model/profile.js';
import type { TestPython } from '../support/pythons.js';
import { namesOf } from '../support/recordings.js';
import { recordedRun } from './recorded-run.js';

const programs = new URL('../../../tests/accuracy/programs/', import.meta.url).pathname;

export interface AccuracyProgram {
  readonly file: string;
  /** [caller, callee] directly below one another: stacks that the program can never have. */
  readonly impossible: readonly (readonly [string, string])[];
  /** Functions that must be seen besides those that the program times. */
  readonly alsoSeen?: readonly string[];
  /** Functions with a share so thin that only a long recording must show each of them. */
  readonly thin?: readonly string[];
  /** Its threads run at once, on all processors. */
  readonly isParallel?: boolean;
}

export const accuracyPrograms: readonly AccuracyProgram[] = [
  {
    file: 'milliseconds.py',
    impossible: [
      ['three', 'five'],
      ['five', 'two'],
      ['two', 'three'],
    ],
  },
  {
    file: 'microseconds.py',
    impossible: [
      ['short', 'long'],
      ['long', 'short'],
    ],
  },
  {
    file: 'recursion.py',
    impossible: [
      ['leaf', 'descend'],
      ['work', 'leaf'],
    ],
  },
  {
    file: 'alternating.py',
    impossible: [
      ['a', 'y'],
      ['b', 'x'],
      ['a', 'b'],
      ['b', 'a'],
      ['work', 'x'],
      ['work', 'y'],
    ],
  },
  {
    file: 'generators.py',
    impossible: [
      ['plain', 'numbers'],
      ['work', 'numbers'],
      ['plain', 'consume'],
    ],
    alsoSeen: ['numbers'],
  },
  {
    file: 'sleepers.py',
    impossible: [
      ['work', 'nap'],
      ['work', 'mill'],
      ['doze', 'rest'],
      ['doze', 'mill'],
      ['grind', 'nap'],
      ['grind', 'busy'],
    ],
    alsoSeen: ['doze', 'nap', 'grind', 'mill'],
  },
  {
    file: 'turns.py',
    impossible: [
      ['work', 'buzz'],
      ['hum', 'one'],
      ['hum', 'two'],
      ['one', 'two'],
      ['two', 'one'],
    ],
    alsoSeen: ['hum', 'buzz'],
  },
  {
    file: 'thin.py',
    impossible: [
      ['many', 'thick'],
      ['thin_1', 'thin_2'],
      ['work', 'thin_1'],
    ],
    thin: Array.from({ length: 100 }, (_, number) => `thin_${number}`),
  },
];

/** Where threads run at once: in builds without a GIL. */
export const parallelProgram: AccuracyProgram = {
  file: 'parallel.py',
  isParallel: true,
  impossible: ['north', 'east', 'south', 'west'].flatMap((name) => [
    ['shared', name] as const,
    [name, 'shared'] as const,
    ['own', name] as const,
  ]),
};

export interface AccuracyResult {
  /** Stacks that were recorded, of all threads of the program's own. */
  readonly samples: number;
  readonly torn: number;
  readonly retried: number;
  readonly missed: number;
  readonly impossible: number;
  /** Function → its share (0 to 1) of the time as recorded and as the program reports. */
  readonly shares: Readonly<Record<string, { sampled: number; truth: number }>>;
  /** The largest difference, in percentage points. */
  readonly worst: number;
  /** Standard error of a share from the number of samples alone, percentage points. */
  readonly noise: number;
  /** Every function that was seen. */
  readonly seen: ReadonlySet<string>;
  /** Of the functions with a thin share, those that were not. */
  readonly unseen: readonly string[];
}

export interface AccuracyOptions {
  readonly rate: number;
  readonly seconds: number;
  /** Target and profiler on one core, or each on its own. */
  readonly sameCore?: boolean;
  /** How the target's memory is read; the best way when absent. */
  readonly memory?: 'proc';
}

/** Records a program of the suite and compares with what it says of itself. */
export async function measureAccuracy(
  python: TestPython,
  program: AccuracyProgram,
  { rate, seconds, sameCore = false, memory }: AccuracyOptions,
): Promise<AccuracyResult> {
  // Modules beside the program are imported: they must be found as well.
  python.place(`${programs}truth.py`);
  const { profile, truth } = await recordedRun(python, `${programs}${program.file}`, {
    ...{ rate, seconds, core: sameCore ? 0 : 1, isPinned: !program.isParallel },
    env: { ...process.env, PYGLASS_MEMORY: memory ?? '' },
  });
  return compare(profile, program, JSON.parse(truth));
}

function compare(profile: Profile, program: AccuracyProgram, truth: Record<string, number>): AccuracyResult {
  const names = Object.keys(truth);
  const within = new Map<string, number>(names.map((name) => [name, 0]));
  let samples = 0;
  let time = 0;
  let squares = 0;
  let impossible = 0;
  const seen = new Set<string>();
  const judged = new Map<number, Judgement>();
  const { runs } = profile;
  for (let run = 0; run < runs.stack.length; run++) {
    const id = runs.stack.at(run);
    let judgement = judged.get(id);
    if (!judgement) {
      const stack = namesOf(profile, id);
      for (const name of stack) seen.add(name);
      judgement = judge(stack, program, within);
      judged.set(id, judgement);
    }
    if (judgement.ofHarness) continue;
    const count = runs.samples.at(run);
    samples += count;
    if (judgement.impossible) impossible += count;
    if (judgement.phase === undefined) continue;
    const duration = runs.duration.at(run);
    time += duration;
    squares += duration ** 2 / count;
    within.set(judgement.phase, within.get(judgement.phase)! + duration);
  }
  const shares = Object.fromEntries(
    names.map((name) => [name, { sampled: within.get(name)! / time, truth: truth[name]! }]),
  );
  const worst = Math.max(
    ...Object.values(shares).map(({ sampled, truth: true_ }) => Math.abs(sampled - true_) * 100),
  );
  // Samples that came late stand for more time than others, so they are worth as many as this.
  const worth = time ** 2 / squares;
  const noise = Math.max(
    ...Object.values(truth).map((share) => 100 * Math.sqrt((share * (1 - share)) / worth)),
  );
  const unseen = (program.thin ?? []).filter((name) => !seen.has(name));
  const { torn, retried, missed } = profile.losses;
  return { samples, torn, retried, missed, impossible, shares, worst, noise, seen, unseen };
}

interface Judgement {
  /** It is the thread that waits for the word to end. */
  readonly ofHarness: boolean;
  readonly impossible: boolean;
  /** The innermost of the functions that the program times: it has the time. */
  readonly phase: string | undefined;
}

function judge(
  stack: readonly string[],
  { impossible }: AccuracyProgram,
  phases: ReadonlyMap<string, unknown>,
): Judgement {
  return {
    ofHarness: stack.includes('listen'),
    impossible: impossible.some(([caller, callee]) =>
      stack.some((name, at) => name === caller && stack[at + 1] === callee),
    ),
    phase: stack.findLast((name) => phases.has(name)),
  };
}
