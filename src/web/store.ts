import type { ViewOptions } from '../analysis/view-options.js';
import type { Payload } from '../formats/html/payload-reader.js';
import { requestContext } from '../model/context.js';
import type { Profile } from '../model/profile.js';
import { onAddress, writeAddress } from './address.js';
import { Counted, CountedPart } from './counted.js';
import { hashOf, initialState, type PageState, stateOf, stateWithin } from './page-state.js';
import type { Timeline, TimelineChoice } from './timeline-data.js';
import { inNextTurn, oneTurn } from './turns.js';

/** Results of other choices that are kept, for those who go to and fro. */
const mostKept = 6;
/** Runs that are counted at once: some 20 ms. A page with more counts in pieces, and can be used meanwhile. */
const fewRuns = 50_000;

/** What was counted of a choice: of what the filters leave, and of all of its time and threads. */
interface Shown {
  readonly counted: Counted;
  readonly overTime: Counted;
}

/**
 * What the page shows: a recording, what the reader chose, and what was counted of it. A recording that grows
 * comes by `show` again and again. While a choice is counted, what was shown before stays.
 */
export class Store {
  readonly initial: PageState;
  #profile: Profile;
  readonly #view: ViewOptions;
  #state: PageState;
  #shown: Shown;
  #isReady = false;
  #routes: Counted['routes'] = [];
  /** What is being counted; `undefined`: nothing is. */
  #counting: Generator<void, void, void> | undefined;
  /** What the time line asked for last. */
  #choice: TimelineChoice | undefined;
  readonly #counted = new Map<string, Counted>();
  readonly #parts = new Map<string, CountedPart>();
  readonly #listeners = new Set<() => void>();

  constructor({ profile, view, answer }: Payload) {
    this.#profile = profile;
    this.#view = view;
    this.initial = initialState(view);
    this.whole.know(answer);
    this.#state = stateWithin(this.#profile, stateOf(location.hash, this.initial));
    // The answer of the whole is known: the first picture need not wait for another.
    this.#shown = this.#isSmall ? this.#wanted() : { counted: this.whole, overTime: this.whole };
    onAddress(() => this.#readAddress());
  }

  get profile(): Profile {
    return this.#profile;
  }

  get state(): PageState {
    return this.#state;
  }

  /** Of the whole recording, whatever is filtered. */
  get whole(): Counted {
    return this.#countedOf(this.initial);
  }

  /** What the filters leave. */
  get counted(): Counted {
    return this.#shown.counted;
  }

  /** The same of all of the time and of all threads: what a time line is of. */
  get overTime(): Counted {
    return this.#shown.overTime;
  }

  /** What is shown is of an earlier choice: the one that was made is being counted. */
  get isCounting(): boolean {
    return this.#counting !== undefined;
  }

  /** More than the answer was counted. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Nothing until it is counted; of a small recording that is at once. */
  timeline(choice: TimelineChoice): Timeline | undefined {
    this.#choice = choice;
    if (this.overTime.hasTimeline(choice) || this.#isSmall) return this.overTime.timeline(choice);
    // Not now, since the page is being made.
    if (this.#isReady && !this.isCounting) inNextTurn(() => this.#choice === choice && this.count());
    return this.overTime.lastTimeline;
  }

  /** Of the whole recording, as they were counted last. */
  get routes(): Counted['routes'] {
    return this.#routes;
  }

  /** Whether there are routes to show; before they are counted, whether there are requests. */
  get hasRoutes(): boolean {
    if (this.isReady) return this.#routes.length > 0;
    return this.#profile.contexts.some(({ kind }) => kind === requestContext);
  }

  /** `isOther`: of another recording, so that indices of the one before mean nothing. */
  show(profile: Profile, isOther = false): void {
    this.#profile = profile;
    this.#counted.clear();
    this.#parts.clear();
    if (isOther) {
      this.#state = { ...this.#state, process: -1, thread: -1, fn: -1, range: undefined };
      this.#shown = this.#wanted();
    }
    this.count();
  }

  /** `step`: the reader may go back to what was before. */
  set(change: Partial<PageState>, step = false): void {
    this.#state = { ...this.#state, ...change };
    writeAddress(hashOf(this.#state, this.initial), step);
    this.count();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Counts what the choice needs, then shows it; at once where that is little. */
  count(): void {
    const counting = this.#pieces();
    this.#counting = counting;
    if (this.#isSmall) while (!counting.next().done);
    this.#goOn(counting);
    this.#changed();
  }

  /** As long as it may; the rest after the browser had its turn. */
  #goOn(counting: Generator<void, void, void>): void {
    if (oneTurn(counting).done) {
      this.#counting = undefined;
      return;
    }
    inNextTurn(() => {
      // Another choice was made.
      if (this.#counting !== counting) return;
      this.#goOn(counting);
      // To paint it takes as long as a piece.
      if (!this.isCounting) inNextTurn(() => this.#changed());
    });
  }

  *#pieces(): Generator<void, void, void> {
    const shown = this.#wanted();
    yield* shown.counted.count(this.#state);
    yield* this.whole.countRoutes();
    const { routes } = this.whole;
    // The page may have become wider meanwhile.
    while (this.#choice !== undefined && !shown.overTime.hasTimeline(this.#choice))
      yield* shown.overTime.countTimeline(this.#choice);
    this.#shown = shown;
    this.#routes = routes;
    this.#isReady = true;
  }

  #wanted(): Shown {
    return {
      counted: this.#countedOf(this.#state),
      overTime: this.#countedOf({ ...this.#state, thread: -1, route: undefined, range: undefined }),
    };
  }

  get #isSmall(): boolean {
    return this.#profile.runs.stack.length <= fewRuns;
  }

  #readAddress(): void {
    if (location.hash.slice(1) === hashOf(this.#state, this.initial)) return;
    this.#state = stateWithin(this.#profile, stateOf(location.hash, this.initial));
    this.count();
  }

  #countedOf(state: PageState): Counted {
    const { process, thread, route, range, mode, idle, lines, applicationOnly } = state;
    const part = kept(
      this.#parts,
      JSON.stringify([process, thread, range]),
      () => new CountedPart(this.#profile, state),
    );
    const key = JSON.stringify([process, thread, route, range, mode, idle, lines, applicationOnly]);
    return kept(this.#counted, key, () => new Counted(part, this.#view, state));
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What is known of a key, or made; the one used last is the last to go. */
function kept<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  const [oldest] = known.keys();
  if (!known.delete(key) && oldest !== undefined && known.size >= mostKept) known.delete(oldest);
  known.set(key, value);
  return value;
}
