import { formatShare } from '../../analysis/human-units.js';
import { framePlace, functionName } from '../../analysis/labels.js';
import { gil, nameOf, type OwnFunction, type Summary } from '../../analysis/summary.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import { visibleText } from '../flamegraph/safe-text.js';

/** Of a whole that is request time, this much of a function's own must have been inside requests. */
const nearlyAll = 0.99;

/**
 * Where the user's own code spent most: `slow_route: 98% of request time, of which 100% waiting in time.sleep`. Time counts for the
 * innermost function of the user's own, with what it calls in libraries. Nothing when no time was in the user's code.
 */
export function ownSentence(profile: Profile, view: ViewOptions, summary: Summary): string | undefined {
  const [widest] = summary.own;
  const fn = widest && profile.functions[widest.function];
  if (!widest || !fn || widest.time <= 0) return undefined;
  const name = functionName(fn);
  // `<module>` and `<lambda>` say little without their place.
  const place = framePlace(fn, 0, { ...view, lines: 'function' });
  const label = visibleText(name.includes('<') && place !== '' ? `${name} (${place})` : name, 120);
  return `${label}: ${ofWhole(summary, widest)}${ofWhich(profile, summary, widest)}`;
}

function ofWhole({ time }: Summary, { time: spent, request }: OwnFunction): string {
  return request >= spent * nearlyAll
    ? `${formatShare(request, time.request)} of request time`
    : `${formatShare(spent, time.shown)} of the time shown`;
}

function ofWhich(profile: Profile, { statesKnown }: Summary, own: OwnFunction): string {
  const known = own.time - own.unknown;
  if (!statesKnown || known <= 0) return '';
  if (own.waiting * 2 < known) return `, of which ${formatShare(own.cpu, known)} on a CPU`;
  return `, of which ${formatShare(own.waiting, known)} waiting${waitedIn(profile, own)}`;
}

function waitedIn(profile: Profile, { function: fn, waiting, waitedIn: most }: OwnFunction): string {
  if (!most || most.function === fn) return '';
  const mostly = most.time < waiting * 0.9 ? ', mostly' : '';
  return most.function === gil
    ? `${mostly} for the GIL`
    : `${mostly} in ${visibleText(nameOf(profile, most.function), 120)}`;
}
