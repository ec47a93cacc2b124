import type { Profile } from '../../model/profile.js';
import { requestFilter } from '../request-filter.js';
import { requestsOfContexts, seenRequests } from '../requests.js';
import type { RequestView, ViewOptions } from '../view-options.js';
import { sampleTime } from './contention.js';
import { blockCount, type Stratum, type Units } from './units.js';

/** Fewer requests of a route show nothing of how far its requests differ from each other. */
const fewestRequests = 8;

/** Requests of a route that began while they were recorded, in the order of their beginnings. */
interface RouteRequests {
  readonly route: string;
  readonly began: number[];
  /** Were there when it began: their time counts for it, as that of others is cut off at the end. */
  readonly before: number[];
  seenOnce: number;
}

/** A route that all recordings have. */
export interface ComparedRoute {
  readonly route: string;
  /** Requests that began within the recordings of each side. */
  readonly before: number;
  readonly after: number;
  /** Why its time per request is not known. */
  readonly why: 'few' | 'short' | undefined;
}

export interface RequestUnits {
  /** All routes of either recording, by name. */
  readonly routes: readonly ComparedRoute[];
  /** Those of them that are strata, in their order. */
  readonly strata: readonly ComparedRoute[];
  /** By recording. */
  readonly before: readonly Units[];
  readonly after: readonly Units[];
}

/**
 * Requests of two recordings as what time is divided by. A route's time is that of its requests over the number of them
 * that began: what is cut off at one end of the recording, the other end has on average.
 */
export function requestUnits(
  before: readonly Profile[],
  after: readonly Profile[],
  view: ViewOptions,
): RequestUnits {
  const routesOf = (profile: Profile) => requestsByRoute(profile, view.request);
  const [ofBefore, ofAfter] = [before.map(routesOf), after.map(routesOf)];
  const names = [...new Set([...ofBefore, ...ofAfter].flatMap((routes) => [...routes.keys()]))].sort();
  const routes = names.map((route) =>
    compared(
      route,
      ofBefore.map((of) => of.get(route)),
      ofAfter.map((of) => of.get(route)),
    ),
  );
  const strata = routes.filter(({ why }) => why === undefined);
  const all = strata.reduce((sum, route) => sum + route.before + route.after, 0);
  const shareOf = (route: ComparedRoute) => (route.before + route.after) / all;
  const units = (profile: Profile, of: ReadonlyMap<string, RouteRequests>) =>
    unitsOf(
      profile,
      strata.map((route) => ({ share: shareOf(route), requests: of.get(route.route)! })),
    );
  return {
    ...{ routes, strata },
    before: before.map((profile, index) => units(profile, ofBefore[index]!)),
    after: after.map((profile, index) => units(profile, ofAfter[index]!)),
  };
}

function requestsByRoute(profile: Profile, view: RequestView | undefined): Map<string, RouteRequests> {
  const byRoute = new Map<string, RouteRequests>();
  const isWanted = view && requestFilter(profile, view);
  const wanted = new Set<number>();
  if (isWanted) {
    const requests = requestsOfContexts(profile);
    for (let context = 0; context < profile.contexts.length; context++)
      if (isWanted(context)) wanted.add(requests.numberOf(context));
  }
  const inOrder = seenRequests(profile).sort((a, b) => a.first - b.first || a.number - b.number);
  for (const { number, route, beganBefore, seenOnce } of inOrder) {
    if (route === undefined || (isWanted && !wanted.has(number))) continue;
    let requests = byRoute.get(route);
    if (!requests) {
      requests = { route, began: [], before: [], seenOnce: 0 };
      byRoute.set(route, requests);
    }
    (beganBefore ? requests.before : requests.began).push(number);
    if (seenOnce) requests.seenOnce++;
  }
  return byRoute;
}

function compared(
  route: string,
  before: readonly (RouteRequests | undefined)[],
  after: readonly (RouteRequests | undefined)[],
): ComparedRoute {
  const began = (of: RouteRequests | undefined) => of?.began.length ?? 0;
  const countOf = (side: readonly (RouteRequests | undefined)[]) =>
    side.reduce((sum, of) => sum + began(of), 0);
  const each = [...before, ...after];
  // Of requests that are shorter than the interval, an unknown number is never seen.
  const isShort = each.some((of) => of !== undefined && of.seenOnce * 2 > of.began.length);
  const few = Math.min(...each.map(began)) < fewestRequests;
  return {
    ...{ route, before: countOf(before), after: countOf(after) },
    why: few ? 'few' : isShort ? 'short' : undefined,
  };
}

/** `share`: what part of all requests a route stands for. */
function unitsOf(
  profile: Profile,
  routes: readonly { readonly share: number; readonly requests: RouteRequests }[],
): Units {
  const numbers = requestsOfContexts(profile);
  const blocks = new Int32Array(numbers.count).fill(-1);
  const strata = new Int32Array(numbers.count);
  const made = routes.map(({ share, requests: { began, before } }, stratum): Stratum => {
    const parts = new Array<number>(blockCount).fill(0);
    for (const [rank, request] of began.entries()) {
      const block = Math.floor((rank * blockCount) / began.length);
      blocks[request] = block;
      strata[request] = stratum;
      parts[block]! += 1 / began.length;
    }
    for (const request of before) {
      blocks[request] = 0;
      strata[request] = stratum;
    }
    return { scale: share / began.length, parts };
  });
  const scales = made.map(({ scale }) => scale);
  return {
    strata: made,
    tick: sampleTime(profile) * Math.max(0, ...scales),
    place: ({ context, time }, put) => {
      const request = numbers.numberOf(context);
      const block = request < 0 ? -1 : blocks[request]!;
      if (block >= 0) put(block, strata[request]!, time);
    },
  };
}
