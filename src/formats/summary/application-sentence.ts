import { formatCpuShare, formatShare } from '../../analysis/human-units.js';
import { frameLocation, functionName } from '../../analysis/labels.js';
import { type ApplicationFunction, gil, nameOf, type Summary } from '../../analysis/summary.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { visibleText } from '../flamegraph/safe-text.js';

/** Of a whole that is request time, this much of a function's time must have been inside requests. */
const nearlyAll = 0.99;

/**
 * Where application code spent most time: `slow_route: 98% of request time, of which 100% waiting in time.sleep`. Time
 * counts for the innermost function of application code, with what it calls in libraries. Nothing when no time was in
 * such code.
 */
export function applicationSentence(
  profile: Profile,
  view: ViewOptions,
  summary: Summary,
): string | undefined {
  const [hottest] = summary.applicationFunctions;
  const fn = hottest && profile.functions[hottest.function];
  if (!hottest || !fn || hottest.time <= 0) return undefined;
  const name = functionName(fn);
  // `<module>` and `<lambda>` say little without their location.
  const location = frameLocation(fn, 0, { ...view, lines: 'function' });
  const label = visibleText(name.includes('<') && location !== '' ? `${name} (${location})` : name, 120);
  return `${label}: ${ofWhole(summary, hottest)}${ofWhich(profile, summary, hottest)}`;
}

function ofWhole({ time }: Summary, { time: spent, request }: ApplicationFunction): string {
  return request >= spent * nearlyAll
    ? `${formatShare(request, time.request)} of request time`
    : `${formatShare(spent, time.shown)} of the time shown`;
}

function ofWhich(profile: Profile, { statesKnown }: Summary, fn: ApplicationFunction): string {
  const known = fn.time - fn.unknown;
  if (!statesKnown || known <= 0) return '';
  if (fn.waiting * 2 < known) return `, of which ${formatCpuShare(fn.cpu, known)} on a CPU`;
  return `, of which ${formatShare(fn.waiting, known)} waiting${waitedIn(profile, fn)}`;
}

function waitedIn(profile: Profile, { function: fn, waiting, waitedIn: most }: ApplicationFunction): string {
  if (!most || most.function === fn) return '';
  const mostly = most.time < waiting * 0.9 ? ', mostly' : '';
  return most.function === gil
    ? `${mostly} for the GIL`
    : `${mostly} in ${visibleText(nameOf(profile, most.function), 120)}`;
}
