import { formatCpuShare, formatDuration, formatShare, plural } from '../../analysis/human-units.js';
import { frameLocation, functionName } from '../../analysis/labels.js';
import { type Route, routesOf } from '../../analysis/routes.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import { visibleText } from '../../analysis/visible-text.js';
import type { Profile } from '../../model/profile.js';

const mostSentences = 3;
/** The smallest part of all request time that is worth a sentence, but for the first one. */
const worthASentence = 0.05;
/** Columns of the name of a route, and of a function and its location; longer ones are cut. */
const longestRoute = 60;
const longestName = 160;

/**
 * The routes with most of the request time, in what it went, and what that is known by. None where no request was seen.
 *
 *     GET /slow: 62.3% of request time, 98.1% of it waiting; 97.5% in time.sleep, called by slow (app.py:12).
 *       42 requests, p50 503 ms, p95 512 ms (4,210 samples)
 */
export function routeSentences(
  profile: Profile,
  view: ViewOptions,
  routes: readonly Route[] = routesOf(profile, { ...view, mode: 'wall' }),
): string[] {
  const whole = routes.reduce((sum, { time }) => sum + time, 0);
  if (whole === 0) return [];
  return routes
    .filter(({ time }, index) => index === 0 || time >= whole * worthASentence)
    .slice(0, mostSentences)
    .flatMap((route) => {
      const does = whatItDoes(route);
      const mostly = hottestOf(profile, view, route);
      return [
        `${routeLabel(route)}: ${formatShare(route.time, whole)} of request time${does}${mostly === '' ? '' : `; ${mostly}`}.`,
        `  ${evidence(profile, route)}`,
      ];
    });
}

export function routeLabel({ name }: Pick<Route, 'name'>): string {
  return visibleText(name ?? '<unknown route>', longestRoute);
}

/** `97.5% in time.sleep, called by slow (app.py:12)`: what most of the time is in; empty when that has no name. */
export function hottestOf(profile: Profile, view: ViewOptions, { hottest, time }: Route): string {
  const fn = hottest && profile.functions[hottest.function];
  if (!fn) return '';
  const inner = hottest.in === hottest.function ? undefined : profile.functions[hottest.in];
  const what = inner ? `${functionName(inner)}, called by ${functionName(fn)}` : functionName(fn);
  const location = frameLocation(fn, hottest.line, { ...view, lines: 'current' });
  const at = location === '' ? '' : ` (${visibleText(location, longestName)})`;
  return `${formatShare(hottest.time, time)} in ${visibleText(what, longestName)}${at}`;
}

/** Less than two intervals cannot be told apart. */
export function requestDuration({ info }: Profile, time: number | undefined): string {
  if (time === undefined) return '-';
  const interval = 1e6 / info.rate;
  return time < 1.5 * interval ? `< ${formatDuration(2 * interval)}` : formatDuration(time);
}

/** What most of its time was, of what is known. */
function whatItDoes({ time, cpu, waiting, gilWaiting, unknown }: Route): string {
  const known = time - unknown;
  if (known <= 0) return '';
  if (gilWaiting * 2 >= known) return `, ${formatShare(gilWaiting, known)} of it waiting for the GIL`;
  if (waiting * 2 >= known) return `, ${formatShare(waiting, known)} of it waiting`;
  return `, ${formatCpuShare(cpu, known)} of it on a CPU`;
}

function evidence(profile: Profile, { requests, p50, p95, longest, samples }: Route): string {
  const took =
    p50 === undefined
      ? `none seen from its beginning to its end, the longest for ${formatDuration(longest)}`
      : `p50 ${requestDuration(profile, p50)}, p95 ${requestDuration(profile, p95)}`;
  return `${plural(requests, 'request')}, ${took} (${plural(samples, 'sample')})`;
}
