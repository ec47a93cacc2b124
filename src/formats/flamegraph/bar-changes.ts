import type { CallTreeNode } from '../../analysis/call-tree.js';

/** What became of a bar, in a picture of what changed between two recordings. */
export interface BarChange {
  /** Which is also its CSS class. */
  readonly kind: ChangeKind;
  /** The stronger, the lower: an index into `shades`. */
  readonly shade: number;
  /** `+20%`, in front of its name: no bar is told by its colour alone. Empty: within sampling error. */
  readonly mark: string;
  /** `60.0 ms → 72.0 ms per second`; empty: it was not compared. */
  readonly text: string;
}

export const changeKinds = ['grew', 'shrank', 'same'] as const;
export type ChangeKind = (typeof changeKinds)[number];

export type ChangeOfBar = (node: CallTreeNode) => BarChange;
