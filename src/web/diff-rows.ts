import { formatShare, plural } from '../analysis/human-units.js';
import type { ShownChange } from '../formats/diff/change-text.js';
import type { PageFunction } from '../formats/diff/diff-page.js';
import type { ChangeKind } from '../formats/flamegraph/bar-changes.js';
import type { DiffTree } from './diff-tree.js';
import type { Found } from './search.js';

export const onlyChoices = ['all', 'grew', 'shrank'] as const;
export type Only = (typeof onlyChoices)[number];

export const sortKeys = ['name', 'self', 'total'] as const;
/**
 * `self`: as the page has them, what changed at all before what did not. `total`: by how much that changed, what is
 * beyond sampling error first.
 */
export type SortKey = (typeof sortKeys)[number];

export interface Row extends PageFunction {
  /** Index into `DiffPage.functions`. */
  readonly index: number;
}

/** Of its own time, else of that with what it calls. */
export function kindOf({ self, total }: PageFunction): ChangeKind {
  return self.verdict === 'same' ? total.verdict : self.verdict;
}

/** Rows that a choice and a search leave. */
export function rowsOf(
  functions: readonly PageFunction[],
  only: Only,
  pattern: RegExp | undefined,
): readonly Row[] {
  return functions
    .map((fn, index) => ({ ...fn, index }))
    .filter((fn) => only === 'all' || fn.self.verdict === only || fn.total.verdict === only)
    .filter(({ name, location }) => pattern?.test(location === '' ? name : `${name} (${location})`) ?? true);
}

/** What a search found among the calls, and that it did not see all of them. */
export function foundText({ time, count }: Found, calls: Pick<DiffTree, 'totalOf' | 'leftOut'>): string {
  const found =
    count === 0
      ? 'no match'
      : `${formatShare(time, calls.totalOf(0))} in ${plural(count, 'match', 'matches')}`;
  return calls.leftOut === 0 ? found : `${found}, ${plural(calls.leftOut, 'shorter call')} not searched`;
}

/** `isReversed`: from Z to A, or the smallest change first. */
export function sorted(rows: readonly Row[], key: SortKey, isReversed: boolean): readonly Row[] {
  const compare: (a: Row, b: Row) => number =
    key === 'name'
      ? (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
      : (a, b) => (key === 'total' ? byChange(a.total, b.total) : 0);
  const ordered = rows.toSorted((a, b) => compare(a, b) || a.index - b.index);
  return isReversed ? ordered.toReversed() : ordered;
}

function byChange(a: ShownChange, b: ShownChange): number {
  const isChanged = (of: ShownChange) => Number(of.verdict !== 'same');
  const size = (of: ShownChange) => Math.abs(of.after - of.before);
  return isChanged(b) - isChanged(a) || size(b) - size(a);
}
