// Collapsed stacks, one line each: `outermost;…;innermost COUNT`, as flame graph tools read them. A count is time in
// periods of the rate that was asked for: what was missed counts for the stack that was seen next, as it does in every
// other view, and all counts together are the wall time. Where nothing was missed that is the number of samples.
import { buildCallTree, type CallTreeNode } from '../analysis/call-tree.js';
import type { ViewOptions } from '../analysis/view-options.js';
import type { Profile } from '../model/profile.js';
import type { OutputFormat } from './output-format.js';

export const raw: OutputFormat = {
  id: 'raw',
  title: 'Collapsed stacks',
  extensions: ['.txt', '.collapsed', '.folded'],
  mediaType: 'text/plain; charset=utf-8',
  description: 'one line per stack with its time in samples, for scripts and other flame graph tools',
  write: writeRaw,
};

/** Lines of deep stacks come in pieces of this many frames. */
const pieceFrames = 1024;

function* writeRaw(profile: Profile, view: ViewOptions): Iterable<string> {
  const { root } = buildCallTree(profile, view);
  const perMicrosecond = profile.info.rate / 1e6;
  // What rounding takes from one line it gives to the next, so that many thin lines do not add up to another time.
  let rest = 0;
  const path: string[] = [];
  const pending = sortedParts(root.children, 0);
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    path.length = part.depth;
    path.push(part.name);
    if (part.isLine) {
      const exact = part.nodes.reduce((sum, node) => sum + node.selfTime, 0) * perMicrosecond;
      if (exact <= 0) continue;
      const count = Math.round(exact + rest);
      rest += exact - count;
      if (count > 0) yield* line(path, count);
    } else {
      const children = part.nodes.length === 1 ? part.nodes[0]!.children : part.nodes.flatMap(childrenOf);
      for (const below of sortedParts(children, part.depth + 1)) pending.push(below);
    }
  }
}

function childrenOf({ children }: CallTreeNode): readonly CallTreeNode[] {
  return children;
}

/**
 * The line that ends in a frame, or the lines that go on below it: they may stand apart, with the line of another name
 * between.
 */
interface Part {
  readonly isLine: boolean;
  readonly name: string;
  readonly depth: number;
  /** Different files can share a short name; the text is what makes a line. */
  readonly nodes: readonly CallTreeNode[];
}

/** The last line first, as strings are ordered: `a`, `a (b.py)`, `a;b`. A name holds no `;`, so no two parts mingle. */
function sortedParts(children: readonly CallTreeNode[], depth: number): Part[] {
  const byName = new Map<string, CallTreeNode[]>();
  for (const node of children) {
    const name = escapeName(node.label);
    const nodes = byName.get(name);
    if (nodes === undefined) byName.set(name, [node]);
    else nodes.push(node);
  }
  const parts: { key: string; part: Part }[] = [];
  for (const [name, nodes] of byName) {
    parts.push({ key: name, part: { isLine: true, name, depth, nodes } });
    if (nodes.some((node) => node.children.length > 0))
      parts.push({ key: `${name};`, part: { isLine: false, name, depth, nodes } });
  }
  return parts.sort((a, b) => (a.key < b.key ? 1 : -1)).map(({ part }) => part);
}

function* line(path: readonly string[], count: number): Iterable<string> {
  let from = 0;
  for (; from + pieceFrames < path.length; from += pieceFrames)
    yield `${path.slice(from, from + pieceFrames).join(';')};`;
  yield `${path.slice(from).join(';')} ${count}\n`;
}

/** Whatever would part a line or a stack, or steer a terminal, as an escape; `\` doubled so that it can be undone. */
function escapeName(name: string): string {
  return name.replace(special, (char) => {
    if (char === '\\') return '\\\\';
    if (char === '\n') return '\\n';
    if (char === '\r') return '\\r';
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/** The separator, control characters, Unicode's own line breaks, marks of direction, and halves of surrogate pairs. */
const special =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\\;\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
