import { formatCount } from '../../analysis/human-units.js';
import { type Line, lineWidth, type Span, type Style, span } from '../line.js';
import { plainText } from '../plain-text.js';
import { cutStartToWidth, cutToWidth, textWidth } from '../text-width.js';
import type { Times } from './time-rows.js';
import { type SortKey, sortKeys } from './top-state.js';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly show: (value: number) => string;
}

const columns: Readonly<Record<SortKey, Column>> = {
  own: { title: '%Own', width: 7, show: percent },
  total: { title: '%Total', width: 8, show: percent },
  ownTime: { title: 'OwnTime', width: 10, show: seconds },
  totalTime: { title: 'TotalTime', width: 11, show: seconds },
};
/** Between the numbers and what they are of. */
const gap = 2;
/** Below this many columns for names, the times since the start give way. */
const leastForNames = 18;

/** The number columns that fit into a screen of this width. */
export function shownColumns(width: number): readonly SortKey[] {
  const all = sortKeys.reduce((sum, key) => sum + columns[key].width, gap);
  return width - all >= leastForNames ? sortKeys : ['own', 'total'];
}

/** The heading over a table: the whole width, the column that rows are sorted by in bold. */
export function headingLine(sort: SortKey | undefined, title: string, width: number): Line {
  const spans = shownColumns(width).map((key) =>
    span(columns[key].title.padStart(columns[key].width), key === sort ? 'sorted' : 'heading'),
  );
  spans.push(span(`${' '.repeat(gap)}${title}`, 'heading'));
  const rest = width - lineWidth(spans);
  return rest > 0 ? [...spans, span(' '.repeat(rest), 'heading')] : spans;
}

/** The numbers of a row; those that are nothing recede. */
export function numberSpans(times: Times, width: number): Span[] {
  const spans = shownColumns(width).map((key) => {
    const shown = columns[key].show(times[key]);
    return span(shown.padStart(columns[key].width), /^0(\.0+)?[%s]$/.test(shown) ? 'dim' : 'plain');
  });
  return [...spans, span(' '.repeat(gap))];
}

export interface Named {
  readonly name: string;
  readonly place: string;
  readonly style: Style;
  /** Said after the name: that it waits. */
  readonly mark: string;
}

/** `name (file)`: where there is little room, the beginning of the file gives way first. */
export function nameSpans({ name, place, style, mark }: Named, width: number): Span[] {
  const plain = plainText(name);
  const marked = mark === '' ? 0 : textWidth(mark) + 1;
  const spans = [span(cutToWidth(plain, Math.max(width - marked, Math.min(width, 8))), style)];
  const room = () => width - lineWidth(spans);
  const placeRoom = room() - marked - 3;
  if (place !== '' && placeRoom >= leastOfPlace)
    spans.push(span(` (${cutStartToWidth(plainText(place, 300), placeRoom)})`, 'dim'));
  if (mark !== '' && room() >= marked) spans.push(span(` ${mark}`, 'warning'));
  return spans;
}

/** Less than this much of a file's name tells nothing. */
const leastOfPlace = 6;

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** `1.23s`, `1,234s`. */
export function seconds(microseconds: number): string {
  const value = microseconds / 1e6;
  return value < 999.995 ? `${value.toFixed(2)}s` : `${formatCount(value)}s`;
}
