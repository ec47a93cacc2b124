import type { CallTree } from '../analysis/call-tree.js';
import {
  type CallTreeColumns,
  type FrameDescription,
  ownSums,
  totalSums,
} from '../analysis/call-tree-columns.js';
import type { Category } from '../analysis/category.js';
import { functionName } from '../analysis/labels.js';
import { atOnce } from '../analysis/sample-weights.js';
import { visiblePath, visibleText } from '../analysis/visible-text.js';
import type { BarChange } from '../formats/flamegraph/bar-changes.js';
import type { Profile } from '../model/profile.js';

/** What a bar is called, and what it is. Names can be looked at: what is invisible in them is written out. */
export interface FrameName {
  /** Name and location, as every view has them. */
  readonly label: string;
  readonly name: string;
  /** `app.py:12`; may be empty. */
  readonly location: string;
  readonly category: Category;
  /** Index into `Profile.functions` of the first that is the same; -1: none. */
  readonly function: number;
  /** A number of the file, so that neighbours of different files differ in shade. */
  readonly file: number;
}

/** A tree as a flame graph needs it: nodes are numbers, 0 is the root. Times are microseconds. */
export interface FlameSource {
  readonly names: readonly FrameName[];
  /** Index into `names`. */
  nameOf(node: number): number;
  parentOf(node: number): number;
  depthOf(node: number): number;
  totalOf(node: number): number;
  selfOf(node: number): number;
  /** Of the total, and of the time of its own, what waited. */
  waitingOf(node: number): number;
  selfWaitingOf(node: number): number;
  samplesOf(node: number): number;
  /** Longest first. */
  childrenOf(node: number): ArrayLike<number>;
  /** In a picture of what changed between two recordings. */
  changeOf?(node: number): BarChange;
}

/** Names of a piece: some 3 ms. */
const pieceLength = 1000;

/** The call tree of a view, with the names of its frames. Parents come before their children. */
export class FrameTree implements FlameSource {
  readonly names: readonly FrameName[];
  readonly count: number;
  readonly #columns: CallTreeColumns;
  /** By frame of the columns, an index into `names`. */
  readonly #nameOfFrame: Int32Array;
  readonly #depth: Int32Array;

  private constructor(columns: CallTreeColumns, names: readonly FrameName[], nameOfFrame: Int32Array) {
    this.names = names;
    this.count = columns.count;
    this.#columns = columns;
    this.#nameOfFrame = nameOfFrame;
    this.#depth = new Int32Array(this.count);
    for (let node = 1; node < this.count; node++)
      this.#depth[node] = this.#depth[columns.parentOf(node)]! + 1;
  }

  /** `same`: for each function the first one that is the same. */
  static of(tree: Pick<CallTree, 'columns'>, profile: Profile, same: Int32Array): FrameTree {
    return atOnce(FrameTree.pieces(tree, profile, same));
  }

  /** The same in pieces, with a yield after each. */
  static *pieces(
    { columns }: Pick<CallTree, 'columns'>,
    profile: Profile,
    same: Int32Array,
  ): Generator<void, FrameTree, void> {
    const { frames } = columns;
    const names = new Names(profile, same);
    const nameOfFrame = new Int32Array(frames.length);
    for (const [at, frame] of frames.entries()) {
      nameOfFrame[at] = names.numberOf(frame);
      if (at % pieceLength === pieceLength - 1) yield;
    }
    return new FrameTree(columns, names.list, nameOfFrame);
  }

  nameOf(node: number): number {
    return this.#nameOfFrame[this.#columns.frame[node]!]!;
  }
  parentOf(node: number): number {
    return node === 0 ? 0 : this.#columns.parentOf(node);
  }
  depthOf(node: number): number {
    return this.#depth[node]!;
  }
  totalOf(node: number): number {
    return this.#columns.sumOf(node, totalSums.time);
  }
  selfOf(node: number): number {
    return this.#columns.sumOf(node, ownSums.time);
  }
  waitingOf(node: number): number {
    return this.#columns.sumOf(node, totalSums.waiting);
  }
  selfWaitingOf(node: number): number {
    return this.#columns.sumOf(node, ownSums.waiting);
  }
  samplesOf(node: number): number {
    return this.#columns.sumOf(node, totalSums.samples);
  }
  selfSamplesOf(node: number): number {
    return this.#columns.sumOf(node, ownSums.samples);
  }
  /** The time with any of these names on the stack, nested ones counted once; `names`: 1 or 0 by name. */
  timeWith(names: Uint8Array): number {
    const isWanted = new Uint8Array(this.#nameOfFrame.length);
    for (let frame = 0; frame < isWanted.length; frame++) isWanted[frame] = names[this.#nameOfFrame[frame]!]!;
    return this.#columns.timeWith(isWanted);
  }
  childrenOf(node: number): Int32Array {
    return this.#columns.childrenOf(node);
  }
}

class Names {
  readonly list: FrameName[] = [];
  readonly #profile: Profile;
  readonly #same: Int32Array;
  /** By category and label. */
  readonly #numbers = new Map<Category, Map<string, number>>();
  readonly #files = new Map<string, number>();

  constructor(profile: Profile, same: Int32Array) {
    this.#profile = profile;
    this.#same = same;
  }

  numberOf({ label, category, function: fn }: FrameDescription): number {
    let ofCategory = this.#numbers.get(category);
    if (ofCategory === undefined) {
      ofCategory = new Map();
      this.#numbers.set(category, ofCategory);
    }
    const known = ofCategory.get(label);
    if (known !== undefined) return known;
    const number = this.list.push(this.#describe(label, category, fn)) - 1;
    ofCategory.set(label, number);
    return number;
  }

  #describe(label: string, category: Category, fn: number): FrameName {
    const info = this.#profile.functions[fn];
    const name = info === undefined ? label : functionName(info);
    const location = visiblePath(label.slice(name.length + 2, -1));
    const shown = visibleText(name);
    const file = info?.file ?? '';
    const known = this.#files.get(file) ?? this.#files.size;
    this.#files.set(file, known);
    return {
      label: location === '' ? shown : `${shown} (${location})`,
      ...{ name: shown, location, category, function: this.#same[fn] ?? -1, file: known },
    };
  }
}

/** The names of frames from below the root to a node. */
export function pathOf(source: FlameSource, node: number): string[] {
  const path: string[] = [];
  for (let at = node; at !== 0; at = source.parentOf(at)) path.push(source.names[source.nameOf(at)]!.label);
  return path.reverse();
}

/** The node of another tree that the same path leads to; -1 where there is none. */
export function sameNode(source: FlameSource, node: number, other: FlameSource): number {
  const path = pathOf(source, node);
  const same = nodeAt(other, path);
  return pathOf(other, same).length === path.length ? same : -1;
}

/** The node that a path leads to; as far as it leads anywhere. */
export function nodeAt(source: FlameSource, path: readonly string[]): number {
  let node = 0;
  for (const label of path) {
    const next = Array.from(source.childrenOf(node)).find(
      (child) => source.names[source.nameOf(child)]!.label === label,
    );
    if (next === undefined) break;
    node = next;
  }
  return node;
}
