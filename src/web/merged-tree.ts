import { atOnce } from '../analysis/sample-weights.js';
import type { FlameSource, FrameName, FrameTree } from './frame-tree.js';

/** Nodes of the call tree that are one node here, and how much of the time of each counts. */
interface Members {
  readonly nodes: number[];
  readonly times: number[];
  readonly waits: number[];
  readonly samples: number[];
}

/** Nodes of a piece: some 2 ms. */
const pieceLength = 8000;

/** `inverted`: callers of what was innermost, below a root that stands for all of it. */
type Direction = 'callers' | 'callees' | 'inverted';

/**
 * The call tree seen from other ends: from where time was spent to its callers, or from one function. Nodes are made
 * when they are asked for, so what is too thin to be drawn costs nothing.
 */
export class MergedTree implements FlameSource {
  readonly names: readonly FrameName[];
  readonly #tree: FrameTree;
  readonly #direction: Direction;
  readonly #name: number[] = [];
  readonly #parent: number[] = [];
  readonly #depth: number[] = [];
  readonly #total: number[] = [];
  readonly #waiting: number[] = [];
  readonly #samples: number[] = [];
  readonly #members: Members[] = [];
  readonly #children: (number[] | undefined)[] = [];

  private constructor(tree: FrameTree, direction: Direction, root: { name: number; members: Members }) {
    this.#tree = tree;
    this.#direction = direction;
    this.names = tree.names;
    this.#add(root.name, -1, root.members);
  }

  /** Below `all` what was innermost, below each its callers. */
  static inverted(tree: FrameTree): MergedTree {
    return atOnce(MergedTree.invertedPieces(tree));
  }

  /** The same in pieces, with a yield after each. */
  static *invertedPieces(tree: FrameTree): Generator<void, MergedTree, void> {
    const members = emptyMembers();
    for (let node = 1; node < tree.count; node++) {
      const time = tree.selfOf(node);
      if (time > 0) add(members, node, [time, tree.selfWaitingOf(node), tree.selfSamplesOf(node)]);
      if (node % pieceLength === 0) yield;
    }
    const merged = new MergedTree(tree, 'inverted', { name: tree.nameOf(0), members });
    // The members are what is below the root, not the root.
    merged.#children[0] = yield* merged.#groupPieces(0, members, (node) => node);
    return merged;
  }

  /** The root is the function, wherever it was called; below it those that called it, or that it called. */
  static ofFunction(tree: FrameTree, fn: number, direction: 'callers' | 'callees'): MergedTree {
    const members = emptyMembers();
    // What calls itself counts once: its outermost call.
    const within = new Uint8Array(tree.count);
    let name = 0;
    for (let node = 1; node < tree.count; node++) {
      const isIt = tree.names[tree.nameOf(node)]!.function === fn;
      const above = within[tree.parentOf(node)]!;
      within[node] = isIt || above ? 1 : 0;
      if (!isIt || above) continue;
      add(members, node, [tree.totalOf(node), tree.waitingOf(node), tree.samplesOf(node)]);
      name ||= tree.nameOf(node);
    }
    return new MergedTree(tree, direction, { name, members });
  }

  nameOf(node: number): number {
    return this.#name[node]!;
  }
  parentOf(node: number): number {
    return this.#parent[node]!;
  }
  depthOf(node: number): number {
    return this.#depth[node]!;
  }
  totalOf(node: number): number {
    return this.#total[node]!;
  }
  waitingOf(node: number): number {
    return this.#waiting[node]!;
  }
  samplesOf(node: number): number {
    return this.#samples[node]!;
  }

  /** From where time was spent, all of it is of the first frame. */
  selfOf(node: number): number {
    if (this.#direction === 'callees') return this.#sumOfMembers(node, (member) => this.#tree.selfOf(member));
    return this.#isFirst(node) ? this.#total[node]! : 0;
  }
  selfWaitingOf(node: number): number {
    if (this.#direction === 'callees')
      return this.#sumOfMembers(node, (member) => this.#tree.selfWaitingOf(member));
    return this.#isFirst(node) ? this.#waiting[node]! : 0;
  }

  childrenOf(node: number): ArrayLike<number> {
    this.#children[node] ??= this.#direction === 'callees' ? this.#callees(node) : this.#callers(node);
    return this.#children[node];
  }

  #isFirst(node: number): boolean {
    return this.#direction === 'inverted' && this.#depth[node] === 1;
  }

  #callers(node: number): number[] {
    return this.#group(node, this.#members[node]!, (member) => this.#tree.parentOf(member));
  }

  #callees(node: number): number[] {
    const callees = emptyMembers();
    for (const member of this.#members[node]!.nodes) {
      for (const child of this.#tree.childrenOf(member))
        add(callees, child, [
          this.#tree.totalOf(child),
          this.#tree.waitingOf(child),
          this.#tree.samplesOf(child),
        ]);
    }
    return this.#group(node, callees, (member) => member);
  }

  /** A child for each name among those that the members lead to. */
  #group(parent: number, members: Members, to: (member: number) => number): number[] {
    return atOnce(this.#groupPieces(parent, members, to));
  }

  *#groupPieces(
    parent: number,
    { nodes, times, waits, samples }: Members,
    to: (member: number) => number,
  ): Generator<void, number[], void> {
    const byName = new Map<number, Members>();
    for (let at = 0; at < nodes.length; at++) {
      if (at % pieceLength === pieceLength - 1) yield;
      const node = to(nodes[at]!);
      if (node === 0) continue;
      const name = this.#tree.nameOf(node);
      let members = byName.get(name);
      if (members === undefined) {
        members = emptyMembers();
        byName.set(name, members);
      }
      add(members, node, [times[at]!, waits[at]!, samples[at]!]);
    }
    return [...byName]
      .map(([name, members]) => this.#add(name, parent, members))
      .sort((a, b) => this.#total[b]! - this.#total[a]! || this.#byLabel(a, b));
  }

  #add(name: number, parent: number, members: Members): number {
    const node = this.#name.push(name) - 1;
    this.#parent.push(Math.max(0, parent));
    this.#depth.push(parent < 0 ? 0 : this.#depth[parent]! + 1);
    this.#total.push(sum(members.times));
    this.#waiting.push(sum(members.waits));
    this.#samples.push(sum(members.samples));
    this.#members.push(members);
    this.#children.push(undefined);
    return node;
  }

  /** As equal ones in the call tree. */
  #byLabel(a: number, b: number): number {
    const [label, other] = [this.names[this.#name[a]!]!.label, this.names[this.#name[b]!]!.label];
    return label < other ? -1 : label > other ? 1 : a - b;
  }

  #sumOfMembers(node: number, of: (member: number) => number): number {
    return this.#members[node]!.nodes.reduce((total, member) => total + of(member), 0);
  }
}

function emptyMembers(): Members {
  return { nodes: [], times: [], waits: [], samples: [] };
}

function add(members: Members, node: number, [time, wait, samples]: readonly [number, number, number]): void {
  members.nodes.push(node);
  members.times.push(time);
  members.waits.push(wait);
  members.samples.push(samples);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
