import type { Diff } from '../../analysis/diff/diff.js';
import type { DiffedPair } from '../../analysis/diff/path-changes.js';
import type { Compression } from '../../bytes/compression.js';
import { diffFlamegraph } from './diff-flamegraph.js';
import type { DiffFormatId } from './diff-format-ids.js';
import { diffHtml } from './diff-html.js';

/** A way to write what changed to a file. `base`: the recording whose calls are drawn, or drawn first. */
export interface DiffFormat {
  readonly extensions: readonly string[];
  readonly write: (
    diff: Diff,
    pair: DiffedPair & { readonly base: 'before' | 'after' },
    compression: Compression,
  ) => Iterable<string>;
}

export const diffFormats: Readonly<Record<DiffFormatId, DiffFormat>> = {
  html: { extensions: ['.html', '.htm'], write: diffHtml },
  svg: { extensions: ['.svg'], write: diffFlamegraph },
};

/** By the ending of a file; `undefined`: it is that of neither. */
export function diffFormatForPath(path: string): DiffFormat | undefined {
  const name = path.toLowerCase();
  return Object.values(diffFormats).find(({ extensions }) => extensions.some((end) => name.endsWith(end)));
}
