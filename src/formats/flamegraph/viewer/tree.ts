import type { ViewerData } from '../viewer-data.js';

/** What bars are as wide as: all their time, or the part of it on a CPU. */
export type Measure = 'wall' | 'cpu';

/** The bars as a tree. All columns are in the order of a walk: a bar's descendants follow it, up to `end`. */
export interface Tree {
  readonly count: number;
  readonly measure: Measure;
  readonly depth: readonly number[];
  readonly label: readonly number[];
  /** Microseconds of what is measured. */
  readonly total: readonly number[];
  readonly self: readonly number[];
  readonly samples: readonly number[];
  /** Index of the caller; -1 for the root. */
  readonly parent: Int32Array;
  /** Index after the last descendant. */
  readonly end: Int32Array;
  /**
   * Microseconds from the left edge. Siblings stand longest first by all their time, so whatever was left out is on the
   * right.
   */
  readonly start: Float64Array;
}

export function treeOf({ bars }: ViewerData, measure: Measure): Tree {
  const { depth: depths, label, samples } = bars;
  const [total, self] = measure === 'cpu' ? [bars.cpu, bars.selfCpu] : [bars.total, bars.self];
  const count = depths.length;
  const parent = new Int32Array(count).fill(-1);
  const end = new Int32Array(count).fill(count);
  const start = new Float64Array(count);
  const path: number[] = [];
  const filled = new Float64Array(count);
  for (let bar = 0; bar < count; bar++) {
    const depth = depths[bar]!;
    for (const left of path.splice(depth)) end[left] = bar;
    const above = path[depth - 1];
    if (above !== undefined) {
      parent[bar] = above;
      start[bar] = start[above]! + filled[above]!;
      filled[above]! += total[bar]!;
    }
    path.push(bar);
  }
  return { count, measure, depth: depths, label, total, self, samples, parent, end, start };
}

/** The bar and its callers, outermost first. */
export function pathTo(tree: Tree, bar: number): number[] {
  const path: number[] = [];
  for (let at = bar; at >= 0; at = tree.parent[at]!) path.push(at);
  return path.reverse();
}
