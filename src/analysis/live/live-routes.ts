import { noContext, requestContext, routeContext } from '../../model/context.js';
import { emptyStack, type Profile, type Runs } from '../../model/profile.js';

import { isWaiting, isWaitingForGil } from '../run-states.js';
import { DurationCounts } from './duration-counts.js';

/** What is known of a route while it is watched, since the start or the last reset. Times are microseconds. */
export interface LiveRoute {
  /** `undefined`: requests of which nothing was read. */
  readonly name: string | undefined;
  /** That were seen, and of them those that go on. */
  readonly requests: number;
  readonly inFlight: number;
  /** How long those took that were seen from their beginning to their end, to half a per cent. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  /** As far as it was seen. */
  readonly longest: number;
  readonly isLongestCut: boolean;
  readonly time: number;
  readonly waiting: number;
  readonly gilWaiting: number;
}

/** How long a request is not seen, microseconds, until it counts as ended. */
const endsAfter = 1_000_000;

interface Sums {
  time: number;
  waiting: number;
  gilWaiting: number;
}

interface OpenRequest extends Sums {
  route: string | undefined;
  readonly first: number;
  last: number;
  /** It was there before the watching began. */
  readonly isCut: boolean;
  /** Its thread was last seen with it in hand. */
  inHand: boolean;
}

interface RouteSoFar extends Sums {
  requests: number;
  longest: number;
  isLongestCut: boolean;
  readonly took: DurationCounts;
}

/** By process: when its first sample was; and threads, or slots of tasks, that were seen. */
interface SeenMembers {
  readonly begins: Map<number, number>;
  readonly members: Set<number>;
}

const noSums = { time: 0, waiting: 0, gilWaiting: 0 };

/**
 * Requests of a recording that grows and whose runs are forgotten. Ended requests are counted and dropped, so it grows
 * with the number of routes and of requests in flight, not with time.
 */
export class LiveRoutes {
  readonly #profile: Profile;
  /** By the number that the recording gives them. */
  readonly #open = new Map<string, OpenRequest>();
  #routes = new Map<string | undefined, RouteSoFar>();
  readonly #ofThreads: SeenMembers = { begins: new Map(), members: new Set() };
  readonly #ofTasks: SeenMembers = { begins: new Map(), members: new Set() };
  /** By name: the first context of each route, which stands for all. */
  readonly #contexts = new Map<string, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** Takes in what came since the last time: runs of threads, and of tasks that were suspended. */
  take({ runs, suspended, threads, duration }: Profile): void {
    for (const request of this.#open.values()) request.inHand = false;
    this.#takeRuns(runs, this.#ofThreads, (thread) => threads[thread]?.process ?? -1);
    this.#takeRuns(suspended.runs, this.#ofTasks, (slot) => suspended.processes[slot] ?? -1);
    for (const [name, request] of this.#open)
      if (!request.inHand && request.last < duration - endsAfter) this.#end(name, request);
  }

  #takeRuns(runs: Runs, seen: SeenMembers, processOf: (member: number) => number): void {
    const { thread, stack, flags, context, start, duration, samples } = runs;
    const ends = new Map<number, number>();
    for (let run = 0; run < stack.length; run++) {
      const process = processOf(thread.at(run));
      ends.set(process, Math.max(ends.get(process) ?? 0, start.at(run) + duration.at(run)));
    }
    for (let run = 0; run < stack.length; run++) {
      const of = thread.at(run);
      const begin = start.at(run);
      const wasThere = this.#isFirst(seen, of, processOf(of), begin);
      const at = context.at(run);
      const name = stack.at(run) === emptyStack ? undefined : this.#requestOf(at);
      if (name === undefined) continue;
      const request = this.#open.get(name) ?? this.#begin(name, begin, wasThere);
      request.route = this.#routeNameOf(at) ?? request.route;
      const time = duration.at(run);
      if (begin + time >= ends.get(processOf(of))!) request.inHand = true;
      // A run that only goes on stands for no time yet.
      if (samples.at(run) > 0) addRun(request, begin, time, flags.at(run));
    }
  }

  reset(): void {
    this.#routes = new Map();
    for (const request of this.#open.values()) Object.assign(request, noSums);
  }

  /** The route of a context's request as far as it is known by now; `undefined`: it is of no request. */
  routeOf(context: number): { readonly name: string | undefined } | undefined {
    const request = this.#requestOf(context);
    if (request === undefined) return undefined;
    return { name: this.#open.get(request)?.route ?? this.#routeNameOf(context) };
  }

  /**
   * A context that stays when requests are forgotten: that of the route for one of a request, or what that is within.
   * `byRoute`: the same for all of a route, whatever they are within.
   */
  lastingOf(context: number, byRoute: boolean): number {
    const route = this.routeOf(context);
    if (route === undefined) return context;
    const known = route.name === undefined ? undefined : this.#contexts.get(route.name);
    if (byRoute) return known ?? noContext;
    const { contexts } = this.#profile;
    let at = context;
    while (contexts[at]!.kind !== requestContext) at = contexts[at]!.outer;
    return contexts[at]!.outer;
  }

  /** Routes with most time first; of these only, where it is given. */
  data(isShown: (route: string) => boolean = () => true): LiveRoute[] {
    const routes = new Map<string | undefined, RouteSoFar & { inFlight: number }>();
    for (const [name, route] of this.#routes) routes.set(name, { ...route, inFlight: 0 });
    for (const request of this.#open.values()) {
      const route = routes.get(request.route) ?? { ...emptyRoute(), inFlight: 0 };
      routes.set(request.route, route);
      addTo(route, request);
      if (request.inHand) route.inFlight++;
    }
    return [...routes]
      .filter(([name]) => isShown(name ?? ''))
      .map(([name, { took, ...route }]) => ({
        ...{ name, ...route, p50: took.percentile(0.5), p95: took.percentile(0.95) },
      }))
      .sort((a, b) => b.time - a.time || (a.name ?? '').localeCompare(b.name ?? '', 'en'));
  }

  /** Whether this is the first run of a thread, or slot of tasks, that was there when its process was first seen. */
  #isFirst({ begins, members }: SeenMembers, member: number, process: number, begin: number): boolean {
    if (members.has(member)) return false;
    members.add(member);
    const began = begins.get(process) ?? begin;
    begins.set(process, began);
    return begin < began + 2e6 / this.#profile.info.rate;
  }

  #begin(name: string, first: number, isCut: boolean): OpenRequest {
    const request = { ...noSums, route: undefined, first, last: first, isCut, inHand: false };
    this.#open.set(name, request);
    return request;
  }

  #end(name: string, request: OpenRequest): void {
    this.#open.delete(name);
    const route = this.#routes.get(request.route) ?? emptyRoute();
    this.#routes.set(request.route, route);
    addTo(route, request);
    if (!request.isCut) route.took.add(request.last - request.first);
  }

  #requestOf(context: number): string | undefined {
    const { contexts } = this.#profile;
    for (let at = context; at !== noContext; at = contexts[at]!.outer)
      if (contexts[at]!.kind === requestContext) return contexts[at]!.values['request'];
    return undefined;
  }

  #routeNameOf(context: number): string | undefined {
    const { contexts } = this.#profile;
    for (let at = context; at !== noContext; at = contexts[at]!.outer) {
      const { kind, values } = contexts[at]!;
      const name = kind === routeContext ? values['route'] : undefined;
      if (name === undefined) continue;
      if (!this.#contexts.has(name)) this.#contexts.set(name, at);
      return name;
    }
    return undefined;
  }
}

function emptyRoute(): RouteSoFar {
  return { ...noSums, requests: 0, longest: 0, isLongestCut: false, took: new DurationCounts() };
}

function addRun(request: OpenRequest, begin: number, time: number, flags: number): void {
  request.last = Math.max(request.last, begin + time);
  request.time += time;
  if (isWaiting(flags, 'wall')) request.waiting += time;
  if (isWaitingForGil(flags, 'wall')) request.gilWaiting += time;
}

function addTo(route: RouteSoFar, request: OpenRequest): void {
  route.requests++;
  route.time += request.time;
  route.waiting += request.waiting;
  route.gilWaiting += request.gilWaiting;
  const length = request.last - request.first;
  const isCut = request.isCut || request.inHand;
  if (length < route.longest || (length === route.longest && !isCut)) return;
  route.longest = length;
  route.isLongestCut = isCut;
}
