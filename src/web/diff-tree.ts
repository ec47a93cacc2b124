import type { Basis } from '../analysis/diff/units.js';
import { barChange } from '../formats/diff/change-text.js';
import type { PageTree } from '../formats/diff/diff-page.js';
import type { BarChange } from '../formats/flamegraph/bar-changes.js';
import type { FlameSource, FrameName } from './frame-tree.js';

/** The calls of one of two recordings, each with what became of it. `FrameName.function` is a row of the table. */
export class DiffTree implements FlameSource {
  readonly names: readonly FrameName[];
  readonly #tree: PageTree;
  readonly #changes: readonly BarChange[];
  readonly #uncompared: BarChange;
  readonly #parent: Int32Array;
  readonly #children: readonly number[][];

  constructor(tree: PageTree, basis: Basis) {
    this.#tree = tree;
    this.names = tree.names.map(({ name, location, category, fn }) => ({
      label: location === '' ? name : `${name} (${location})`,
      ...{ name, location, category, function: fn, file: 0 },
    }));
    this.#changes = tree.changes.map((change) => barChange(change, basis));
    this.#uncompared = barChange(undefined, basis);
    this.#parent = new Int32Array(tree.depth.length);
    this.#children = tree.depth.map(() => []);
    // By depth, the last node that a walk came to.
    const path: number[] = [];
    for (const [node, depth] of tree.depth.entries()) {
      path[depth] = node;
      if (depth === 0) continue;
      this.#parent[node] = path[depth - 1]!;
      this.#children[path[depth - 1]!]!.push(node);
    }
  }

  /** Frames that are in no picture, and that no search finds. */
  get leftOut(): number {
    return this.#tree.leftOut;
  }
  nameOf(node: number): number {
    return this.#tree.name[node]!;
  }
  parentOf(node: number): number {
    return this.#parent[node]!;
  }
  depthOf(node: number): number {
    return this.#tree.depth[node]!;
  }
  totalOf(node: number): number {
    return this.#tree.total[node] ?? 0;
  }
  selfOf(node: number): number {
    return this.#tree.self[node]!;
  }
  waitingOf(node: number): number {
    return this.#tree.waiting[node]!;
  }
  /** Colours are for changes: no bar is hatched. */
  selfWaitingOf(): number {
    return 0;
  }
  samplesOf(node: number): number {
    return this.#tree.samples[node]!;
  }
  childrenOf(node: number): readonly number[] {
    return this.#children[node] ?? [];
  }
  changeOf(node: number): BarChange {
    return this.#changes[this.#tree.change[node]!] ?? this.#uncompared;
  }

  /** The time with any of these names on the stack, nested ones counted once; `names`: 1 or 0 by name. */
  timeWith(names: Uint8Array): number {
    const within = new Uint8Array(this.#parent.length);
    let time = 0;
    for (let node = 1; node < within.length; node++) {
      const above = within[this.#parent[node]!]!;
      const isIt = names[this.nameOf(node)]!;
      within[node] = above | isIt;
      if (isIt > above) time += this.totalOf(node);
    }
    return time;
  }

  /** By name, whether it is of a row of the table. */
  namesOf(fn: number): Uint8Array {
    return Uint8Array.from(this.names, (name) => (name.function === fn ? 1 : 0));
  }
}
