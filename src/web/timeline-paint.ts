import type { TimeRange } from '../analysis/part-of-profile.js';
import type { Colors } from './colors.js';
import { sans } from './flame-paint.js';
import { axisHeight, paintAxis } from './time-axis.js';
import { type Timeline, type TimelineRow, timelineStates } from './timeline-data.js';

/** Pixels of a column: of one, colours cannot be told apart. */
export const columnWidth = 2;
const heights = { all: 46, row: 18, gap: 3, axis: axisHeight } as const;

/** Names of rows stand before the time line. */
export function labelWidth(width: number): number {
  return Math.max(96, Math.min(210, Math.round(width * 0.17)));
}

function heightOf(row: TimelineRow): number {
  return (row.member < 0 ? heights.all : heights.row) + heights.gap;
}

export function timelineHeight({ rows }: Timeline): number {
  return rows.reduce<number>((sum, row) => sum + heightOf(row), heights.axis);
}

/** The row at a height of the whole picture; none below the last. */
export function rowAt({ rows }: Timeline, y: number): TimelineRow | undefined {
  let bottom: number = heights.axis;
  return rows.find((row) => {
    bottom += heightOf(row);
    return y < bottom && y >= heights.axis;
  });
}

export interface TimelinePaint {
  readonly timeline: Timeline;
  readonly colors: Colors;
  readonly range: TimeRange | undefined;
  /** The thread or the route that is filtered for: others are paler. */
  readonly chosen: number;
  readonly route: string | undefined;
}

export function paintTimeline(
  context: CanvasRenderingContext2D,
  paint: TimelinePaint,
  { width, top, height }: { width: number; top: number; height: number },
): void {
  const { timeline, colors } = paint;
  const left = labelWidth(width);
  const plot = { left, width: Math.max(1, width - left) };
  context.textBaseline = 'middle';
  let y = heights.axis - top;
  for (const row of timeline.rows) {
    const high = heightOf(row);
    if (y + high > 0 && y < height) paintRow(context, paint, row, { ...plot, y, height: high - heights.gap });
    y += high;
  }
  const axis = { ...plot, from: 0, to: timeline.duration, bottom: Math.min(height, y + top) };
  paintAxis(context, colors, axis);
  const { range } = paint;
  if (!range) return;
  const at = (time: number) => plot.left + (time / timeline.duration) * plot.width;
  const [from, to] = [at(range.from), at(range.to)];
  context.fillStyle = colors.page;
  context.globalAlpha = 0.66;
  context.fillRect(plot.left, heights.axis - top, from - plot.left, height);
  context.fillRect(to, heights.axis - top, width - to, height);
  context.globalAlpha = 1;
  context.fillStyle = colors.accent;
  context.fillRect(from - 1, 0, 1.5, height);
  context.fillRect(to, 0, 1.5, height);
  context.fillRect(from, heights.axis - 3, Math.max(1, to - from), 2);
}

interface RowBox {
  readonly left: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
}

function paintRow(
  context: CanvasRenderingContext2D,
  { timeline, colors, chosen, route }: TimelinePaint,
  row: TimelineRow,
  { left, width, y, height }: RowBox,
): void {
  const isFiltered = row.member >= 0 && (chosen >= 0 || route !== undefined);
  const isChosen = isFiltered && (chosen === row.member || (route !== undefined && route === row.route));
  context.globalAlpha = isFiltered && !isChosen ? 0.35 : 1;
  context.font = `${row.member < 0 || isChosen ? 600 : 400} 12px ${sans}`;
  context.fillStyle = isChosen ? colors.accent : colors.ink;
  context.fillText(fitted(context, row.label, left - 12), 0, y + height / 2);
  if (row.member < 0 && row.most > 1) {
    context.font = `400 11px ${sans}`;
    context.fillStyle = colors.soft;
    const most = `up to ${Number(row.most.toFixed(row.most < 10 ? 1 : 0))}`;
    const long = `${most} at once`;
    const text = context.measureText(long).width <= left - 12 ? long : most;
    context.fillText(text, 0, y + height / 2 + 15);
  }
  context.fillStyle = colors.panel;
  context.fillRect(left, y, width, height);
  paintCells(context, { timeline, colors }, row, { left, width, y, height });
  context.globalAlpha = 1;
}

function paintCells(
  context: CanvasRenderingContext2D,
  { timeline: { columns }, colors }: Pick<TimelinePaint, 'timeline' | 'colors'>,
  row: TimelineRow,
  { left, width, y, height }: RowBox,
): void {
  const wide = width / columns;
  const states = timelineStates.length;
  for (let column = 0; column < columns; column++) {
    let base = y + height;
    for (let state = 0; state < states; state++) {
      const share = row.cells[column * states + state]!;
      if (share <= 0) continue;
      const high = (share / row.most) * height;
      base -= high;
      context.fillStyle = colors.states[state]!;
      context.fillRect(left + column * wide, Math.max(y, base), wide + 0.3, Math.min(high, height));
    }
  }
}

/** As much of a text as fits, with an ellipsis. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = Math.min(text.length, Math.ceil(width / 4));
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}
