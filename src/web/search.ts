import type { FrameTree } from './frame-tree.js';

/** Which names a search finds, and how much of the time is in any of them, nested ones counted once. */
export interface Found {
  /** By name. */
  readonly names: Uint8Array;
  readonly time: number;
  /** How many different frames. */
  readonly count: number;
}

/** A regular expression, or where it is none, a text. Case counts only where the pattern has capitals. */
export function searchPattern(text: string): RegExp | undefined {
  if (text === '') return undefined;
  const flags = /[A-Z]/.test(text) ? '' : 'i';
  try {
    return new RegExp(text, flags);
  } catch {
    return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), flags);
  }
}

export function findFrames(tree: FrameTree, pattern: RegExp): Found {
  const names = Uint8Array.from(tree.names, ({ label }, at) => (at > 0 && pattern.test(label) ? 1 : 0));
  // Parents come before their children: whether a node is within one that was found is known from its parent.
  const within = new Uint8Array(tree.count);
  let time = 0;
  for (let node = 1; node < tree.count; node++) {
    const above = within[tree.parentOf(node)]!;
    const isIt = names[tree.nameOf(node)]!;
    within[node] = above | isIt;
    if (isIt && !above) time += tree.totalOf(node);
  }
  return { names, time, count: names.reduce((count, found) => count + found, 0) };
}
