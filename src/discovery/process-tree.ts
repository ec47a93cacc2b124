/** Something with a place among others: a process and the nearest one above it that is listed. */
export interface Node {
  readonly pid: number;
  readonly above: number | undefined;
}

export interface Branch<T> {
  readonly node: T;
  /** What stands before its name: `└─ ` and the lines that pass by. */
  readonly lead: string;
}

/** Nodes in the order of a tree, children below their parents. Siblings keep their order. */
export function treeOf<T extends Node>(nodes: readonly T[]): Branch<T>[] {
  const below = childrenByParent(nodes);
  const known = new Set(nodes.map(({ pid }) => pid));
  const branches: Branch<T>[] = [];
  const placed = new Set<number>();
  const place = (siblings: readonly T[], lead: string, top: boolean): void => {
    for (const [index, node] of siblings.entries()) {
      if (placed.has(node.pid)) continue;
      placed.add(node.pid);
      const last = index === siblings.length - 1;
      branches.push({ node, lead: top ? '' : `${lead}${last ? '└─ ' : '├─ '}` });
      place(below.get(node.pid) ?? [], top ? '' : `${lead}${last ? '   ' : '│  '}`, false);
    }
  };
  place(
    nodes.filter(({ above }) => above === undefined || !known.has(above)),
    '',
    true,
  );
  // Pids that were reused between two looks could make a circle, which hangs from nothing.
  for (const node of nodes) place([node], '', true);
  return branches;
}

export function childrenByParent<T extends Node>(nodes: readonly T[]): Map<number, T[]> {
  const below = new Map<number, T[]>();
  for (const node of nodes) {
    if (node.above === undefined) continue;
    const siblings = below.get(node.above);
    if (siblings) siblings.push(node);
    else below.set(node.above, [node]);
  }
  return below;
}

/** Deeper than any tree of processes that is not a mistake. */
const highestTree = 100;

/** The first of `listed` from `pid` upwards. */
export function nearestAbove(
  pid: number,
  listed: ReadonlySet<number>,
  parentOf: (pid: number) => number | undefined,
): number | undefined {
  let at = pid;
  for (let height = 0; at > 0 && height < highestTree; height++) {
    if (listed.has(at)) return at;
    at = parentOf(at) ?? 0;
  }
  return undefined;
}
