import { routeContext } from '../model/context.js';
import { cpuShareOf, emptyStack, type Profile, RunFlag, type Runs } from '../model/profile.js';
import { contextFilter } from './context-values.js';
import { isIdle } from './idle.js';
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
  const hidesIdle = view.mode === 'wall' && !view.idle;
  const shows: Shows = {
    part: partByMode[view.mode],
    isIdle: hidesIdle
      ? (stack, thread) =>
          isIdle(profile, stack, view.idlePatterns, profile.threads[thread]?.isTask ? 'tasks' : 'threads')
      : () => false,
    hasLabel: view.label?.value === undefined ? undefined : contextFilter(profile, view.label),
    isOfRequest: view.request && requestFilter(profile, view.request),
  };
  const { threads, suspended } = profile;
  const weight = new ReusedWeight();
  const isOfRequests = isAboutRequests(view);
  visitRuns(view, runs, shows, weight, (at) => {
    // The same time is among the rows of suspended requests.
    if (isOfRequests && threads[at]?.isTask) return;
    weight.thread = at;
    weight.process = threads[at]?.process ?? -1;
    visit(weight);
  });
  if (runs !== profile.runs || !isOfRequests) return;
  visitRuns(view, suspended.runs, { ...shows, isIdle: () => false }, weight, (slot) => {
    weight.thread = -1 - slot;
    weight.process = suspended.processes[slot] ?? -1;
    visit(weight);
  });
}

/** Whether the time of requests counts that were on no thread. */
function isAboutRequests({ label, request }: ViewOptions): boolean {
  return request !== undefined || label?.key === routeContext;
}

interface Shows {
  readonly part: (flags: number) => number;
  readonly isIdle: (stack: number, thread: number) => boolean;
  readonly hasLabel: ((context: number) => boolean) | undefined;
  readonly isOfRequest: ((context: number) => boolean) | undefined;
}

/** Calls `visit` with the thread, or the slot, of each row that is shown; the rest is in the weight. */
function visitRuns(
  view: ViewOptions,
  { thread, stack, flags, context, duration, samples }: Runs,
  { part: partOfMode, isIdle, hasLabel, isOfRequest }: Shows,
  weight: ReusedWeight,
  visit: (member: number) => void,
): void {
  for (let run = 0; run < stack.length; run++) {
    const at = stack.at(run);
    if (at === emptyStack || isIdle(at, thread.at(run))) continue;
    const state = flags.at(run);
    const part = partOfMode(state);
    if (part === 0) continue;
    const of = context.at(run);
    if (hasLabel !== undefined && !hasLabel(of)) continue;
    if (isOfRequest !== undefined && !isOfRequest(of)) continue;
    const spent = duration.at(run);
    weight.run = run;
    weight.stack = at;
    weight.flags = state;
    weight.context = of;
    weight.time = spent * part;
    weight.waiting = isWaiting(state, view.mode) ? weight.time : 0;
    weight.wall = spent;
    weight.samples = samples.at(run) * part;
    visit(thread.at(run));
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
