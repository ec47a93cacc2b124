// Collapsed stacks, one line each: `outermost;…;innermost COUNT`, as flame graph tools read them.
import { buildCallTree, type CallTreeNode } from '../analysis/call-tree.js';
import type { ViewOptions } from '../analysis/view-options.js';
import type { Profile } from '../model/profile.js';
import type { OutputFormat } from './output-format.js';

export const raw: OutputFormat = {
  id: 'raw',
  title: 'Collapsed stacks',
  extensions: ['.txt', '.collapsed', '.folded'],
  mediaType: 'text/plain; charset=utf-8',
  description: 'one line per stack with its number of samples, for scripts and other flame graph tools',
  write: writeRaw,
};

function* writeRaw(profile: Profile, view: ViewOptions): Iterable<string> {
  const { root } = buildCallTree(profile, view);
  const counts = new Map<string, number>();
  const pending: { node: CallTreeNode; prefix: string }[] = root.children.map((node) => ({
    node,
    prefix: '',
  }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const stack = next.prefix + escapeName(next.node.label);
    // Different files can share a short name; then the text is what makes a line.
    if (next.node.selfSamples > 0) counts.set(stack, (counts.get(stack) ?? 0) + next.node.selfSamples);
    for (const node of next.node.children) pending.push({ node, prefix: `${stack};` });
  }
  for (const stack of [...counts.keys()].sort()) {
    // A view of CPU time shows parts of samples.
    const count = Math.round(counts.get(stack)!);
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
