// Collapsed stacks, one line each: `outermost;…;innermost COUNT`, as flame graph tools read them. A count is time in periods of the
// rate that was asked for: what was missed counts for the stack that was seen next, as it does in every other view, and all counts
// together are the wall time. Where nothing was missed that is the number of samples.
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

function* writeRaw(profile: Profile, view: ViewOptions): Iterable<string> {
  const { root } = buildCallTree(profile, view);
  const periods = new Map<string, number>();
  const perMicrosecond = profile.info.rate / 1e6;
  const pending: { node: CallTreeNode; prefix: string }[] = root.children.map((node) => ({
    node,
    prefix: '',
  }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const stack = next.prefix + escapeName(next.node.label);
    // Different files can share a short name; then the text is what makes a line.
    const own = next.node.selfTime * perMicrosecond;
    if (own > 0) periods.set(stack, (periods.get(stack) ?? 0) + own);
    for (const node of next.node.children) pending.push({ node, prefix: `${stack};` });
  }
  // What rounding takes from one line it gives to the next, so that many thin lines do not add up to another time.
  let rest = 0;
  for (const stack of [...periods.keys()].sort()) {
    const exact = periods.get(stack)! + rest;
    const count = Math.round(exact);
    rest = exact - count;
    if (count > 0) yield `${stack} ${count}\n`;
  }
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

/** The separator, control characters, Unicode's own line breaks, and halves of surrogate pairs. */
const special =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\\;\u0000-\u001f\u007f-\u009f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
