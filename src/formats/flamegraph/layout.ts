import type { CallTree, CallTreeNode } from '../../analysis/call-tree.js';

/** A frame as a bar. Times are microseconds; `start` counts from the left edge of the picture. */
export interface Bar {
  readonly node: CallTreeNode;
  /** 0 for the root, which is on top. */
  readonly depth: number;
  readonly start: number;
}

export interface Layout {
  /** The root first, parents before their children, left to right: the order of a walk through the tree. */
  readonly bars: readonly Bar[];
  /** Number of rows. */
  readonly rows: number;
  /** Frames that are in no bar: below the smallest share, or beyond the number that a browser handles well. */
  readonly dropped: { readonly frames: number; readonly samples: number };
}

export interface LayoutLimits {
  /** The smallest part of the whole that is still a bar. */
  readonly smallestShare: number;
  readonly mostBars: number;
}

/** The widest bars within the limits. A bar's parent is never narrower than it, so none hangs in the air. */
export function layOut(tree: CallTree, limits: LayoutLimits): Layout {
  const smallest = Math.max(tree.root.totalTime * limits.smallestShare, Number.MIN_VALUE);
  let kept = tree.nodes.filter((node) => node.totalTime >= smallest);
  if (kept.length >= limits.mostBars) {
    // Sorting keeps the order of equal ones, and parents come first in it.
    kept = kept.sort((a, b) => b.totalTime - a.totalTime).slice(0, limits.mostBars - 1);
  }
  const keep = new Set(kept);

  const bars: Bar[] = [];
  let rows = 0;
  let lost = 0;
  const pending: Bar[] = [{ node: tree.root, depth: 0, start: 0 }];
  for (let bar = pending.pop(); bar !== undefined; bar = pending.pop()) {
    bars.push(bar);
    rows = Math.max(rows, bar.depth + 1);
    let start = bar.start;
    const children: Bar[] = [];
    for (const node of bar.node.children) {
      if (keep.has(node)) children.push({ node, depth: bar.depth + 1, start });
      else lost += node.samples;
      start += node.totalTime;
    }
    for (const child of children.reverse()) pending.push(child);
  }
  return { bars, rows, dropped: { frames: tree.nodes.length + 1 - bars.length, samples: lost } };
}
