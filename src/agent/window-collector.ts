import { type ProfileWindow, ProfileWindows, profileOfWindow } from '../analysis/profile-windows.js';
import { type Context, noContext, routeContext } from '../model/context.js';
import { makeRuns, type Profile, type Runs } from '../model/profile.js';
import { ProfileSink } from '../session/profile-sink.js';
import type { Sink } from '../session/sink.js';

/** Different routes of one session; the others are `other` together. */
const mostRoutes = 1000;

/**
 * Microseconds for which an ended window is kept: a process that was just found is not sampled with every tick, and
 * what it did at the end of a window may come after the others'.
 */
const longestDelay = 1e6;

/**
 * Cuts a recording that grows into windows, and forgets what was cut: its size follows from the number of different
 * stacks, not from time.
 */
export class WindowCollector {
  readonly #sink = new ProfileSink();
  readonly #length: number;
  #windows: ProfileWindows | undefined;
  /** Those of the recording are forgotten with their requests: here is one for each route. */
  readonly #contexts: Context[] = [{ kind: '', values: {}, outer: noContext }];
  readonly #byRoute = new Map<string, number>();

  /** `length`: of a window, milliseconds. */
  constructor(length: number) {
    this.#length = length;
  }

  /** Gets the recording. */
  get sink(): Sink {
    return this.#sink;
  }

  /** Its tables; processes are never taken out of it. */
  get profile(): Profile {
    return this.#sink.profile();
  }

  /**
   * Takes what was recorded since the last call, up to `time` (microseconds of the recording): those runs, and the
   * windows that have ended; all with `isLast`.
   */
  collect(time: number, isLast: boolean): { readonly windows: ProfileWindow[]; readonly runs?: Runs } {
    const profile = this.profile;
    // It comes with the first payload.
    if (profile.info.startedAt === 0) return { windows: [] };
    this.#windows ??= new ProfileWindows(profile, this.#length);
    // The columns are emptied below, and those of the recording are used again.
    const runs = copyOf(profile.runs, (context) => this.#contextOf(profile.contexts, context));
    this.#windows.add(runs);
    this.#sink.forgetRuns();
    return { windows: this.#windows.take(isLast ? Number.POSITIVE_INFINITY : time - longestDelay), runs };
  }

  /** The profile of a window, or of other runs that `collect` gave. */
  profileOf(window: ProfileWindow, rate: number): Profile {
    const profile = profileOfWindow(this.profile, window, rate);
    return Object.assign(profile, { contexts: this.#contexts });
  }

  /** How many different stacks there are: what its size follows from. */
  get size(): number {
    const { stacks, threads, functions } = this.profile;
    return stacks.parent.length + threads.length + functions.length;
  }

  /** The route of a request is a context around it. */
  #contextOf(contexts: readonly Context[], context: number): number {
    for (let at = context; at !== noContext; at = contexts[at]!.outer) {
      const route = contexts[at]!.values[routeContext];
      if (route !== undefined) return this.#contextOfRoute(route);
    }
    return noContext;
  }

  #contextOfRoute(route: string): number {
    const kept = this.#byRoute.has(route) || this.#byRoute.size < mostRoutes ? route : 'other';
    let context = this.#byRoute.get(kept);
    if (context === undefined) {
      context = this.#contexts.push({ kind: routeContext, values: { route: kept }, outer: noContext }) - 1;
      this.#byRoute.set(kept, context);
    }
    return context;
  }
}

function copyOf(runs: Runs, contextOf: (context: number) => number): Runs {
  const copy = makeRuns();
  for (let run = 0; run < runs.stack.length; run++) {
    for (const key of ['thread', 'stack', 'flags', 'start', 'duration', 'samples'] as const)
      copy[key].push(runs[key].at(run));
    copy.context.push(contextOf(runs.context.at(run)));
  }
  return copy;
}
