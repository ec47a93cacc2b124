// A comparison as its page holds it: what is shown, counted before; all texts are made harmless.
import type { Category } from '../../analysis/category.js';
import type { Diff, FunctionChange } from '../../analysis/diff/diff.js';
import { changeName } from '../../analysis/diff/names.js';
import { changedTree, type DiffedPair } from '../../analysis/diff/path-changes.js';
import { diffNotes, recordingDifferences } from '../../analysis/diff/recording-differences.js';
import type { Basis } from '../../analysis/diff/units.js';
import { fileName, functionName } from '../../analysis/labels.js';
import { whyNothing } from '../../analysis/nothing-shown.js';
import { visiblePath, visibleText } from '../../analysis/visible-text.js';
import { pictureTitle, recordingFacts, viewNotes } from '../flamegraph/headline.js';
import { layOut } from '../flamegraph/layout.js';
import { categories } from '../flamegraph/palette.js';
import { labelOf } from '../flamegraph/viewer-data.js';
import type { ShownChange } from './change-text.js';
import { basisSentence, diffSentences, longestName } from './diff-sentences.js';

/** Rows of the table of functions. */
const mostRows = 2000;
/** However narrow a frame is, a search finds it. Of very many, those with the least time are only counted. */
const limits = { smallestShare: 0, mostBars: 50_000 } as const;

export type Side = 'before' | 'after';
export const sides: readonly Side[] = ['before', 'after'];

export interface DiffPage {
  readonly title: string;
  readonly recordings: Readonly<Record<Side, PageRecording>>;
  readonly basis: Basis;
  /** What is compared, a sentence. */
  readonly compared: string;
  /** Why nothing is shown, a heading first; where it is so. */
  readonly nothing?: readonly string[];
  readonly sentences: readonly PageSentence[];
  readonly notes: readonly string[];
  readonly whole: ShownChange;
  readonly routes: readonly PageRoute[];
  /** Changes first, then the others, the largest difference first. */
  readonly functions: readonly PageFunction[];
  /** Functions that are not among these. */
  readonly leftOut: number;
  /** Whose calls the page begins with. */
  readonly base: Side;
  readonly trees: Readonly<Record<Side, PageTree>>;
}

export interface PageRecording {
  readonly title: string;
  readonly facts: readonly string[];
}

export interface PageSentence {
  readonly text: string;
  /** What it is about, with which it begins. */
  readonly subject?: string;
  /** Index into `functions`. */
  readonly fn?: number;
}

export interface PageRoute {
  readonly name: string;
  /** Requests. */
  readonly before: number;
  readonly after: number;
  readonly change: ShownChange;
}

export interface PageFunction {
  readonly name: string;
  readonly location: string;
  /** The recording that it is in, where it is only in one. */
  readonly only?: Side;
  readonly self: ShownChange;
  readonly total: ShownChange;
}

export interface PageName {
  readonly name: string;
  readonly location: string;
  readonly category: Category;
  /** Index into `functions`; -1: none. */
  readonly fn: number;
}

/** Columns of frames, in the order of a walk: parents before their children, the longest child first. */
export interface PageTree {
  readonly names: readonly PageName[];
  readonly changes: readonly ShownChange[];
  /** Index into `names`. */
  readonly name: readonly number[];
  readonly depth: readonly number[];
  /** Whole microseconds of the recording. */
  readonly total: readonly number[];
  readonly self: readonly number[];
  /** The part of `total` that waited. */
  readonly waiting: readonly number[];
  readonly samples: readonly number[];
  /** Index into `changes`; -1: it was not compared. */
  readonly change: readonly number[];
  /** Frames with time that are not among these. */
  readonly leftOut: number;
}

export function diffPage(diff: Diff, pair: DiffedPair & { readonly base: Side }): DiffPage {
  const { before, after, base, view } = pair;
  const rows = diff.functions.slice(0, mostRows);
  const indexOf = new Map(rows.map(({ row }, index) => [row, index]));
  const differences = recordingDifferences(before, after);
  const nameOf = (fn: FunctionChange) => visibleText(changeName(fn, view.fullFileNames), longestName);
  const isEmpty = diff.whole.before === 0 && diff.whole.after === 0;
  const tree = (side: Side) => treeOf(diff, { ...pair, base: side }, indexOf);
  return {
    title: `What changed: ${pictureTitle(after)}`,
    recordings: { before: recordingOf(pair.before), after: recordingOf(pair.after) },
    basis: diff.basis,
    compared: basisSentence(diff),
    ...(isEmpty ? { nothing: whyNothing(after, view) } : {}),
    sentences: isEmpty
      ? []
      : diffSentences(diff, nameOf).map(({ text, subject, about }) => ({
          ...{ text, ...(subject === undefined ? {} : { subject }) },
          ...(about === undefined ? {} : { fn: indexOf.get(about.row) ?? -1 }),
        })),
    notes: [
      ...(differences === '' ? [] : [differences]),
      ...viewNotes(after, view),
      ...diffNotes(diff, before, after),
    ],
    whole: shown(diff.whole),
    routes: diff.routes.map(({ route, change }) => ({
      name: visibleText(route.route, longestName),
      ...{ before: route.before, after: route.after, change: shown(change) },
    })),
    functions: rows.map(({ info, state, only, self, total }) => ({
      name: visibleText(info ? functionName(info) : state),
      location: info ? visiblePath(fileName(info, { ...view, lines: 'none' }), 120) : '',
      ...(only === undefined ? {} : { only }),
      ...{ self: shown(self), total: shown(total) },
    })),
    leftOut: diff.functions.length - rows.length,
    base,
    trees: { before: tree('before'), after: tree('after') },
  };
}

function recordingOf(profile: DiffedPair[Side]): PageRecording {
  return { title: pictureTitle(profile), facts: recordingFacts(profile) };
}

/** Times to a tenth of a microsecond: more digits are a third of the page. */
function shown({ before, after, error, verdict }: ShownChange): ShownChange {
  const short = (time: number) => Math.round(time * 10) / 10;
  return { before: short(before), after: short(after), error: short(error), verdict };
}

/** `indexOf`: of the number of a function, its row of the table. */
function treeOf(
  diff: Diff,
  pair: DiffedPair & { readonly base: Side },
  indexOf: ReadonlyMap<number, number>,
): PageTree {
  const profile = pair[pair.base];
  const { tree, changeOf, rows } = changedTree(diff, pair);
  const { bars } = layOut(tree, limits);
  const withTime = tree.nodes.filter(({ totalTime }) => totalTime > 0).length;
  const [names, changes] = [new Map<string, number>(), new Map<object, number>()];
  const [nameList, changeList]: [PageName[], ShownChange[]] = [[], []];
  const number = <K>(known: Map<K, number>, key: K, make: () => void): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    make();
    known.set(key, known.size);
    return known.size - 1;
  };
  const name = bars.map((bar) => {
    const { label, function: fn } = bar.node;
    return number(names, `${fn} ${label}`, () => {
      const { name, location, category } = labelOf(bar, profile);
      const row = fn < 0 ? -1 : (indexOf.get(rows[fn]!) ?? -1);
      nameList.push({ name, location, category: categories[category]!.id, fn: row });
    });
  });
  const change = bars.map(({ node }) => {
    const found = changeOf(node);
    return found === undefined ? -1 : number(changes, found, () => changeList.push(shown(found)));
  });
  const column = (of: (bar: (typeof bars)[number]) => number) => bars.map((bar) => Math.round(of(bar)));
  return {
    ...{ names: nameList, changes: changeList, name, change },
    depth: column(({ depth }) => depth),
    total: column(({ node }) => node.totalTime),
    self: column(({ node }) => node.selfTime),
    waiting: column(({ node }) => node.totalWaiting),
    samples: column(({ node }) => node.samples),
    // The first bar is the root, which is no node.
    leftOut: withTime + 1 - bars.length,
  };
}
