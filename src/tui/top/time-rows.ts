import type { Category } from '../../analysis/category.js';
import { type FunctionTime, functionTable, lineTable } from '../../analysis/function-table.js';
import { frameLocation, functionName } from '../../analysis/labels.js';
import type { LiveData } from '../../analysis/live/live-profile.js';
import { type SortKey, type TopState, viewOf } from './top-state.js';

/** The four numbers of a row. Shares are 0 to 1, times microseconds. */
export interface Times {
  readonly self: number;
  readonly total: number;
  readonly selfTime: number;
  readonly totalTime: number;
}

/** A function, or a line of one, with where its time went. */
export interface TimeRow extends Times {
  readonly function: number;
  readonly line: number;
  readonly name: string;
  /** `file` or `file:line`; empty for C. */
  readonly location: string;
  readonly category: Category;
  /** The part of `selfTime` that was spent blocked in the kernel. */
  readonly waitingTime: number;
  readonly samples: number;
}

/**
 * What a share of the last few seconds is a share of: these seconds, or the time of all threads that are shown, when
 * that is more. So a function that keeps one thread busy all the time has 100 %, and no share is ever above.
 */
export function wholeOf(data: LiveData, shownTime: number): number {
  return Math.max(data.windowTime, shownTime, 1);
}

/** Functions or lines, sorted, not filtered. */
export function timeRows(data: LiveData, state: TopState): TimeRow[] {
  const { profile } = data;
  const lines = state.shown === 'lines';
  const view = { ...viewOf(state, false), lines: lines ? ('current' as const) : ('none' as const) };
  const times = lines ? lineTable : functionTable;
  const totals = times(profile, view, Number.POSITIVE_INFINITY, data.totals);
  const recent = times(profile, view, Number.POSITIVE_INFINITY, data.window);
  const whole = wholeOf(data, recent.totalTime);
  const recentOf = new Map<number, FunctionTime>();
  for (const entry of recent.rows) recentOf.set(keyOf(entry), entry);
  const rows = totals.rows.map((entry): TimeRow => {
    const now = recentOf.get(keyOf(entry));
    const info = profile.functions[entry.function];
    return {
      function: entry.function,
      line: entry.line,
      name: info ? functionName(info) : entry.label,
      location: info ? frameLocation(info, entry.line, view) : '',
      category: entry.category,
      self: (now?.selfTime ?? 0) / whole,
      total: (now?.totalTime ?? 0) / whole,
      selfTime: entry.selfTime,
      totalTime: entry.totalTime,
      waitingTime: entry.waitingTime,
      samples: entry.samples,
    };
  });
  return rows.sort((a, b) => compare(a, b, state.sort) || a.function - b.function || a.line - b.line);
}

/** Most first by one number, equal ones by those that say most beside it. */
export function compare(a: Times, b: Times, sort: SortKey): number {
  const beside = tieBreakers[sort];
  return b[sort] - a[sort] || b[beside[0]] - a[beside[0]] || b[beside[1]] - a[beside[1]];
}

const tieBreakers: Readonly<Record<SortKey, readonly [SortKey, SortKey]>> = {
  self: ['selfTime', 'total'],
  total: ['self', 'totalTime'],
  selfTime: ['totalTime', 'self'],
  totalTime: ['selfTime', 'total'],
};

function keyOf({ function: fn, line }: FunctionTime): number {
  return fn * 2 ** 31 + line;
}
