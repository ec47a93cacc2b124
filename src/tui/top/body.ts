import type { Line } from '../line.js';

/** The rows below the heading. Only those that are looked at become lines. */
export interface Body {
  readonly count: number;
  /** Rows before the filter. */
  readonly unfiltered: number;
  readonly line: (index: number) => Line;
}

export function bodyOf<Row>(rows: readonly Row[], unfiltered: number, line: (row: Row) => Line): Body {
  return { count: rows.length, unfiltered, line: (index) => line(rows[index]!) };
}

export function bodyLines(body: Body, from: number, to: number): Line[] {
  const end = Math.min(to, body.count);
  return Array.from({ length: Math.max(0, end - from) }, (_, index) => body.line(from + index));
}
