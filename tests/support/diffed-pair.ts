import { diffOf } from '../../src/analysis/diff/diff.js';
import { defaultView, type ViewOptions } from '../../src/analysis/view-options.js';
import { zlibCompression } from '../../src/disk/zlib-compression.js';
import { diffHtml } from '../../src/formats/diff/diff-html.js';
import { type DiffPage, diffPage, type Side } from '../../src/formats/diff/diff-page.js';
import type { FunctionInfo, Profile } from '../../src/model/profile.js';
import { profileFromText } from './profile-from-text.js';
import { seededRandom } from './simulated-load.js';

const functions: Record<string, Partial<FunctionInfo>> = {
  price: { qualifiedName: 'Shop.price', shortFile: 'shop/price.py' },
  sorted: { kind: 'c', qualifiedName: 'builtins.sorted' },
};
const paths = ['main buy price', 'main buy price tax', 'main buy stock', 'main show old_way sorted']
  .concat('main show new_way', 'main log')
  .map((path) => path.split(' '));

/** Rounds of calls, each of so many samples of each path, a fifth more or less. */
function shop(seed: number, samples: readonly number[]): Profile {
  const random = seededRandom(seed);
  const columns: string[][] = [];
  for (let round = 0; round < 300; round++)
    for (const [at, path] of paths.entries()) {
      const length = Math.round(samples[at]! * (0.8 + 0.4 * random()));
      for (let sample = 0; sample < length; sample++) columns.push(path);
    }
  const rows = Array.from({ length: 4 }, (_, depth) => columns.map((path) => path[depth] ?? '.').join(' '));
  return profileFromText(rows.join(' | '), { interval: 1000, functions });
}

/** `Shop.price` takes more of a second, `old_way` is gone, `new_way` is new, `log` and `tax` are the same. */
export function shopPair(): { before: Profile; after: Profile } {
  return { before: shop(1, [8, 4, 10, 8, 0, 5]), after: shop(2, [14, 4, 10, 0, 2, 5]) };
}

/** Of a second, `rare` takes two microseconds, and as many functions as are wanted take one each. */
export function narrowPair(others = 0): { before: Profile; after: Profile } {
  const names = ['f', 'rare', ...Array.from({ length: others }, (_, at) => `g${at}`)];
  const profile = profileFromText(`${names.map(() => 'main').join(' ')} | ${names.join(' ')}`);
  const durations = names.map((_, at) => [1e6, 2][at] ?? 1);
  profile.runs.duration.length = 0;
  for (const duration of durations) profile.runs.duration.push(duration);
  return { before: profile, after: profile };
}

export interface PairOptions {
  readonly before: Profile;
  readonly after: Profile;
  readonly base?: Side;
  readonly view?: Partial<ViewOptions>;
}

function paired({ before, after, base = 'after', view: some }: PairOptions) {
  const view = { ...defaultView, ...some };
  return [diffOf(before, after, { view }), { before, after, base, view }] as const;
}

export function diffPageOf(options: PairOptions): DiffPage {
  return diffPage(...paired(options));
}

export function diffHtmlOf(options: PairOptions): string {
  return [...diffHtml(...paired(options), zlibCompression)].join('');
}
