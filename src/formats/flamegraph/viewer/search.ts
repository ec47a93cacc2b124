import type { ViewerData } from '../viewer-data.js';
import type { Tree } from './tree.js';

export interface Search {
  /** 1 for each label that matches. */
  readonly labels: Uint8Array;
}

/** Labels whose name, location or path matches. `undefined`: the pattern is no regular expression. */
export function search(pattern: string, { labels, files }: ViewerData): Search | undefined {
  let expression: RegExp;
  try {
    // Capitals in the pattern mean that they matter.
    expression = new RegExp(pattern, /[A-Z]/.test(pattern.replace(/\\./g, '')) ? 'u' : 'iu');
  } catch {
    return undefined;
  }
  return {
    labels: Uint8Array.from(labels.name, (name, label) => {
      const location = labels.location[label];
      const text = location ? `${name} (${location})` : name;
      return expression.test(text) || expression.test(files[labels.file[label]!] ?? '') ? 1 : 0;
    }),
  };
}

/** How much of the time below `from` has a match on the stack: nested matches count once. */
export function matched(tree: Tree, { labels }: Search, from: number): { time: number; frames: number } {
  let time = 0;
  let frames = 0;
  let counted = from;
  for (let bar = from; bar < tree.end[from]!; bar++) {
    if (labels[tree.label[bar]!] === 0) continue;
    frames++;
    if (bar < counted) continue;
    time += tree.total[bar]!;
    counted = tree.end[bar]!;
  }
  return { time, frames };
}
