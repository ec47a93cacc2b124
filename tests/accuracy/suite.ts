import { readRecording } from '../../src/disk/read-recording.js';
import type { Profile } from '../../src/model/profile.js';
import { pinnedPyglass } from '../support/pyglass.js';
import type { TestPython } from '../support/pythons.js';
import { namesOf, withFolder } from '../support/recordings.js';
import { Target } from '../support/targets.js';

const programs = new URL('../../../tests/accuracy/programs/', import.meta.url).pathname;

export interface AccuracyProgram {
  readonly file: string;
  /** [caller, callee] directly below one another: stacks that the program can never have. */
  readonly impossible: readonly (readonly [string, string])[];
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
  },
];

export interface AccuracyResult {
  /** Samples that were taken; those at or after the first and within the last phase of the program are all counted. */
  readonly samples: number;
  readonly torn: number;
  readonly missed: number;
  readonly impossible: number;
  /** Function → its share (0 to 1) as sampled and as the program tells. */
  readonly shares: Readonly<Record<string, { sampled: number; truth: number }>>;
  /** The largest difference, in percentage points. */
  readonly worst: number;
  /** Standard error of a share from counting alone, percentage points. */
  readonly noise: number;
}

export interface AccuracyOptions {
  readonly rate: number;
  readonly seconds: number;
  /** Target and profiler on one core, or each on its own. */
  readonly sameCore?: boolean;
}

/** Records a program of the suite and compares with what it says of itself. */
export async function measureAccuracy(
  python: TestPython,
  program: AccuracyProgram,
  { rate, seconds, sameCore = false }: AccuracyOptions,
): Promise<AccuracyResult> {
  // Modules beside the program are imported: they must be found as well.
  python.place(`${programs}truth.py`);
  const pinned: TestPython = { ...python, command: ['taskset', '-c', '0', ...python.command] };
  const target = await Target.start(pinned, `${programs}${program.file}`);
  try {
    return await withFolder(async (folder) => {
      const path = `${folder}/run.pyglass`;
      const words = [
        'record',
        '-p',
        String(target.pid),
        '-r',
        String(rate),
        '-d',
        String(seconds),
        '-o',
        path,
      ];
      const { status, stderr } = await pinnedPyglass(sameCore ? 0 : 1, words);
      if (status !== 0) throw new Error(stderr);
      target.say('tell');
      const truth: Record<string, number> = JSON.parse(await target.line());
      return compare(readRecording(path), program, truth);
    });
  } finally {
    await target.stop();
  }
}

function compare(profile: Profile, program: AccuracyProgram, truth: Record<string, number>): AccuracyResult {
  const names = Object.keys(truth);
  const within = new Map<string, number>(names.map((name) => [name, 0]));
  let samples = 0;
  let counted = 0;
  let impossible = 0;
  const { runs } = profile;
  for (let run = 0; run < runs.stack.length; run++) {
    const stack = namesOf(profile, runs.stack.at(run));
    if (!stack.includes('work')) continue;
    const count = runs.samples.at(run);
    samples += count;
    if (
      program.impossible.some(([caller, callee]) =>
        stack.some((name, at) => name === caller && stack[at + 1] === callee),
      )
    )
      impossible += count;
    // The innermost of the functions that the program speaks of has the time.
    const found = stack.findLast((name) => within.has(name));
    if (found === undefined) continue;
    counted += count;
    within.set(found, within.get(found)! + count);
  }
  const shares = Object.fromEntries(
    names.map((name) => [name, { sampled: within.get(name)! / counted, truth: truth[name]! }]),
  );
  const worst = Math.max(
    ...Object.values(shares).map(({ sampled, truth: true_ }) => Math.abs(sampled - true_) * 100),
  );
  const noise = Math.max(
    ...Object.values(truth).map((share) => 100 * Math.sqrt((share * (1 - share)) / counted)),
  );
  const { torn, missed } = profile.losses;
  return { samples, torn, missed, impossible, shares, worst, noise };
}
