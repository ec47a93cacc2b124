import { formatCount } from '../../analysis/human-units.js';
import { type Line, lineWidth, type Span, type Style, span } from '../line.js';
import { plainText } from '../plain-text.js';
import { cutToWidth, textWidth } from '../text-width.js';
import type { Times } from './time-rows.js';
import { type SortKey, sortKeys } from './top-state.js';

interface Column {
  readonly title: string;
  /** With what parts it from the column before: on a narrow screen, and where there is room. */
  readonly widths: readonly [narrow: number, wide: number];
  readonly show: (value: number) => string;
}

const columns: Readonly<Record<SortKey, Column>> = {
  self: { title: '%Self', widths: [6, 7], show: percent },
  total: { title: '%Total', widths: [7, 8], show: percent },
  selfTime: { title: 'SelfTime', widths: [9, 10], show: seconds },
  totalTime: { title: 'TotalTime', widths: [10, 11], show: seconds },
};
/** Between the numbers and what they are of. */
const gap = 2;
/** From this many columns on, a screen is wide. */
const wideScreen = 80;
/** With less than this many columns for names, the times since the start give way. */
const leastForNames = 16;

function columnWidth(key: SortKey, screen: number): number {
  return columns[key].widths[screen >= wideScreen ? 1 : 0];
}

/** The number columns that fit into a screen of this width. */
export function shownColumns(width: number): readonly SortKey[] {
  const all = sortKeys.reduce((sum, key) => sum + columnWidth(key, width), gap);
  return width - all >= leastForNames ? sortKeys : ['self', 'total'];
}

/** The heading over a table: the whole width, the column that rows are sorted by in bold. */
export function headingLine(sort: SortKey, title: string, width: number): Line {
  const spans = shownColumns(width).map((key) =>
    span(columns[key].title.padStart(columnWidth(key, width)), key === sort ? 'sorted' : 'heading'),
  );
  spans.push(span(`${' '.repeat(gap)}${title}`, 'heading'));
  const rest = width - lineWidth(spans);
  return rest > 0 ? [...spans, span(' '.repeat(rest), 'heading')] : spans;
}

/** The numbers of a row; those that are nothing recede. */
export function numberSpans(times: Times, width: number): Span[] {
  const spans = shownColumns(width).map((key) => {
    const shown = columns[key].show(times[key]);
    return span(shown.padStart(columnWidth(key, width)), /^0(\.0+)?[%s]$/.test(shown) ? 'dim' : 'plain');
  });
  return [...spans, span(' '.repeat(gap))];
}

export interface Named {
  readonly name: string;
  readonly location: string;
  readonly style: Style;
  /** Said after the name: that it waits. */
  readonly note: string;
}

/**
 * `name (file)`: where there is little room, first the folders of the file give way, then all of it, then the end of
 * the name.
 */
export function nameSpans({ name, location, style, note }: Named, width: number): Span[] {
  const noteWidth = note === '' ? 0 : textWidth(note) + 1;
  const shown = cutToWidth(plainText(name), Math.max(width - noteWidth, Math.min(width, leastOfName)));
  const spans = [span(shown, style)];
  const room = () => width - lineWidth(spans);
  const fitted = locationWithin(plainText(location, 500), room() - noteWidth - 3);
  if (fitted !== '') spans.push(span(` (${fitted})`, 'dim'));
  if (note !== '' && room() >= noteWidth) spans.push(span(` ${note}`, 'warning'));
  return spans;
}

/** A note does not take the last of a name. */
const leastOfName = 8;

/** The end of a path that fits; whole names of folders and files only. */
function locationWithin(location: string, room: number): string {
  if (textWidth(location) <= room) return location;
  for (let slash = location.indexOf('/'); slash >= 0; slash = location.indexOf('/', slash + 1)) {
    const rest = `…${location.slice(slash)}`;
    if (textWidth(rest) <= room) return rest;
  }
  const file = location.slice(location.lastIndexOf('/') + 1);
  return textWidth(file) <= room ? file : '';
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** `1.23s`, `1,234s`. */
export function seconds(microseconds: number): string {
  const value = microseconds / 1e6;
  return value < 999.995 ? `${value.toFixed(2)}s` : `${formatCount(value)}s`;
}
