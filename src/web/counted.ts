import { buildCallTree, callTreePieces } from '../analysis/call-tree.js';
import { countsFolded, foldPieces, foldRuns } from '../analysis/fold-runs.js';
import {
  type FunctionTable,
  functionTable,
  functionTablePieces,
  lineTable,
  lineTablePieces,
} from '../analysis/function-table.js';
import { type Part, partOfProfile, partPieces } from '../analysis/part-of-profile.js';
import { type Route, routePieces, routesOf } from '../analysis/routes.js';
import { sameFunctions } from '../analysis/same-functions.js';
import type { ViewOptions } from '../analysis/view-options.js';
import { type Answer, answerOf, answerPieces } from '../formats/html/answer.js';
import type { Profile, Runs } from '../model/profile.js';
import { FrameTree } from './frame-tree.js';
import { MergedTree } from './merged-tree.js';
import type { PageState } from './page-state.js';
import { type Timeline, type TimelineChoice, timelineOf, timelinePieces } from './timeline-data.js';

/** Results that are made when they are asked for first. */
class Results {
  readonly #made = new Map<string, unknown>();

  once<T>(key: string, make: () => T): T {
    if (!this.#made.has(key)) this.#made.set(key, make());
    return this.#made.get(key) as T;
  }

  has(key: string): boolean {
    return this.#made.has(key);
  }

  know(key: string, value: unknown): void {
    this.#made.set(key, value);
  }
}

/** What the filters by process, thread and time leave: what several views have in common. */
export class CountedPart {
  readonly results = new Results();
  readonly #whole: Profile;
  readonly #state: PageState;

  constructor(whole: Profile, state: PageState) {
    this.#whole = whole;
    this.#state = state;
  }

  /** The recording as if nothing else had been sampled. */
  get profile(): Profile {
    return this.results.once('profile', () => partOfProfile(this.#whole, this.#wanted));
  }

  get #wanted(): Part {
    const { process, thread, range } = this.#state;
    return {
      process: process < 0 ? undefined : process,
      thread: thread < 0 ? undefined : thread,
      range,
    };
  }

  /** Rows of tasks are idle by patterns of their own, and what is folded is of no thread. */
  get mayFold(): boolean {
    return !this.#whole.threads.some(({ isTask }) => isTask);
  }

  /** Counts the profile, and its runs added up where they are wanted, a piece at a time. */
  *count(isFolded: boolean): Generator<void, void, void> {
    const { results } = this;
    if (!results.has('profile')) results.know('profile', yield* partPieces(this.#whole, this.#wanted));
    const { runs, stacks } = this.profile;
    if (isFolded && !results.has('folded'))
      results.know('folded', yield* foldPieces(runs, stacks.frame.length));
  }

  /** Its runs added up: see `countsFolded`. */
  get folded(): Runs {
    return this.results.once('folded', () => foldRuns(this.profile.runs, this.profile.stacks.frame.length));
  }
}

/**
 * What the filters leave of a recording, counted by the code that every format is counted by. Each result is made when
 * it is asked for first.
 */
export class Counted {
  readonly view: ViewOptions;
  readonly #part: CountedPart;
  readonly #results = new Results();
  readonly #answer: string;
  #timeline: { readonly key: string; readonly timeline: Timeline } | undefined;

  constructor(part: CountedPart, view: ViewOptions, state: PageState) {
    const { route, mode, idle, lines, applicationOnly } = state;
    const request = route === undefined ? view.request : { ...view.request, route };
    this.view = { ...view, request, mode, idle, lines, applicationOnly };
    this.#part = part;
    // Neither the mode nor lines make a difference to it.
    this.#answer = `answer ${JSON.stringify([route, idle, applicationOnly])}`;
  }

  get profile(): Profile {
    return this.#part.profile;
  }

  /** What to count: folded where that makes no difference. */
  get runs(): Runs {
    return this.#isFolded ? this.#part.folded : this.profile.runs;
  }

  get #isFolded(): boolean {
    return this.#part.mayFold && countsFolded(this.view);
  }

  /** What was found out before. */
  know(answer: Answer): void {
    this.#part.results.know(this.#answer, answer);
  }

  get answer(): Answer {
    return this.#part.results.once(this.#answer, () => answerOf(this.profile, this.view, this.runs));
  }

  /** All functions that are shown. */
  get functions(): FunctionTable {
    return this.#once('functions', () => functionTable(...this.#rows));
  }

  get lines(): FunctionTable {
    return this.#once('lines', () => lineTable(...this.#rows));
  }

  /** What a table with all of its rows is of. */
  get #rows() {
    return [this.profile, this.view, Number.POSITIVE_INFINITY, this.runs] as const;
  }

  get routes(): readonly Route[] {
    return this.#once('routes', () => routesOf(this.profile, this.view));
  }

  /** For each function the first one that is the same. */
  get same(): Int32Array {
    return sameFunctions(this.profile);
  }

  get tree(): FrameTree {
    return this.#once('tree', () => FrameTree.of(this.#callTree, this.profile, this.same));
  }

  get #callTree() {
    return this.#once('callTree', () => buildCallTree(this.profile, this.view, this.runs));
  }

  get inverted(): MergedTree {
    return this.#once('inverted', () => MergedTree.inverted(this.tree));
  }

  callersOf(fn: number): MergedTree {
    return this.#once(`callers ${fn}`, () =>
      MergedTree.ofFunction(this.tree, this.same[fn] ?? fn, 'callers'),
    );
  }

  calleesOf(fn: number): MergedTree {
    return this.#once(`callees ${fn}`, () =>
      MergedTree.ofFunction(this.tree, this.same[fn] ?? fn, 'callees'),
    );
  }

  /** Over time; the one asked for last is kept. */
  timeline(choice: TimelineChoice): Timeline {
    const key = JSON.stringify(choice);
    if (this.#timeline?.key !== key)
      this.#timeline = { key, timeline: timelineOf(this.profile, this.view, choice) };
    return this.#timeline.timeline;
  }

  /** Whether it need not be counted. */
  hasTimeline(choice: TimelineChoice): boolean {
    return this.#timeline?.key === JSON.stringify(choice);
  }

  /** That of the choice before, for the time in which this one is counted. */
  get lastTimeline(): Timeline | undefined {
    return this.#timeline?.timeline;
  }

  *countTimeline(choice: TimelineChoice): Generator<void, void, void> {
    if (this.hasTimeline(choice)) return;
    const key = JSON.stringify(choice);
    yield* this.#part.count(false);
    this.#timeline = { key, timeline: yield* timelinePieces(this.profile, this.view, choice) };
  }

  /** Counts what these views need, a piece at a time: a yield after each. */
  *count({ tab, inverted, search, fn }: PageState): Generator<void, void, void> {
    yield* this.#part.count(this.#isFolded);
    yield* this.#countAnswer();
    if (tab === 'functions' || tab === 'function')
      yield* this.#know('functions', () => functionTablePieces(...this.#rows));
    if (tab === 'routes') yield* this.countRoutes();
    if (tab !== 'flame' && tab !== 'function' && search === '') return;
    yield* this.#know('callTree', () => callTreePieces(this.profile, this.view, this.runs));
    yield* this.#know('tree', () => FrameTree.pieces(this.#callTree, this.profile, this.same));
    if (tab === 'flame' && inverted)
      yield* this.#know('inverted', () => MergedTree.invertedPieces(this.tree));
    if (tab !== 'function') return;
    yield* this.#know('lines', () => lineTablePieces(...this.#rows));
    void this.callersOf(this.functionShown(fn));
    yield;
    void this.calleesOf(this.functionShown(fn));
  }

  countRoutes(): Generator<void, void, void> {
    return this.#know('routes', () => routePieces(this.profile, this.view));
  }

  *#countAnswer(): Generator<void, void, void> {
    const { results } = this.#part;
    if (results.has(this.#answer)) return;
    results.know(this.#answer, yield* answerPieces(this.profile, this.view, this.runs));
    yield;
  }

  /** The function that is looked at: without a choice, where most time is; -1: there is none. */
  functionShown(fn: number): number {
    if (fn >= 0) return fn;
    const { hottest } = this.answer;
    return hottest >= 0 ? hottest : (this.functions.rows[0]?.function ?? -1);
  }

  /** What is not known yet, a piece at a time. */
  *#know<T>(key: string, pieces: () => Generator<void, T, void>): Generator<void, void, void> {
    if (this.#results.has(key)) return;
    this.#results.know(key, yield* pieces());
    yield;
  }

  #once<T>(key: string, make: () => T): T {
    return this.#results.once(key, make);
  }
}
