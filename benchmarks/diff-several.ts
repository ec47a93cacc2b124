// What `pyglass diff` says of several runs of each side, drawn at random from those that `diff-pairs.ts` recorded.
import { diffOf, isChange } from '../src/analysis/diff/diff.js';
import { JoinedRecordings } from '../src/analysis/joined-recordings.js';
import { defaultView } from '../src/analysis/view-options.js';
import { seededRandom } from '../tests/support/simulated-load.js';
import { eachSetting, type ReadRun, type Setting, slower } from './diff-pairs.js';

/** Of runs of one program, and as many of different ones. */
const comparisons = 100;

export interface SeveralCounts extends Setting {
  readonly comparisons: number;
  /** Of one program, in which anything was called a change, also what was one by the program's own clock. */
  readonly called: number;
  /** Of different programs, in which the slower function was found. */
  readonly found: number;
}

/** `count`: recordings of each side. Of one program there are twice as many at least. */
export function compareSeveral(folder: string, count: number): SeveralCounts[] {
  return eachSetting(folder, (runs, setting) => {
    const random = seededRandom(count);
    const view = { ...defaultView, mode: setting.mode };
    const compare = (drawn: readonly ReadRun[], others: readonly ReadRun[]) =>
      diffOf(joined(drawn.slice(0, count)), joined(others.slice(-count)), { view });
    const [slow, fast] = [runs.filter(({ factor }) => factor > 1), runs.filter(({ factor }) => factor === 1)];
    let [called, found] = [0, 0];
    for (let comparison = 0; comparison < comparisons; comparison++) {
      const ofOne = shuffled(comparison % 2 === 0 ? slow : fast, random);
      const { functions, whole } = compare(ofOne, ofOne);
      if (functions.some(isChange) || whole.verdict !== 'same') called++;
      const between = compare(shuffled(fast, random), shuffled(slow, random));
      if (between.functions.some(({ info, self }) => info?.name === slower && self.verdict === 'grew'))
        found++;
    }
    return { ...setting, comparisons, called, found };
  });
}

function joined(runs: readonly ReadRun[]): JoinedRecordings {
  return new JoinedRecordings(runs.map(({ profile }) => profile));
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const left = [...all];
  return all.map(() => left.splice(Math.floor(random() * left.length), 1)[0]!);
}
