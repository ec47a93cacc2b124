import { buildCallTree, type CallTreeNode } from '../../analysis/call-tree.js';
import { fileName, functionName } from '../../analysis/labels.js';
import type { LiveData } from '../../analysis/live/live-profile.js';
import type { Profile } from '../../model/profile.js';
import { type Line, lineWidth, span } from '../line.js';
import { type Body, bodyOf } from './body.js';
import { nameSpans, numberSpans } from './columns.js';
import { shortCommand } from './short-command.js';
import { matcher, styleOf } from './table.js';
import { compare, type Times, wholeOf } from './time-rows.js';
import { type TopState, viewOf } from './top-state.js';

/**
 * A node in its location, with what is drawn before its name: one step for each fork above it, none for calls in a row.
 */
interface TreeRow {
  readonly node: CallTreeNode;
  readonly times: Times;
  readonly guide: string;
  readonly guideBelow: string;
  /** The nearest row above that called it; -1 for none. */
  readonly parent: number;
}

/** Deeper steps than this are drawn no further to the right. */
const deepestGuide = 12;
/** Shares below this are too little for a row in a tree. */
const leastShare = 0.001;

/** Calls as a tree since the start or the last reset, callers above callees. */
export function treeBody(data: LiveData, state: TopState, width: number): Body {
  const rows = treeRows(data, state);
  const shown = state.filter === '' ? rows : matching(data.profile, rows, state.filter);
  return bodyOf(shown, rows.length, (row) => rowLine(data.profile, row, state, width));
}

function treeRows(data: LiveData, state: TopState): TreeRow[] {
  const { profile } = data;
  const view = viewOf(state, profile.processes.length > 1);
  const { root } = buildCallTree(profile, view, data.totals);
  const recent = buildCallTree(profile, view, data.window).root;
  const whole = wholeOf(data, recent.totalTime);
  const least = root.totalTime * leastShare;
  const rows: TreeRow[] = [];
  const pending: { node: CallTreeNode; now: CallTreeNode | undefined; row: TreeRow }[] = [];
  const fork = (node: CallTreeNode, now: CallTreeNode | undefined, parent: number, guide: string) => {
    const children = node.children
      .filter(({ totalTime }) => totalTime >= least)
      .map((child) => {
        const match = now?.children.find(
          ({ label, function: fn }) => label === child.label && fn === child.function,
        );
        return { child, match, times: timesOf(child, match, whole) };
      })
      .sort((a, b) => compare(a.times, b.times, rankOf[state.sort]));
    const inRow = children.length === 1 || guide.length >= 2 * deepestGuide;
    // The last comes first: what is pending is taken from its end.
    for (let index = children.length - 1; index >= 0; index--) {
      const { child, match, times } = children[index]!;
      const isLast = index === children.length - 1;
      const row = {
        ...{ node: child, times, parent },
        guide: inRow ? guide : `${guide}${isLast ? '└ ' : '├ '}`,
        guideBelow: inRow ? guide : `${guide}${isLast ? '  ' : '│ '}`,
      };
      pending.push({ node: child, now: match, row });
    }
  };
  fork(root, recent, -1, '');
  for (let taken = pending.pop(); taken !== undefined; taken = pending.pop()) {
    rows.push(taken.row);
    fork(taken.node, taken.now, rows.length - 1, taken.row.guideBelow);
  }
  return rows;
}

/** What the rows of a tree are sorted by: callees differ by their totals, self time is for leaves. */
export const rankOf = {
  self: 'total',
  total: 'total',
  selfTime: 'totalTime',
  totalTime: 'totalTime',
} as const;

function timesOf(node: CallTreeNode, now: CallTreeNode | undefined, whole: number): Times {
  return {
    self: (now?.selfTime ?? 0) / whole,
    total: (now?.totalTime ?? 0) / whole,
    selfTime: node.selfTime,
    totalTime: node.totalTime,
  };
}

/** The rows that match, with all that called them. */
function matching(profile: Profile, rows: readonly TreeRow[], filter: string): TreeRow[] {
  const matches = matcher(filter);
  const kept = new Set<number>();
  rows.forEach(({ node }, index) => {
    if (!matches(node.label, profile.functions[node.function]?.file ?? '')) return;
    for (let at = index; at >= 0 && !kept.has(at); at = rows[at]!.parent) kept.add(at);
  });
  return rows.filter((_, index) => kept.has(index));
}

/** `process 12: /usr/bin/python app.py`, without the folder of the program. */
function processName(label: string): string {
  return label.replace(
    /^(process \d+: )(.*)$/s,
    (_, head: string, command: string) => head + shortCommand(command),
  );
}

function rowLine(profile: Profile, { node, times, guide }: TreeRow, state: TopState, width: number): Line {
  const numbers = [...numberSpans(times, width), span(guide, 'dim')];
  const info = profile.functions[node.function];
  const named = {
    name: info ? functionName(info) : processName(node.label),
    location: info ? fileName(info, { lines: 'none', fullFileNames: state.fullFileNames }) : '',
    style: styleOf[node.category],
    note: '',
  };
  return [...numbers, ...nameSpans(named, width - lineWidth(numbers))];
}
