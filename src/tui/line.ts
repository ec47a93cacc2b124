import { cutToWidth, textWidth } from './text-width.js';

/** How a piece of text looks. Which colours that means is the screen's to say. */
export type Style = 'plain' | 'bold' | 'dim' | 'heading' | 'sorted' | 'good' | 'warning';

/** A piece of a line in one style. Its text is plain: no control characters. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export function span(text: string, style: Style = 'plain'): Span {
  return { text, style };
}

export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + textWidth(text), 0);
}

/** At most `columns` wide. */
export function fitLine(line: Line, columns: number): Line {
  const fitted: Span[] = [];
  let left = columns;
  for (const { text, style } of line) {
    if (left <= 0) break;
    const shown = cutToWidth(text, left);
    fitted.push({ text: shown, style });
    left -= textWidth(shown);
    if (shown !== text) break;
  }
  return fitted;
}

/** Of the left end of a line, this much is shown before the right end is. */
const leastOfLeft = 24;

/**
 * `left` and `right` at the two ends of a line; where there is no room for both, first `left` is cut, then `right`
 * gives way.
 */
export function twoEnds(left: Line, right: Line, columns: number): Line {
  const room = columns - lineWidth(right) - 2;
  if (lineWidth(right) === 0 || room < Math.min(lineWidth(left), leastOfLeft)) return fitLine(left, columns);
  const shown = fitLine(left, room);
  return [...shown, span(' '.repeat(columns - lineWidth(shown) - lineWidth(right))), ...right];
}

export function lineText(line: Line): string {
  return line.map(({ text }) => text).join('');
}
