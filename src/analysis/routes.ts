import type { Profile } from '../model/profile.js';
import { codeLocationsOf } from './code-locations.js';
import { requestsOfContexts, seenRequests } from './requests.js';
import { isWaitingForGil } from './run-states.js';
import { eachWeight } from './sample-weights.js';
import type { ViewOptions } from './view-options.js';

/** What a recording says of one route, or of one kind of job. Times are microseconds. */
export interface Route {
  /** `undefined`: requests of which nothing was read. */
  readonly name: string | undefined;
  /**
   * Requests that were seen. Shorter than the sampling interval, they are seen as often as their length is a part of
   * it.
   */
  readonly requests: number;
  /** Of them: those that were in one sample only, and those that began before the recording or went on after it. */
  readonly seenOnce: number;
  readonly cut: number;
  /** How many were served at a time, on average. */
  readonly inFlight: number;
  /** How long those took that were seen whole, or all where none was. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  /**
   * Time of threads with such a request in hand, as the view counts it, and the part of it in which they waited, and
   * for the GIL.
   */
  readonly time: number;
  readonly waiting: number;
  readonly gilWaiting: number;
  readonly samples: number;
  /**
   * The function of application code that most of the time is in, and what that called: indices into
   * `Profile.functions`, -1 for none.
   */
  readonly hottest: RouteFunction | undefined;
}

export interface RouteFunction {
  readonly function: number;
  readonly line: number;
  /** What it called that was innermost, where most of its time was. */
  readonly in: number;
  readonly time: number;
}

interface RouteSoFar {
  time: number;
  waiting: number;
  gilWaiting: number;
  samples: number;
  readonly locations: Map<string, { function: number; line: number; in: number; time: number }>;
}

/**
 * Routes by the time of their requests, most first. Only what the view shows counts; how long requests took is about
 * all of them.
 */
export function routesOf(profile: Profile, view: ViewOptions): Route[] {
  const numbers = requestsOfContexts(profile);
  const locationOf = codeLocationsOf(profile);
  const byName = new Map<string | undefined, RouteSoFar>();
  const shown = new Set<number>();
  eachWeight(profile, { ...view, request: view.request ?? {} }, profile.runs, (weight) => {
    const request = numbers.numberOf(weight.context);
    if (request < 0) return;
    shown.add(request);
    const name = numbers.routeOf(request);
    let route = byName.get(name);
    if (!route) {
      route = { time: 0, waiting: 0, gilWaiting: 0, samples: 0, locations: new Map() };
      byName.set(name, route);
    }
    const { time, waiting, samples, flags, stack } = weight;
    route.time += time;
    route.waiting += waiting;
    if (isWaitingForGil(flags, 'wall')) route.gilWaiting += time;
    route.samples += samples;
    const { function: fn, line, innermost } = locationOf(stack);
    const key = `${fn} ${line} ${innermost}`;
    const location = route.locations.get(key) ?? { function: fn, line, in: innermost, time: 0 };
    location.time += time;
    route.locations.set(key, location);
  });
  const durations = durationsByRoute(profile, shown);
  return [...byName]
    .map(([name, { locations, ...sums }]) => ({
      ...{ name, ...sums, ...durations.get(name)! },
      hottest: [...locations.values()].sort((a, b) => b.time - a.time)[0],
    }))
    .sort((a, b) => b.time - a.time || (a.name ?? '').localeCompare(b.name ?? '', 'en'));
}

type Durations = Pick<
  Route,
  'requests' | 'seenOnce' | 'cut' | 'inFlight' | 'p50' | 'p95' | 'p99' | 'longest'
>;

function durationsByRoute(profile: Profile, shown: ReadonlySet<number>): Map<string | undefined, Durations> {
  const byRoute = new Map<string | undefined, ReturnType<typeof seenRequests>>();
  for (const request of seenRequests(profile)) {
    if (!shown.has(request.number)) continue;
    const others = byRoute.get(request.route);
    if (others) others.push(request);
    else byRoute.set(request.route, [request]);
  }
  const whole = Math.max(1, profile.duration);
  return new Map(
    [...byRoute].map(([route, requests]) => {
      const uncut = requests.filter(({ isCut }) => !isCut);
      const all = requests.map(({ first, last }) => last - first).sort((a, b) => a - b);
      const known =
        uncut.length > 0 ? uncut.map(({ first, last }) => last - first).sort((a, b) => a - b) : all;
      return [
        route,
        {
          requests: requests.length,
          seenOnce: requests.filter(({ seenOnce }) => seenOnce).length,
          cut: requests.length - uncut.length,
          inFlight: all.reduce((sum, time) => sum + time, 0) / whole,
          p50: percentile(known, 0.5),
          p95: percentile(known, 0.95),
          p99: percentile(known, 0.99),
          longest: all.at(-1) ?? 0,
        },
      ];
    }),
  );
}

/** The smallest value that is not below this part of all; they are in order. */
function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
