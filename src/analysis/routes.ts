import type { Profile } from '../model/profile.js';
import { type CodeLocation, codeLocationsOf } from './code-locations.js';
import { requestsOfContexts, type SeenRequest, seenRequests } from './requests.js';
import { isStateKnown, isWaitingForGil } from './run-states.js';
import { atOnce, eachWeight, weightPieces } from './sample-weights.js';
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
  /**
   * Requests that were seen, per second, and how many were served at a time, on average. Not known of a single tick.
   */
  readonly perSecond: number | undefined;
  readonly inFlight: number | undefined;
  /** How long those took that were seen whole. Not known where none was. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  /** As far as it was seen; it may have gone on for longer where it was cut. */
  readonly longest: number;
  readonly isLongestCut: boolean;
  /**
   * Time of threads with such a request in hand, as the view counts it, and the part of it in which they waited, and
   * for the GIL.
   */
  readonly time: number;
  readonly waiting: number;
  readonly gilWaiting: number;
  /** On a CPU, in wall mode a part of it; and where it is not known what the thread did. */
  readonly cpu: number;
  readonly unknown: number;
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
  cpu: number;
  unknown: number;
  samples: number;
  /** Time by stack. */
  readonly stacks: Map<number, number>;
}

const noTimes = { time: 0, waiting: 0, gilWaiting: 0, cpu: 0, unknown: 0, samples: 0 };

/**
 * Routes by the time of their requests, most first. Only what the view shows counts; how long requests took is about
 * all of them.
 */
export function routesOf(profile: Profile, view: ViewOptions): Route[] {
  return atOnce(routePieces(profile, view));
}

/** The same in pieces, with a yield after each. */
export function* routePieces(profile: Profile, view: ViewOptions): Generator<void, Route[], void> {
  const numbers = requestsOfContexts(profile);
  if (numbers.count === 0) return [];
  const locationOf = codeLocationsOf(profile);
  const byName = new Map<string | undefined, RouteSoFar>();
  const shown = new Set<number>();
  const ofRequests = { ...view, request: view.request ?? {} };
  yield* weightPieces(profile, ofRequests, profile.runs, (weight) => {
    const request = numbers.numberOf(weight.context);
    if (request < 0) return;
    shown.add(request);
    const name = numbers.routeOf(request);
    let route = byName.get(name);
    if (!route) {
      route = { ...noTimes, stacks: new Map() };
      byName.set(name, route);
    }
    const { time, waiting, cpu, samples, flags, stack } = weight;
    route.time += time;
    route.cpu += cpu;
    if (!isStateKnown(flags)) route.unknown += time;
    route.waiting += waiting;
    if (isWaitingForGil(flags, 'wall')) route.gilWaiting += time;
    route.samples += samples;
    route.stacks.set(stack, (route.stacks.get(stack) ?? 0) + time);
  });
  const durations = durationsByRoute(profile, shown);
  return [...byName]
    .map(([name, { stacks, ...sums }]) => ({
      ...{ name, ...sums, ...durations.get(name)! },
      hottest: hottestOf(stacks, locationOf),
    }))
    .sort((a, b) => b.time - a.time || (a.name ?? '').localeCompare(b.name ?? '', 'en'));
}

/** `stacks`: time by stack. */
function hottestOf(
  stacks: ReadonlyMap<number, number>,
  locationOf: (stack: number) => CodeLocation,
): RouteFunction | undefined {
  const locations = new Map<string, { function: number; line: number; in: number; time: number }>();
  for (const [stack, time] of stacks) {
    const { function: fn, line, innermost } = locationOf(stack);
    const key = `${fn} ${line} ${innermost}`;
    const location = locations.get(key) ?? { function: fn, line, in: innermost, time: 0 };
    location.time += time;
    locations.set(key, location);
  }
  return [...locations.values()].sort((a, b) => b.time - a.time)[0];
}

/** Microseconds of requests of which it is not known which they are, as the view counts them. */
export function unknownRequestTime(profile: Profile, view: ViewOptions): number {
  const requests = requestsOfContexts(profile);
  let sum = 0;
  eachWeight(profile, { ...view, request: undefined }, profile.runs, ({ context, time }) => {
    if (requests.isUnknown(context)) sum += time;
  });
  return sum;
}

type Durations = Omit<Route, keyof typeof noTimes | 'name' | 'hottest'>;

function durationsByRoute(profile: Profile, shown: ReadonlySet<number>): Map<string | undefined, Durations> {
  const byRoute = new Map<string | undefined, SeenRequest[]>();
  for (const request of seenRequests(profile)) {
    if (!shown.has(request.number)) continue;
    const others = byRoute.get(request.route);
    if (others) others.push(request);
    else byRoute.set(request.route, [request]);
  }
  return new Map([...byRoute].map(([route, requests]) => [route, durationsOf(requests, profile.duration)]));
}

/** `whole`: of the recording. */
function durationsOf(requests: readonly SeenRequest[], whole: number): Durations {
  const lengths = (of: readonly SeenRequest[]) =>
    of.map(({ first, last }) => last - first).sort((a, b) => a - b);
  const uncut = lengths(requests.filter(({ isCut }) => !isCut));
  const all = lengths(requests);
  const longest = all.at(-1) ?? 0;
  const sum = all.reduce((sum, time) => sum + time, 0);
  return {
    requests: requests.length,
    seenOnce: requests.filter(({ seenOnce }) => seenOnce).length,
    cut: requests.length - uncut.length,
    perSecond: whole > 0 ? requests.length / (whole / 1e6) : undefined,
    inFlight: whole > 0 ? sum / whole : undefined,
    p50: percentile(uncut, 0.5),
    p95: percentile(uncut, 0.95),
    p99: percentile(uncut, 0.99),
    longest,
    isLongestCut: uncut.length === 0 || longest > uncut.at(-1)!,
  };
}

/** The smallest value that is not below this part of all; they are in order. */
function percentile(sorted: readonly number[], part: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
}
