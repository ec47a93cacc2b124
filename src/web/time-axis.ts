import type { Colors } from './colors.js';
import { sans } from './flame-paint.js';
import { ticks, tickTexts } from './timeline-data.js';

/** Pixels above what is over time. */
export const axisHeight = 20;

/** Of fewer a narrow axis of 4 s has its beginning alone: steps are 1, 2 or 5. */
const fewestMarks = 3;

export interface Axis {
  /** Where the picture of the time begins, and how wide it is. */
  readonly left: number;
  readonly width: number;
  /** Where lines across the picture end. */
  readonly bottom: number;
  /** Microseconds since the recording began. */
  readonly from: number;
  readonly to: number;
}

/** Moments above a picture of time, over whatever was painted there. */
export function paintAxis(
  context: CanvasRenderingContext2D,
  colors: Colors,
  { left, width, bottom, from, to }: Axis,
): void {
  context.textBaseline = 'middle';
  context.fillStyle = colors.page;
  context.fillRect(0, 0, left + width, axisHeight - 1);
  context.font = `400 11px ${sans}`;
  const times = ticks(from, to, Math.max(fewestMarks, Math.floor(width / 110)));
  const texts = tickTexts(times);
  for (const [at, time] of times.entries()) {
    const x = left + ((time - from) / Math.max(1, to - from)) * width;
    context.fillStyle = colors.line;
    context.globalAlpha = 0.7;
    context.fillRect(Math.min(x, left + width - 1), axisHeight - 5, 1, 4);
    if (time > from && time < to) {
      context.globalAlpha = 0.35;
      context.fillRect(x, axisHeight, 1, bottom - axisHeight);
    }
    context.globalAlpha = 1;
    context.fillStyle = colors.soft;
    const text = texts[at]!;
    const wide = context.measureText(text).width;
    context.fillText(text, Math.min(left + width - wide, Math.max(left, x - wide / 2)), 7);
  }
}
