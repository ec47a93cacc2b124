// The words of a comparison, for a terminal and for a page.
import type { Change } from '../../analysis/diff/compare.js';
import { type Diff, type FunctionChange, isChange } from '../../analysis/diff/diff.js';
import { formatDuration, plural } from '../../analysis/human-units.js';
import { functionName } from '../../analysis/labels.js';
import { visibleText } from '../../analysis/visible-text.js';
import { growthText } from './change-text.js';

/** Sentences about changes. */
const mostSentences = 5;
/** Columns of a name; longer ones are cut. */
export const longestName = 100;
/** What a C function has of the change of its caller to be named. */
const mostly = 0.5;

export interface DiffSentence {
  readonly text: string;
  /** What it is about, with which it begins. */
  readonly subject?: string;
  readonly about?: FunctionChange;
}

/** What a function is called. */
export type NameOf = (fn: FunctionChange) => string;

export function basisSentence({ basis, routes }: Diff): string {
  if (basis === 'second') return 'Time is compared per second of recording, of all threads together.';
  const requests = (of: 'before' | 'after') =>
    plural(
      routes.reduce((sum, { route }) => sum + route[of], 0),
      'request',
    );
  return `Time is compared per request: ${requests('before')} before, ${requests('after')} after, each route with the same weight in both.`;
}

export function isDifferent({ self, total }: FunctionChange): boolean {
  return self.before !== self.after || total.before !== total.after;
}

export function hasDifference({ functions, routes }: Diff): boolean {
  return functions.some(isDifferent) || routes.some(({ change }) => change.before !== change.after);
}

/** What changed beyond sampling error, the largest first; or that nothing did, and what could have been seen. */
export function diffSentences(diff: Diff, nameOf: NameOf): DiffSentence[] {
  if (!hasDifference(diff)) return [{ text: 'No difference: all times are the same in both.' }];
  const { functions, routes, whole } = diff;
  const ofRoutes = routes.filter(({ change }) => change.verdict !== 'same');
  const ofFunctions = functions.filter(({ self }) => self.verdict !== 'same');
  const callers = functions.filter((fn) => isChange(fn) && fn.self.verdict === 'same');
  if (ofRoutes.length + ofFunctions.length + callers.length === 0 && whole.verdict === 'same')
    return nothingChanged(diff, nameOf);
  const about = (fn: FunctionChange, change: Change, more: string): DiffSentence => {
    const subject = nameOf(fn);
    const only = fn.only === undefined ? '' : `, only there ${fn.only},`;
    return { text: `${subject}${only} ${sentence(change, diff)}${more}.`, subject, about: fn };
  };
  const grew = ofFunctions.filter(({ self }) => self.verdict === 'grew').length;
  return [
    ...(whole.verdict === 'same' ? [] : [{ text: `All time together ${sentence(whole, diff)}.` }]),
    ...ofRoutes.slice(0, mostSentences).map(({ route, change }) => {
      const subject = visibleText(route.route, longestName);
      return { text: `${subject} ${sentence(change, diff)}.`, subject };
    }),
    {
      text: `${plural(grew, 'function')} grew and ${ofFunctions.length - grew} shrank in self time, beyond sampling error.`,
    },
    ...ofFunctions.slice(0, mostSentences).map((fn) => about(fn, fn.self, inWhat(fn))),
    ...(ofFunctions.length === 0
      ? callers.slice(0, mostSentences).map((fn) => about(fn, fn.total, ', with what it calls'))
      : []),
  ];
}

function nothingChanged(diff: Diff, nameOf: NameOf): DiffSentence[] {
  const [largest] = diff.functions.toSorted((a, b) => b.self.before - a.self.before);
  const compared = diff.functions.filter(({ self, total }) => self.isTested || total.isTested).length;
  const nothing = `Nothing changed beyond sampling error, of ${plural(compared, 'function')} that took at least 0.5% of the time.`;
  if (!largest || largest.self.before === 0) return [{ text: nothing }];
  const seen = Math.ceil((largest.self.smallestSeen / largest.self.before) * 100);
  return [
    { text: nothing },
    {
      text: `Of ${nameOf(largest)}, which takes most, a change of some ${seen}% could have been seen.`,
    },
  ];
}

/** `grew by 12.0 ms (± 3.1 ms) per request, from 60.0 ms to 72.0 ms: +20%`. */
function sentence(change: Change, { basis }: Diff): string {
  const { before, after, error, verdict } = change;
  const by = `${formatDuration(Math.abs(after - before))} (± ${formatDuration(error)})`;
  const growth = growthText(change);
  return `${verdict} by ${by} per ${basis}, from ${formatDuration(before)} to ${formatDuration(after)}${growth === '' ? '' : `: ${growth}`}`;
}

/** Where most of the change is in a C function. */
function inWhat({ self, inC }: FunctionChange): string {
  if (inC === undefined) return '';
  const part = inC.change / (self.after - self.before);
  return part < mostly ? '' : `, most of it in ${visibleText(functionName(inC.info), longestName)}`;
}
