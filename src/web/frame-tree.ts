import type { CallTree, CallTreeNode } from '../analysis/call-tree.js';
import type { Category } from '../analysis/category.js';
import { functionName } from '../analysis/labels.js';
import { atOnce } from '../analysis/sample-weights.js';
import { visiblePath, visibleText } from '../analysis/visible-text.js';
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
}

/** The call tree in columns. Children lie one after another, and after their parents. */
export class FrameTree implements FlameSource {
  readonly names: readonly FrameName[];
  readonly count: number;
  readonly name: Int32Array;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  readonly first: Int32Array;
  readonly childCount: Int32Array;
  readonly #total: Float64Array;
  readonly #self: Float64Array;
  readonly #waiting: Float64Array;
  readonly #selfWaiting: Float64Array;
  readonly #samples: Float64Array;
  readonly #ids: Int32Array;

  /** Of a root and no more; `frameTreePieces` adds what is below it. */
  constructor(count: number, names: readonly FrameName[]) {
    this.count = count;
    this.names = names;
    const [name, parent, depth, first, childCount] = whole(count);
    const [total, self, waiting, selfWaiting, samples] = fractions(count);
    this.name = name;
    this.parent = parent;
    this.depth = depth;
    this.first = first;
    this.childCount = childCount;
    this.#total = total;
    this.#self = self;
    this.#waiting = waiting;
    this.#selfWaiting = selfWaiting;
    this.#samples = samples;
    this.#ids = new Int32Array(count);
  }

  /** Nodes come in order, each with its children at `next` and after it. */
  set(at: number, node: CallTreeNode, name: number, next: number): void {
    this.name[at] = name;
    this.#total[at] = node.totalTime;
    this.#self[at] = node.selfTime;
    this.#waiting[at] = node.totalWaiting;
    this.#selfWaiting[at] = node.selfWaiting;
    this.#samples[at] = node.samples;
    this.#ids[at] = at;
    this.first[at] = next;
    const count = node.children.length;
    this.childCount[at] = count;
    const depth = this.depth[at]! + 1;
    for (let child = next; child < next + count; child++) {
      this.parent[child] = at;
      this.depth[child] = depth;
    }
  }

  nameOf(node: number): number {
    return this.name[node]!;
  }
  parentOf(node: number): number {
    return this.parent[node]!;
  }
  depthOf(node: number): number {
    return this.depth[node]!;
  }
  totalOf(node: number): number {
    return this.#total[node]!;
  }
  selfOf(node: number): number {
    return this.#self[node]!;
  }
  waitingOf(node: number): number {
    return this.#waiting[node]!;
  }
  selfWaitingOf(node: number): number {
    return this.#selfWaiting[node]!;
  }
  samplesOf(node: number): number {
    return this.#samples[node]!;
  }
  childrenOf(node: number): ArrayLike<number> {
    const from = this.first[node]!;
    return this.#ids.subarray(from, from + this.childCount[node]!);
  }
}

/** Nodes of a piece: some 3 ms. */
const pieceLength = 8000;

/** The columns of a call tree; `same`: for each function the first one that is the same. */
export function frameTreeOf(tree: CallTree, profile: Profile, same: Int32Array): FrameTree {
  return atOnce(frameTreePieces(tree, profile, same));
}

/** The same in pieces, with a yield after each. */
export function* frameTreePieces(
  { root, nodes }: CallTree,
  profile: Profile,
  same: Int32Array,
): Generator<void, FrameTree, void> {
  const count = nodes.length + 1;
  const names = new Names(profile, same);
  const tree = new FrameTree(count, names.list);
  const order: CallTreeNode[] = new Array(count);
  order[0] = root;
  let next = 1;
  for (let at = 0; at < count; at++) {
    const node = order[at]!;
    tree.set(at, node, names.numberOf(node), next);
    for (const child of node.children) order[next++] = child;
    if (at % pieceLength === pieceLength - 1) yield;
  }
  return tree;
}

type Five<T> = [T, T, T, T, T];

function whole(count: number): Five<Int32Array> {
  return Array.from({ length: 5 }, () => new Int32Array(count)) as Five<Int32Array>;
}

function fractions(count: number): Five<Float64Array> {
  return Array.from({ length: 5 }, () => new Float64Array(count)) as Five<Float64Array>;
}

class Names {
  readonly list: FrameName[] = [];
  readonly #profile: Profile;
  readonly #same: Int32Array;
  readonly #ofFrame = new Map<object, number>();
  /** By category and label. */
  readonly #numbers = new Map<Category, Map<string, number>>();
  readonly #files = new Map<string, number>();

  constructor(profile: Profile, same: Int32Array) {
    this.#profile = profile;
    this.#same = same;
  }

  numberOf(node: CallTreeNode): number {
    let number = this.#ofFrame.get(node.frame);
    if (number === undefined) {
      number = this.#numberByLabel(node);
      this.#ofFrame.set(node.frame, number);
    }
    return number;
  }

  #numberByLabel({ label, category, function: fn }: CallTreeNode): number {
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
