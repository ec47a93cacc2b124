import { routeContext } from '../../model/context.js';
import { makeRuns, type Profile, type Runs } from '../../model/profile.js';
import { type OtherCpu, otherCpu } from '../other-threads.js';
import { routePattern } from '../request-filter.js';
import { FoldedRuns } from './folded-runs.js';
import { type LiveRoute, LiveRoutes } from './live-routes.js';

/** What sampling has counted since it began. */
export interface SamplingCounts {
  readonly samples: number;
  readonly ticks: number;
  readonly missed: number;
  readonly torn: number;
  readonly truncated: number;
  readonly wallSeconds: number;
}

const noCounts: SamplingCounts = { samples: 0, ticks: 0, missed: 0, torn: 0, truncated: 0, wallSeconds: 0 };

/** A look at a growing recording. Times are microseconds. */
export interface LiveData {
  /** The tables that the runs below refer to; they may grow. */
  readonly profile: Profile;
  /** Folded runs since the start or the last reset, and how long ago that was. */
  readonly totals: Runs;
  readonly elapsed: number;
  /** Folded runs of the last few seconds, and how many these are. */
  readonly window: Runs;
  readonly windowTime: number;
  /** One run for each thread that there is: what it was doing last. */
  readonly now: Runs;
  /** By run of `now`: the route of the request that the thread has in hand; null is one that is not known. */
  readonly nowRoutes: readonly (string | null | undefined)[];
  /** Most time first. */
  readonly routes: readonly LiveRoute[];
  /** CPU time of threads that run no Python, since the start or the last reset. */
  readonly other: OtherCpu;
  /** Since the start or the last reset. */
  readonly counts: SamplingCounts;
  /** Samples a second over the last few seconds, of each thread. */
  readonly rate: number;
}

const noOther: OtherCpu = { time: 0, names: [] };

interface Slice {
  readonly from: number;
  readonly folded: FoldedRuns;
  /** At its beginning. */
  readonly counts: SamplingCounts;
}

/**
 * Totals and the last few seconds of a recording that grows and whose runs are forgotten: its size follows from the
 * number of different stacks, not from how long it goes on.
 */
export class LiveProfile {
  readonly #profile: Profile;
  readonly #longest: number;
  readonly #label: string | undefined;
  readonly #isOfRoute: ((route: string) => boolean) | undefined;
  readonly #routes: LiveRoutes;
  readonly #totals: FoldedRuns;
  #slices: Slice[] = [];
  #since = 0;
  #lastTime = 0;
  #counts = noCounts;
  #countsBefore = noCounts;
  #otherBefore = noOther;
  #now = makeRuns();
  #nowRoutes: LiveData['nowRoutes'] = [];

  /**
   * `window`: how many microseconds the last few seconds are; infinite for all since the start. `label`: the key of
   * contexts by whose values time is to be told apart. `route`: only time of requests of this route, where `*` stands
   * for anything.
   */
  constructor(profile: Profile, window: number, label?: string, route?: string) {
    this.#profile = profile;
    this.#longest = window;
    this.#label = label;
    this.#isOfRoute = route === undefined ? undefined : routePattern(route);
    this.#routes = new LiveRoutes(profile);
    this.#totals = new FoldedRuns(profile, label);
  }

  /** Takes in what the profile's runs hold; `forget` is to empty them but for those that go on. */
  take(counts: SamplingCounts, forget: () => void): void {
    const { runs, duration } = this.#profile;
    this.#routes.take(this.#profile);
    const byRoute = this.#label === routeContext;
    const folded = new FoldedRuns(this.#profile, this.#label, (at) => this.#routes.lastingOf(at, byRoute));
    folded.add(runs, (context) => this.#isShown(context));
    this.#totals.add(folded.runs);
    const first = this.#slices[0];
    if (first && this.#longest === Number.POSITIVE_INFINITY) first.folded.add(folded.runs);
    else this.#slices.push({ from: this.#lastTime, folded, counts: this.#counts });
    const oldest = duration - this.#longest;
    this.#slices = this.#slices.filter(
      ({ from }, index) => from >= oldest || index === this.#slices.length - 1,
    );
    this.#lastTime = duration;
    this.#counts = counts;
    forget();
    this.#now = copyRuns(runs);
    this.#nowRoutes = Array.from({ length: runs.context.length }, (_, run) => {
      const route = this.#routes.routeOf(runs.context.at(run));
      return route && (route.name ?? null);
    });
  }

  #isShown(context: number): boolean {
    if (this.#isOfRoute === undefined) return true;
    const route = this.#routes.routeOf(context);
    return route !== undefined && this.#isOfRoute(route.name ?? '');
  }

  /** Begins anew. */
  reset(): void {
    this.#routes.reset();
    this.#totals.clear();
    this.#slices = [];
    this.#since = this.#lastTime;
    this.#countsBefore = this.#counts;
    this.#otherBefore = otherCpu(this.#profile);
  }

  /** `frozen`: a copy that stays as it is. */
  data(frozen = false): LiveData {
    const window = new FoldedRuns(this.#profile, this.#label);
    for (const slice of this.#slices) window.add(slice.folded.runs);
    const first = this.#slices[0];
    const seconds = this.#counts.wallSeconds - (first?.counts.wallSeconds ?? 0);
    return {
      profile: this.#profile,
      totals: frozen ? this.#totals.copy().runs : this.#totals.runs,
      elapsed: this.#lastTime - this.#since,
      window: window.runs,
      windowTime: this.#lastTime - (first?.from ?? this.#lastTime),
      now: this.#now,
      nowRoutes: this.#nowRoutes,
      routes: this.#routes.data(this.#isOfRoute),
      other: otherSince(otherCpu(this.#profile), this.#otherBefore),
      counts: difference(this.#counts, this.#countsBefore),
      rate: first && seconds > 0 ? (this.#counts.ticks - first.counts.ticks) / seconds : 0,
    };
  }
}

function difference(a: SamplingCounts, b: SamplingCounts): SamplingCounts {
  return {
    samples: a.samples - b.samples,
    ticks: a.ticks - b.ticks,
    missed: a.missed - b.missed,
    torn: a.torn - b.torn,
    truncated: a.truncated - b.truncated,
    wallSeconds: a.wallSeconds - b.wallSeconds,
  };
}

function otherSince(now: OtherCpu, before: OtherCpu): OtherCpu {
  const used = (of: string) => before.names.find(({ name }) => name === of)?.time ?? 0;
  const names = now.names.map(({ name, time }) => ({ name, time: time - used(name) }));
  return {
    time: now.time - before.time,
    names: names.filter(({ time }) => time > 0).sort((a, b) => b.time - a.time),
  };
}

function copyRuns(from: Runs): Runs {
  const copy = makeRuns();
  for (let run = 0; run < from.stack.length; run++) {
    copy.thread.push(from.thread.at(run));
    copy.stack.push(from.stack.at(run));
    copy.flags.push(from.flags.at(run));
    copy.context.push(from.context.at(run));
    copy.start.push(from.start.at(run));
    copy.duration.push(from.duration.at(run));
    copy.samples.push(from.samples.at(run));
  }
  return copy;
}
