// What changed from one recording to another, for people: in sentences first, then as a table.
import { type Diff, type FunctionChange, isChange, type RouteChange } from '../../analysis/diff/diff.js';
import { changeName } from '../../analysis/diff/names.js';
import { diffNotes, recordingDifferences } from '../../analysis/diff/recording-differences.js';
import { formatDuration, plural } from '../../analysis/human-units.js';
import { whyNothing } from '../../analysis/nothing-shown.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { visibleText } from '../../analysis/visible-text.js';
import type { Profile } from '../../model/profile.js';
import { pictureTitle, recordingFacts, viewNotes } from '../flamegraph/headline.js';
import { textTable } from '../text-table.js';
import { changeCell } from './change-text.js';
import {
  basisSentence,
  diffSentences,
  hasDifference,
  isDifferent,
  longestName,
  type NameOf,
} from './diff-sentences.js';

/** Rows of the table of functions. */
const mostRows = 20;
/** Rows where nothing changed. */
const mostSame = 5;

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
  const nameOf: NameOf = (fn) => visibleText(changeName(fn, options.view.fullFileNames), longestName);
  for (const { text } of diffSentences(diff, nameOf)) yield `${text}\n`;
  if (!hasDifference(diff)) return;
  const functions = diff.functions.filter(isDifferent);
  if (diff.routes.length > 0) yield* section(routeTable(diff));
  const changed = functions.filter(isChange).length;
  const count = options.all ? functions.length : Math.min(mostRows, Math.max(changed, mostSame));
  yield* section(functionTable(diff, functions.slice(0, count), nameOf));
  if (functions.length > count)
    yield `\n${plural(functions.length - count, 'more function')}${changed > count ? '' : ', within sampling error'}: --all shows them.\n`;
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

function* section(lines: readonly string[]): Iterable<string> {
  yield '\n';
  for (const line of lines) yield `${line}\n`;
}
