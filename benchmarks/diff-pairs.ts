// What `pyglass diff` says of two runs: of the same program, and of two variants of which one has a function that takes
// a fifth longer. Every run is compared with every other one, so that a few dozen runs are hundreds of pairs.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { diffOf, type FunctionChange, isChange } from '../src/analysis/diff/diff.js';
import { defaultView, type Mode } from '../src/analysis/view-options.js';
import { readRecording } from '../src/disk/read-recording.js';
import { Pyglass } from '../tests/support/pyglass.js';
import type { TestPython } from '../tests/support/pythons.js';
import { Target } from '../tests/support/targets.js';
import { median } from './statistics.js';

const program = new URL('../../benchmarks/programs/slower.py', import.meta.url).pathname;
const factors = [1, 1.2];
/** Rounds a second; 0: the program never waits. */
const paces = [15, 0];
const rates = [100, 1000];
const modes: readonly Mode[] = ['wall', 'cpu'];
/** What takes longer in one of the variants. */
export const slower = 'parse';

interface Run {
  readonly factor: number;
  readonly pace: number;
  /** CPU time of a round by function, nanoseconds, as the program counted it. */
  readonly truth: Readonly<Record<string, number>>;
  /** By rate: a recording of the same seconds. */
  readonly files: Readonly<Record<number, string>>;
}

export interface PairCounts extends Setting {
  /** Pairs of runs of one program, and in how many of them anything was called a change that was none. */
  readonly equal: number;
  readonly wrong: number;
  /** The fewest runs that are in half of those pairs: a single odd run is in as many as there are others. */
  readonly runsOfWrong: number;
  /** Equal pairs in which all that was called a change is one by the program's own clock, to the same side. */
  readonly real: number;
  /** Pairs of different programs; in how many the slower function was found; in how many another one was called. */
  readonly different: number;
  readonly found: number;
  readonly others: number;
  /** The smallest growth of the slower function that would be called one, as a part of it; the median. */
  readonly smallest: number;
  /** How busy others kept the machine, the median of all recordings, 0 to 1. */
  readonly busy: number;
  /** By how much the slower function takes longer by its own clock, the median. */
  readonly truth: number;
}

/** Compares all runs of a folder with each other. */
export function comparePairs(folder: string): PairCounts[] {
  return eachSetting(folder, (runs, setting) => ({ ...setting, ...countPairs(runs, setting.mode) }));
}

export interface Setting {
  readonly pace: number;
  readonly rate: number;
  readonly mode: Mode;
}

/** What `count` makes of the runs of a folder that were made and are compared alike. */
export function eachSetting<T>(
  folder: string,
  count: (runs: readonly ReadRun[], setting: Setting) => T,
): T[] {
  const runs = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name): Run => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
  return paces.flatMap((pace) =>
    rates.flatMap((rate) => {
      const read = runs
        .filter((run) => run.pace === pace)
        .map((run) => ({ ...run, profile: readRecording(run.files[rate]!) }));
      return modes.map((mode) => count(read, { pace, rate, mode }));
    }),
  );
}

export type ReadRun = Run & { readonly profile: ReturnType<typeof readRecording> };

function countPairs(runs: readonly ReadRun[], mode: Mode): Omit<PairCounts, keyof Setting> {
  const counts = { equal: 0, wrong: 0, real: 0, different: 0, found: 0, others: 0 };
  const wrongOf = new Map<Run, number>();
  const [smallest, busy, truth]: [number[], number[], number[]] = [[], [], []];
  for (const [at, one] of runs.entries())
    for (const other of runs.slice(at + 1)) {
      const [before, after] = one.factor <= other.factor ? [one, other] : [other, one];
      const diff = diffOf(before.profile, after.profile, { view: { ...defaultView, mode } });
      busy.push(diff.contention.before, diff.contention.after);
      if (before.factor === after.factor) {
        counts.equal++;
        const changes = diff.functions.filter(isChange);
        if (changes.length === 0 && diff.whole.verdict === 'same') continue;
        if (diff.whole.verdict === 'same' && changes.every((fn) => isReal(fn, before, after))) counts.real++;
        else {
          counts.wrong++;
          for (const run of [one, other]) wrongOf.set(run, (wrongOf.get(run) ?? 0) + 1);
        }
        continue;
      }
      counts.different++;
      truth.push(after.truth[slower]! / before.truth[slower]!);
      const found = diff.functions.find(({ info }) => info?.name === slower);
      if (found?.self.verdict === 'grew') counts.found++;
      if (found) smallest.push(found.self.smallestSeen / found.self.before);
      if (diff.functions.some((fn) => fn !== found && fn.self.verdict !== 'same')) counts.others++;
    }
  const runsOfWrong = fewestRuns([...wrongOf.values()], counts.wrong);
  return { ...counts, runsOfWrong, smallest: median(smallest), busy: median(busy), truth: median(truth) };
}

/** How many runs it takes, those in the most pairs first, to have half of the pairs. */
function fewestRuns(pairsOf: readonly number[], pairs: number): number {
  let [runs, left] = [0, pairs / 2];
  for (const count of pairsOf.toSorted((a, b) => b - a)) {
    if (left <= 0) break;
    left -= count;
    runs++;
  }
  return runs;
}

/** From here on, a part of a function, one run differs from another by its own clock. */
const differs = 0.05;

/** Whether a function has another part of all by the clock of the program, too, and to the side that was called. */
function isReal({ info, self, total }: FunctionChange, before: Run, after: Run): boolean {
  const name = info?.name ?? '';
  const shareOf = ({ truth }: Run) =>
    truth[name]! / Object.values(truth).reduce((sum, time) => sum + time, 0);
  const growth = shareOf(after) / shareOf(before) - 1;
  const { verdict } = self.verdict === 'same' ? total : self;
  return verdict === 'grew' ? growth > differs : growth < -differs;
}

/** Records runs of both variants, in turn, into a folder; what is there already is kept. */
export async function recordRuns(
  python: TestPython,
  folder: string,
  { runs, seconds }: { readonly runs: number; readonly seconds: number },
  say: (line: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < runs; number++)
    for (const pace of paces)
      for (const factor of factors) {
        const name = `${folder}/${pace}-${factor}-${number}`;
        if (existsSync(`${name}.json`)) continue;
        const run = await recordRun(python, name, { factor, pace, seconds, isBeside: number % 2 === 1 });
        writeFileSync(`${name}.json`, JSON.stringify(run));
        say(`${name}: ${JSON.stringify(run.truth)}`);
      }
}

/** `isBeside`: beside another program that computes, for a second or two of four. */
async function recordRun(
  python: TestPython,
  name: string,
  { factor, pace, seconds, isBeside }: { factor: number; pace: number; seconds: number; isBeside: boolean },
): Promise<Run> {
  const args = [String(factor), String(pace)];
  const target = await Target.start(python, program, { args });
  const beside = isBeside ? await Target.start(python, { code: busyForAWhile }) : undefined;
  const recorders: Pyglass[] = [];
  try {
    const files: Record<number, string> = {};
    for (const rate of rates) {
      files[rate] = `${name}-${rate}.pyglass`;
      const words = ['-p', String(target.pid), '-r', String(rate), '-d', String(seconds)];
      recorders.push(new Pyglass(['record', ...words, '-o', files[rate]!]));
    }
    for (const recorder of recorders) {
      const { status, stderr } = await recorder.outcome();
      if (status !== 0) throw new Error(stderr);
    }
    target.say('');
    return { factor, pace, truth: JSON.parse(await target.line()), files };
  } finally {
    for (const recorder of recorders) await recorder.stop();
    await beside?.stop();
    await target.stop();
  }
}

const busyForAWhile = `
import random, time
print('ready', flush=True)
while True:
    end = time.monotonic() + 1 + random.random()
    while time.monotonic() < end:
        sum(range(1000))
    time.sleep(4 * random.random())
`;
