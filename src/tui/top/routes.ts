import { formatDuration, formatShare } from '../../analysis/human-units.js';
import type { LiveData } from '../../analysis/live/live-profile.js';
import type { LiveRoute } from '../../analysis/live/live-routes.js';
import { type Line, span } from '../line.js';
import { plainText } from '../plain-text.js';
import { cutToWidth } from '../text-width.js';
import { type Body, bodyOf } from './body.js';
import { matcher } from './table.js';
import type { TopState } from './top-state.js';

interface Whole {
  readonly data: LiveData;
  /** Of all routes that there are. */
  readonly time: number;
}

interface Column {
  readonly title: string;
  readonly width: number;
  /** Those of a lower number are the last to give way on a narrow screen. */
  readonly rank: number;
  readonly show: (route: LiveRoute, whole: Whole) => string;
}

const columns: readonly Column[] = [
  { title: '%Time', width: 7, rank: 0, show: ({ time }, whole) => formatShare(time, whole.time) },
  { title: 'Seen', width: 8, rank: 4, show: ({ requests }) => `${requests}` },
  { title: '/s', width: 7, rank: 5, show: ({ requests }, { data }) => perSecond(requests, data.elapsed) },
  { title: 'Now', width: 5, rank: 2, show: ({ inFlight }) => `${inFlight}` },
  { title: 'p50', width: 10, rank: 1, show: ({ p50 }, { data }) => took(data, p50) },
  { title: 'p95', width: 10, rank: 1, show: ({ p95 }, { data }) => took(data, p95) },
  { title: 'Longest', width: 11, rank: 3, show: longest },
  { title: '%Wait', width: 7, rank: 2, show: ({ waiting, time }) => formatShare(waiting, time) },
];
/** Columns for names, at least. */
const leastForNames = 20;
const gap = '  ';

/** Routes, a row each, most time first. */
export function routesBody(data: LiveData, state: TopState, width: number): Body {
  const matches = matcher(state.filter);
  const shown = data.routes.filter(({ name }) => matches(labelOf(name)));
  const time = data.routes.reduce((sum, route) => sum + route.time, 0);
  return bodyOf(shown, data.routes.length, (route) => routeLine(route, { data, time }, width));
}

export function routesHeading(width: number): string {
  return `${shownColumns(width)
    .map(({ title, width }) => title.padStart(width))
    .join('')}${gap}Route`;
}

function routeLine(route: LiveRoute, whole: Whole, width: number): Line {
  const numbers = shownColumns(width)
    .map(({ show, width }) => show(route, whole).padStart(width))
    .join('');
  const room = Math.max(1, width - numbers.length - gap.length);
  return [span(numbers), span(gap), span(cutToWidth(labelOf(route.name), room), 'bold')];
}

/** Those that fit beside the names. */
function shownColumns(width: number): readonly Column[] {
  for (let rank = 5; rank > 0; rank--) {
    const shown = columns.filter((column) => column.rank <= rank);
    if (shown.reduce((sum, column) => sum + column.width, gap.length) + leastForNames <= width) return shown;
  }
  return columns.filter(({ rank }) => rank === 0);
}

function labelOf(name: string | undefined): string {
  return plainText(name ?? '<unknown route>', 200);
}

function perSecond(count: number, elapsed: number): string {
  if (elapsed <= 0) return '-';
  const rate = count / (elapsed / 1e6);
  return rate >= 10 ? `${Math.round(rate)}` : rate.toFixed(1);
}

/** Less than two intervals cannot be told apart. */
function took({ profile }: LiveData, time: number | undefined): string {
  if (time === undefined) return '-';
  const interval = 1e6 / profile.info.rate;
  return time < 1.5 * interval ? `<${formatDuration(2 * interval)}` : formatDuration(time);
}

function longest({ longest: time, isLongestCut }: LiveRoute): string {
  return `${isLongestCut ? '>' : ''}${formatDuration(time)}`;
}
