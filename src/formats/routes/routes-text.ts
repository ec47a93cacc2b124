// Which route is slow, and in what: a table for people.
import { formatDuration, formatShare, plural } from '../../analysis/human-units.js';
import { whyNothing } from '../../analysis/nothing-shown.js';
import { type Route, routesOf, unknownRequestTime } from '../../analysis/routes.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import type { OutputFormat } from '../output-format.js';
import { textTable } from '../text-table.js';
import { hottestOf, requestDuration, routeLabel } from './route-sentences.js';

export const routes: OutputFormat = {
  id: 'routes',
  title: 'Routes',
  extensions: ['.routes.txt', '.routes'],
  mediaType: 'text/plain; charset=utf-8',
  description: 'a table of the routes of a web application: how often, how long, and in what',
  write: (profile, view) => [writeRoutes(profile, view)],
};

/** Of the time of requests, the part that must be unknown to be mentioned. */
const worthSaying = 0.01;
const columns = ['share', 'requests', 'per s', 'p50', 'p95', 'longest', 'waiting', 'for GIL'];

function writeRoutes(profile: Profile, view: ViewOptions): string {
  const found = routesOf(profile, view);
  if (found.length === 0) return `${whyNoRoutes(profile, view).join('\n')}\n`;
  const whole = found.reduce((sum, { time }) => sum + time, 0);
  const rows = found.map((route) => [
    routeLabel(route),
    formatShare(route.time, whole),
    `${route.requests}`,
    perSecond(route.perSecond),
    requestDuration(profile, route.p50),
    requestDuration(profile, route.p95),
    `${route.isLongestCut ? '> ' : ''}${formatDuration(route.longest)}`,
    formatShare(route.waiting, route.time),
    formatShare(route.gilWaiting, route.time),
  ]);
  const lines = textTable(['route', ...columns], rows);
  const sentences = found.slice(0, 3).flatMap((route) => {
    const mostly = hottestOf(profile, view, route);
    return mostly === '' ? [] : [`${routeLabel(route)}: ${mostly}`];
  });
  const unknown = unknownNote(unknownRequestTime(profile, view), whole);
  return [...sentences, '', ...lines, '', ...notes(profile, found), ...unknown, ''].join('\n');
}

function perSecond(count: number | undefined): string {
  if (count === undefined) return '-';
  return count >= 10 ? `${Math.round(count)}` : count.toFixed(1);
}

function notes({ info, duration: whole }: Profile, found: readonly Route[]): string[] {
  const requests = found.reduce((sum, route) => sum + route.requests, 0);
  const once = found.reduce((sum, { seenOnce }) => sum + seenOnce, 0);
  const cut = found.reduce((sum, route) => sum + route.cut, 0);
  const interval = formatDuration(1e6 / info.rate);
  return [
    `${plural(requests, 'request was', 'requests were')} seen in ${formatDuration(whole)}, at ${info.rate} samples a second: times are right to ${interval}.`,
    ...(once * 10 > requests
      ? [
          `${plural(once, 'of them was', 'of them were')} seen once: of requests shorter than ${interval} others were missed.`,
        ]
      : []),
    ...(cut > 0
      ? [`${cut} began before the recording or went on after it; p50 and p95 are without them.`]
      : []),
  ];
}

/** Times are microseconds. */
function unknownNote(unknown: number, known: number): string[] {
  if (unknown < (unknown + known) * worthSaying) return [];
  return [
    `${formatDuration(unknown)} more is of requests, it is not known of which: they went on while they were read (docs/requests.md).`,
  ];
}

function whyNoRoutes(profile: Profile, view: ViewOptions): string[] {
  const reasons = whyNothing(profile, view.request ? view : { ...view, request: {} });
  return reasons;
}
