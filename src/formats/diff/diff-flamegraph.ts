// A flame graph of one of two recordings, coloured by what changed: drawn as any flame graph is.
import type { Diff } from '../../analysis/diff/diff.js';
import { changeName } from '../../analysis/diff/names.js';
import { changedTree, type DiffedPair } from '../../analysis/diff/path-changes.js';
import { diffNotes, recordingDifferences } from '../../analysis/diff/recording-differences.js';
import { formatDate, formatDuration, plural } from '../../analysis/human-units.js';
import { whyNothing } from '../../analysis/nothing-shown.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { visibleText } from '../../analysis/visible-text.js';
import type { Profile } from '../../model/profile.js';
import { type BarChange, changeKinds } from '../flamegraph/bar-changes.js';
import { drawFlamegraph } from '../flamegraph/flamegraph.js';
import { pictureTitle, viewNotes } from '../flamegraph/headline.js';
import type { Bar } from '../flamegraph/layout.js';
import type { LegendEntry } from '../flamegraph/viewer-data.js';
import { barChange } from './change-text.js';

/** Functions of the other recording alone that are named. */
const mostNamed = 5;

/** `base`: the recording whose calls are drawn. */
export function diffFlamegraph(
  diff: Diff,
  pair: DiffedPair & { readonly base: 'before' | 'after' },
): Iterable<string> {
  const { before, after, base, view } = pair;
  const { tree, changeOf } = changedTree(diff, pair);
  const profile = base === 'before' ? before : after;
  const differences = recordingDifferences(before, after);
  const barOf = (bar: Parameters<typeof changeOf>[0]) => barChange(changeOf(bar), diff.basis);
  return drawFlamegraph({
    ...{ profile, tree },
    title: `What changed: ${pictureTitle(profile)}`,
    facts: [
      `Before: ${factsOf(before)}`,
      `After: ${factsOf(after)}`,
      `Compared per ${diff.basis}${diff.basis === 'second' ? ' of recording' : ''}`,
      `Bars as wide as their time ${base}`,
    ],
    notes: [
      'Grey: within sampling error, or not compared (C functions, below a pixel).',
      ...otherOnly(diff, base, view),
      ...(differences === '' ? [] : [differences]),
      ...viewNotes(profile, view),
      ...diffNotes(diff, before, after),
    ],
    message: tree.root.totalTime <= 0 ? whyNothing(profile, view) : [],
    legendOf: (bars) => legendOf(bars, barOf),
    cpuLegendOf: () => undefined,
    changeOf: barOf,
  });
}

function factsOf({ info, duration, processes }: Profile): string {
  const versions = [...new Set(processes.map(({ pythonVersion }) => pythonVersion))].join(', ');
  return `${formatDate(info.startedAt)} for ${formatDuration(duration)}, Python ${visibleText(versions)}`;
}

const titles = { grew: 'Grew', shrank: 'Shrank', same: 'Within sampling error' } as const;

function legendOf(bars: readonly Bar[], barOf: (node: Bar['node']) => BarChange): LegendEntry[] {
  const counts = new Map<string, number>();
  for (const { node } of bars) counts.set(barOf(node).kind, (counts.get(barOf(node).kind) ?? 0) + 1);
  return changeKinds.map((id) => ({ id, title: titles[id], share: plural(counts.get(id) ?? 0, 'frame') }));
}

/** What the picture has no bars for. */
function otherOnly({ functions }: Diff, base: 'before' | 'after', { fullFileNames }: ViewOptions): string[] {
  const other = base === 'before' ? 'after' : 'before';
  const only = functions.filter((fn) => fn.only === other && fn.total.verdict !== 'same');
  if (only.length === 0) return [];
  const names = only.slice(0, mostNamed).map((fn) => visibleText(changeName(fn, fullFileNames), 80));
  const more = only.length > mostNamed ? ` and ${only.length - mostNamed} more` : '';
  return [`${other === 'before' ? 'Gone' : 'New'}: ${names.join(', ')}${more}.`];
}
