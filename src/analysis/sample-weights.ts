import { routeContext } from '../model/context.js';
import { cpuShareOf, emptyStack, type Profile, RunFlag, type Runs } from '../model/profile.js';
import { contextFilter } from './context-values.js';
import { idleStacks } from './idle.js';
import { requestFilter } from './request-filter.js';
import { isWaiting } from './run-states.js';
import type { ViewOptions } from './view-options.js';

/**
 * What a view counts of one row of runs: how much of its time, by thread, stack, state and context. This is the one way
 * of counting: every view adds these up, each by what it shows. Times are microseconds.
 */
export interface SampleWeight {
  /** The row, for those who want to know when: of `Profile.suspended` where `thread` is below 0. */
  readonly run: number;
  /** Index into `Profile.threads`; below 0, a task that was suspended: -1 less its slot. */
  readonly thread: number;
  /** Index into `Profile.processes`; -1: it is not known. */
  readonly process: number;
  /** Index into `Profile.stacks`; never the empty one. */
  readonly stack: number;
  /** Bits of `RunFlag`, and the share of a CPU. */
  readonly flags: number;
  /** Index into `Profile.contexts`. */
  readonly context: number;
  /** The time that the view shows: wall time, or the part of it that its mode is about. Above 0, or `samples` is. */
  readonly time: number;
  /** All of `time` or none: whether it is known that the thread was blocked. */
  readonly waiting: number;
  /** Time on a CPU, in every mode. */
  readonly cpu: number;
  /** In mode `cpu` the part of them that `time` is of the wall time. */
  readonly samples: number;
}

/**
 * Calls `visit` for each row of `runs` of which the view shows anything. These are the runs of the profile, or folded
 * ones (live/folded-runs.ts). The object is the same each time, so it is not to be kept.
 *
 * Runs without frames are in no view. Only in wall mode is an idle thread left out: what it spends of a CPU or of the
 * GIL, it does not spend waiting for work. Where a view is about requests, those count whose tasks were suspended: the
 * rows of `Profile.suspended` come after the others.
 */
export function eachWeight(
  profile: Profile,
  view: ViewOptions,
  runs: Runs,
  visit: (weight: SampleWeight) => void,
): void {
  atOnce(weightPieces(profile, view, runs, visit));
}

/** The same in pieces, with a yield after each. */
export function* weightPieces(
  profile: Profile,
  view: ViewOptions,
  runs: Runs,
  visit: (weight: SampleWeight) => void,
): Generator<void, void, void> {
  const hidesIdle = view.mode === 'wall' && !view.idle;
  const shows: Shows = {
    part: partByMode[view.mode],
    isIdle: hidesIdle ? idleIn(profile, view) : undefined,
    hasLabel: view.label?.value === undefined ? undefined : contextFilter(profile, view.label),
    isOfRequest: view.request && requestFilter(profile, view.request),
  };
  const { threads, suspended } = profile;
  const weight = new ReusedWeight();
  const isOfRequests = isAboutRequests(view);
  const visitThread = (at: number) => {
    // The same time is among the rows of suspended requests.
    if (isOfRequests && threads[at]?.isTask) return;
    weight.thread = at;
    weight.process = threads[at]?.process ?? -1;
    visit(weight);
  };
  for (const rows of piecesOf(runs)) {
    visitRuns(view, runs, { ...shows, ...rows }, weight, visitThread);
    yield;
  }
  if (runs !== profile.runs || !isOfRequests) return;
  const visitSlot = (slot: number) => {
    weight.thread = -1 - slot;
    weight.process = suspended.processes[slot] ?? -1;
    visit(weight);
  };
  for (const rows of piecesOf(suspended.runs)) {
    visitRuns(view, suspended.runs, { ...shows, ...rows, isIdle: undefined }, weight, visitSlot);
    yield;
  }
}

/** Whether a stack of a thread, or of a task's row, is idle. */
function idleIn(profile: Profile, { idlePatterns }: ViewOptions): (stack: number, thread: number) => boolean {
  const { threads } = profile;
  const ofThreads = idleStacks(profile, idlePatterns);
  if (!threads.some(({ isTask }) => isTask)) return ofThreads;
  const ofTasks = idleStacks(profile, idlePatterns, 'tasks');
  return (stack, thread) => (threads[thread]?.isTask ? ofTasks(stack) : ofThreads(stack));
}

/** Whether the time of requests counts that were on no thread. */
function isAboutRequests({ label, request }: ViewOptions): boolean {
  return request !== undefined || label?.key === routeContext;
}

/** Those from one row on up to another. */
interface Rows {
  readonly from: number;
  readonly to: number;
}

interface Shows {
  readonly part: (flags: number) => number;
  readonly isIdle: ((stack: number, thread: number) => boolean) | undefined;
  readonly hasLabel: ((context: number) => boolean) | undefined;
  readonly isOfRequest: ((context: number) => boolean) | undefined;
}

/**
 * Calls `visit` with the thread, or the slot, of each row that is shown; the rest is in the weight. Of the numbers
 * themselves: this is most of what a view costs.
 */
function visitRuns(
  view: ViewOptions,
  runs: Runs,
  { part: partOfMode, isIdle, hasLabel, isOfRequest, from, to }: Shows & Rows,
  weight: ReusedWeight,
  visit: (member: number) => void,
): void {
  const [threads, stacks, flags] = [runs.thread.values, runs.stack.values, runs.flags.values];
  const [contexts, durations, samples] = [runs.context.values, runs.duration.values, runs.samples.values];
  for (let run = from; run < to; run++) {
    const at = stacks[run]!;
    if (at === emptyStack || isIdle?.(at, threads[run]!)) continue;
    const state = flags[run]!;
    const part = partOfMode(state);
    if (part === 0) continue;
    const of = contexts[run]!;
    if (hasLabel !== undefined && !hasLabel(of)) continue;
    if (isOfRequest !== undefined && !isOfRequest(of)) continue;
    const spent = durations[run]!;
    weight.run = run;
    weight.stack = at;
    weight.flags = state;
    weight.context = of;
    weight.time = spent * part;
    weight.waiting = isWaiting(state, view.mode) ? weight.time : 0;
    weight.wall = spent;
    weight.samples = samples[run]! * part;
    visit(threads[run]!);
  }
}

/** Fields that begin as fractions stay numbers of that kind: V8 would make others anew in the middle of the loop. */
class ReusedWeight implements SampleWeight {
  run = 0;
  thread = 0;
  process = 0;
  stack = 0;
  flags = 0;
  context = 0;
  time = 0.5;
  waiting = 0.5;
  wall = 0.5;
  samples = 0.5;

  /** Counted when it is asked for: most views have no use for it. */
  get cpu(): number {
    return this.wall * cpuShareOf(this.flags);
  }
}

/** How much of a run each mode shows, 0 to 1. */
const partByMode: Readonly<Record<ViewOptions['mode'], (flags: number) => number>> = {
  wall: () => 1,
  cpu: cpuShareOf,
  gil: (flags) => ((flags & RunFlag.holdsGil) === 0 ? 0 : 1),
  'gil-wait': (flags) => ((flags & RunFlag.waitsForGil) === 0 ? 0 : 1),
};

/** All wall time (microseconds) and all samples of runs, whether a view shows them or not. */
export function wholeOfRuns({ duration, samples }: Runs): {
  readonly time: number;
  readonly samples: number;
} {
  const whole = { time: 0, samples: 0 };
  for (let run = 0; run < duration.length; run++) {
    whole.time += duration.at(run);
    whole.samples += samples.at(run);
  }
  return whole;
}

/**
 * Rows of a piece of a long count: 3 ms, or 15 on a machine that is busy with others. Those who count in pieces look at
 * the clock after each; a piece as long as a picture (200,000 rows) kept a page from hearing for up to 250 ms.
 */
export const rowsOfPiece = 25_000;

/** All rows in pieces; at least one, which may be empty. */
export function* piecesOf(runs: Runs): Generator<Rows, void, void> {
  for (let from = 0; from === 0 || from < runs.stack.length; from += rowsOfPiece)
    yield { from, to: Math.min(from + rowsOfPiece, runs.stack.length) };
}

/** The result of a count in pieces, all of them at once. */
export function atOnce<T>(pieces: Generator<void, T, void>): T {
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
}
