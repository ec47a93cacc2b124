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

export function findFrames(tree: Pick<FrameTree, 'names' | 'timeWith'>, pattern: RegExp): Found {
  const names = new Uint8Array(tree.names.length);
  let count = 0;
  // The first is that of the root.
  for (let name = 1; name < names.length; name++) {
    if (!pattern.test(tree.names[name]!.label)) continue;
    names[name] = 1;
    count++;
  }
  return { names, time: tree.timeWith(names), count };
}
