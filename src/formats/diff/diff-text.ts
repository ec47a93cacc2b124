// What changed from one recording to another, for people: in sentences first, then as a table.
import type { Change } from '../../analysis/diff/compare.js';
import { type Diff, type FunctionChange, isChange, type RouteChange } from '../../analysis/diff/diff.js';
import { changeName } from '../../analysis/diff/names.js';
import { diffNotes, recordingDifferences } from '../../analysis/diff/recording-differences.js';
import { formatDuration, plural } from '../../analysis/human-units.js';
import { functionName } from '../../analysis/labels.js';
import { whyNothing } from '../../analysis/nothing-shown.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { visibleText } from '../../analysis/visible-text.js';
import type { Profile } from '../../model/profile.js';
import { pictureTitle, recordingFacts, viewNotes } from '../flamegraph/headline.js';
import { textTable } from '../text-table.js';
import { growthText, signed } from './change-text.js';

/** Sentences about changes, and rows of the table of functions. */
const mostSentences = 5;
const mostRows = 20;
/** Rows where nothing changed. */
const mostSame = 5;
/** Columns of a name; longer ones are cut. */
const longestName = 100;
/** What a C function has of the change of its caller to be named. */
const mostly = 0.5;

export function* diffText(
  diff: Diff,
  before: Profile,
  after: Profile,
  options: { readonly all: boolean; readonly view: ViewOptions },
): Iterable<string> {
  yield `Before: ${pictureTitle(before)}\n  ${recordingFacts(before).join(' · ')}\n`;
  yield `After: ${pictureTitle(after)}\n  ${recordingFacts(after).join(' · ')}\n`;
  const differences = recordingDifferences(before, after);
  if (differences !== '') yield `${differences}\n`;
  if (diff.whole.before === 0 && diff.whole.after === 0) {
    const [heading, ...why] = whyNothing(after, options.view);
    yield `\n${heading}, before and after.\n${why.join('\n')}\n`;
    return;
  }
  yield `\n${basisSentence(diff)}\n`;
  for (const note of [...viewNotes(after, options.view), ...diffNotes(diff, before, after)])
    yield `${note}\n`;
  yield '\n';
  const functions = diff.functions.filter(isDifferent);
  if (functions.length === 0 && diff.routes.every(({ change }) => change.before === change.after)) {
    yield 'No difference: all times are the same in both.\n';
    return;
  }
  const nameOf: NameOf = (fn) => visibleText(changeName(fn, options.view.fullFileNames), longestName);
  for (const line of sentences(diff, nameOf)) yield `${line}\n`;
  if (diff.routes.length > 0) yield* section(routeTable(diff));
  const changed = functions.filter(isChange).length;
  const count = options.all ? functions.length : Math.min(mostRows, Math.max(changed, mostSame));
  yield* section(functionTable(diff, functions.slice(0, count), nameOf));
  if (functions.length > count)
    yield `\n${plural(functions.length - count, 'more function')}${changed > count ? '' : ', within sampling error'}: --all shows them.\n`;
}

function basisSentence({ basis, routes }: Diff): string {
  if (basis === 'second') return 'Time is compared per second of recording, of all threads together.';
  const requests = (of: 'before' | 'after') =>
    plural(
      routes.reduce((sum, { route }) => sum + route[of], 0),
      'request',
    );
  return `Time is compared per request: ${requests('before')} before, ${requests('after')} after, each route with the same weight in both.`;
}

function isDifferent({ self, total }: FunctionChange): boolean {
  return self.before !== self.after || total.before !== total.after;
}

/** What changed beyond sampling error, the largest first; or that nothing did, and what could have been seen. */
function sentences(diff: Diff, nameOf: NameOf): string[] {
  const label = labels(nameOf);
  const { functions, routes, whole } = diff;
  const ofRoutes = routes.filter(({ change }) => change.verdict !== 'same');
  const ofFunctions = functions.filter(({ self }) => self.verdict !== 'same');
  const callers = functions.filter((fn) => isChange(fn) && fn.self.verdict === 'same');
  if (ofRoutes.length + ofFunctions.length + callers.length === 0 && whole.verdict === 'same')
    return nothingChanged(diff, nameOf);
  const grew = ofFunctions.filter(({ self }) => self.verdict === 'grew').length;
  const shrank = ofFunctions.length - grew;
  return [
    whole.verdict === 'same' ? '' : `All time together ${sentence(whole, diff)}.`,
    ...ofRoutes
      .slice(0, mostSentences)
      .map(({ route, change }) => `${visibleText(route.route, longestName)} ${sentence(change, diff)}.`),
    `${plural(grew, 'function')} grew and ${shrank} shrank in self time, beyond sampling error.`,
    ...ofFunctions
      .slice(0, mostSentences)
      .map((fn) => `${label(fn)} ${sentence(fn.self, diff)}${inWhat(fn)}.`),
    ...(ofFunctions.length === 0
      ? callers
          .slice(0, mostSentences)
          .map((fn) => `${label(fn)} ${sentence(fn.total, diff)}, with what it calls.`)
      : []),
  ].filter((line) => line !== '');
}

function nothingChanged(diff: Diff, nameOf: NameOf): string[] {
  const [largest] = diff.functions.toSorted((a, b) => b.self.before - a.self.before);
  const compared = diff.functions.filter(({ self, total }) => self.isTested || total.isTested).length;
  return [
    `Nothing changed beyond sampling error, of ${plural(compared, 'function')} that took at least 0.5% of the time.`,
    ...(largest && largest.self.before > 0
      ? [
          `Of ${nameOf(largest)}, which takes most, a change of some ${Math.ceil((largest.self.smallestSeen / largest.self.before) * 100)}% could have been seen.`,
        ]
      : []),
  ];
}

/** `grew by 12.0 ± 3.1 ms per request, from 60.0 ms to 72.0 ms (+20%)`. */
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

type NameOf = (fn: FunctionChange) => string;

function labels(nameOf: NameOf): NameOf {
  return (fn) => (fn.only === undefined ? nameOf(fn) : `${nameOf(fn)}, only there ${fn.only},`);
}

function routeTable({ routes, basis }: Diff): string[] {
  return textTable(
    ['route', 'requests', '', 'before', 'after', `change per ${basis}`],
    routes.map(({ route, change }: RouteChange) => [
      visibleText(route.route, longestName),
      `${route.before}`,
      `${route.after}`,
      formatDuration(change.before),
      formatDuration(change.after),
      changeCell(change),
    ]),
  );
}

function functionTable({ basis }: Diff, functions: readonly FunctionChange[], nameOf: NameOf): string[] {
  return textTable(
    [`per ${basis}`, 'self before', 'after', 'change', 'total before', 'after', 'change'],
    functions.map((fn) => [
      nameOf(fn),
      ...[fn.self, fn.total].flatMap((change) => [
        formatDuration(change.before),
        formatDuration(change.after),
        changeCell(change),
      ]),
    ]),
  );
}

/** `+12.0 ms +20%`; within sampling error, how much that is. */
function changeCell(change: Change): string {
  if (change.before === change.after) return 'same';
  if (change.verdict === 'same') return `± ${formatDuration(change.error)}`;
  return `${signed(change.after - change.before)} ${growthText(change)}`.trimEnd();
}

function* section(lines: readonly string[]): Iterable<string> {
  yield '\n';
  for (const line of lines) yield `${line}\n`;
}
