import type { FlameSource } from './frame-tree.js';

/** Bars of a flame graph as they lie in a page; x and width in pixels. */
export interface Bars {
  readonly count: number;
  readonly node: Int32Array;
  readonly depth: Int32Array;
  readonly x: Float64Array;
  readonly width: Float64Array;
  /** Rows there are, with what is above the root of the picture. */
  readonly rows: number;
}

/** What is thinner cannot be seen. */
const thinnest = 0.4;
/** Bars in a picture: a screen has not as many pixels that differ. */
const mostBars = 120_000;

/**
 * The bars of a tree of which `root` is as wide as the page; its callers lie above it, as wide. What is too thin is
 * left out with all that is below it, so a picture costs what can be seen of it.
 */
export function layOutBars(source: FlameSource, root: number, width: number): Bars {
  const nodes: number[] = [];
  const xs: number[] = [];
  const widths: number[] = [];
  const whole = source.totalOf(root);
  for (let at = root; at !== 0; ) {
    at = source.parentOf(at);
    nodes.push(at);
    xs.push(0);
    widths.push(width);
  }
  nodes.reverse();
  const todo: { node: number; x: number; width: number }[] = [];
  if (whole > 0) todo.push({ node: root, x: 0, width });
  let rows = 0;
  while (todo.length > 0 && nodes.length < mostBars) {
    const at = todo.pop()!;
    nodes.push(at.node);
    xs.push(at.x);
    widths.push(at.width);
    rows = Math.max(rows, source.depthOf(at.node) + 1);
    const children = source.childrenOf(at.node);
    const scale = width / whole;
    let x = at.x;
    for (let index = 0; index < children.length; index++) {
      const child = children[index]!;
      const wide = source.totalOf(child) * scale;
      // Those that follow are thinner.
      if (wide < thinnest) break;
      todo.push({ node: child, x, width: wide });
      x += wide;
    }
  }
  return {
    count: nodes.length,
    node: Int32Array.from(nodes),
    depth: Int32Array.from(nodes, (node) => source.depthOf(node)),
    x: Float64Array.from(xs),
    width: Float64Array.from(widths),
    rows,
  };
}

/** The number of the bar at a point; -1: none. */
export function barAt(bars: Bars, x: number, depth: number): number {
  // The last one that was laid out is drawn above others.
  for (let bar = bars.count - 1; bar >= 0; bar--) {
    if (bars.depth[bar] !== depth) continue;
    const from = bars.x[bar]!;
    if (x >= from && x < from + Math.max(1, bars.width[bar]!)) return bar;
  }
  return -1;
}
