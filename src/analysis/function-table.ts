import { PyglassError } from '../model/error.js';
import { emptyStack, type Profile, type Runs } from '../model/profile.js';
import { type Category, categoryOf } from './category.js';
import { hiddenFrames } from './hidden-frames.js';
import { frameLabel } from './labels.js';
import { leafStateOf, leafStates } from './run-states.js';
import { sameFunctions } from './same-functions.js';
import { atOnce, weightPieces } from './sample-weights.js';
import type { ViewOptions } from './view-options.js';

/** Where the time of one function, or of one line of it, went, in microseconds. */
export interface FunctionTime {
  /** Index into `Profile.functions`; below 0 for a state such as `<gc>`. */
  readonly function: number;
  /** Of the line that the entry stands for; 0 when it is for the whole function. */
  readonly line: number;
  /** A whole function is named at its first line, whatever lines the view shows. */
  readonly label: string;
  readonly category: Category;
  /** Time with the function anywhere on the stack, however often it occurs there. */
  totalTime: number;
  /** Time with the function innermost. */
  selfTime: number;
  /** The part of `selfTime` that was spent blocked in the kernel; 0 where that is not known. */
  waitingTime: number;
  samples: number;
}

export interface FunctionTable {
  /**
   * Time of all that the view shows: the sum of every function's `selfTime`, and what a view of application code alone
   * has no frame for.
   */
  readonly totalTime: number;
  readonly samples: number;
  /** The `count` functions with most self time, most first. */
  readonly rows: readonly FunctionTime[];
}

/**
 * Where time itself is spent: functions by self time, equal ones by total time. `runs` are those of the profile, or
 * folded ones (live/folded-runs.ts).
 */
export function functionTable(
  profile: Profile,
  view: ViewOptions,
  count: number,
  runs: Runs = profile.runs,
): FunctionTable {
  return atOnce(functionTablePieces(profile, view, count, runs));
}

/** The same in pieces, with a yield after each. */
export function functionTablePieces(
  profile: Profile,
  view: ViewOptions,
  count: number,
  runs: Runs = profile.runs,
): Generator<void, FunctionTable, void> {
  const { frames } = profile;
  const same = sameFunctions(profile);
  return tablePieces(profile, view, count, {
    runs,
    rowCount: profile.functions.length,
    rowOf: (frame) => {
      const fn = frames.function.at(frame);
      return same[fn] ?? fn;
    },
    entryFor: (frame) => {
      const lines = view.lines === 'none' ? 'none' : 'function';
      return emptyEntry(profile, frame, 0, { ...view, lines });
    },
  });
}

/** The same for lines: an entry for each line of a function that was seen. */
export function lineTable(
  profile: Profile,
  view: ViewOptions,
  count: number,
  runs: Runs = profile.runs,
): FunctionTable {
  return atOnce(lineTablePieces(profile, view, count, runs));
}

/** The same in pieces, with a yield after each. */
export function lineTablePieces(
  profile: Profile,
  view: ViewOptions,
  count: number,
  runs: Runs = profile.runs,
): Generator<void, FunctionTable, void> {
  const { frames } = profile;
  return tablePieces(profile, view, count, {
    runs,
    rowCount: frames.line.length,
    rowOf: (frame) => frame,
    entryFor: (frame) => emptyEntry(profile, frame, frames.line.at(frame), { ...view, lines: 'current' }),
  });
}

interface Grouping {
  readonly runs: Runs;
  /** Entries there may be, and which of them a frame belongs to. */
  readonly rowCount: number;
  readonly rowOf: (frame: number) => number;
  readonly entryFor: (frame: number) => FunctionTime;
}

/**
 * Every stack is visited once, however many lie above it: sums go from callees to callers first, and an entry takes the
 * sum of the outermost of its frames.
 */
function* tablePieces(
  profile: Profile,
  view: ViewOptions,
  count: number,
  grouping: Grouping,
): Generator<void, FunctionTable, void> {
  const { rowOf, entryFor } = grouping;
  const self = yield* sumByStack(profile, view, grouping.runs);
  const total = sumWithCallees(profile, self);
  const hidden = hiddenFrames(profile, view);
  const entries: (FunctionTime | undefined)[] = new Array(grouping.rowCount);
  const found: FunctionTime[] = [];
  const entryOf = (row: number, frame: number): FunctionTime => {
    let entry = entries[row];
    if (entry === undefined) {
      entry = entryFor(frame);
      entries[row] = entry;
      found.push(entry);
    }
    return entry;
  };

  const callees = calleeLists(profile, total.samples, total.time);
  // How often each row is on the way from the root, and the way itself, with the entry that takes the time of hidden
  // frames.
  const above = new Int32Array(grouping.rowCount);
  const way: { readonly stack: number; readonly row: number; readonly taker: FunctionTime | undefined }[] =
    [];
  let at = callees.first[emptyStack]!;
  yield;
  for (let step = 1; at !== emptyStack || way.length > 0; step++) {
    if (step % pieceLength === 0) yield;
    if (at === emptyStack) {
      const done = way.pop()!;
      if (done.row >= 0) above[done.row]!--;
      at = callees.next[done.stack]!;
      continue;
    }
    let taker = way.at(-1)?.taker;
    let row = -1;
    if (!hidden(at)) {
      const frame = profile.stacks.frame.at(at);
      row = rowOf(frame);
      taker = entryOf(row, frame);
      if (above[row]!++ === 0) {
        taker.totalTime += total.time[at]!;
        taker.samples += total.samples[at]!;
      }
    }
    if (taker !== undefined) {
      taker.selfTime += self.time[at]! - self.inLeafState[at]!;
      taker.waitingTime += self.waiting[at]!;
    }
    way.push({ stack: at, row, taker });
    at = callees.first[at]!;
  }
  found.push(...self.leafStates.filter((entry) => entry.samples > 0 || entry.totalTime > 0));
  found.sort(
    (a, b) =>
      b.selfTime - a.selfTime || b.totalTime - a.totalTime || a.function - b.function || a.line - b.line,
  );
  const { time, samples } = total;
  return { totalTime: time[emptyStack]!, samples: samples[emptyStack]!, rows: found.slice(0, count) };
}

/** Steps of a walk through all stacks: some 2 ms. */
const pieceLength = 20_000;

interface StackSums {
  readonly time: Float64Array;
  readonly samples: Float64Array;
}

interface SelfSums extends StackSums {
  /** The part of a stack's time that went into leafStates below its innermost frame. */
  readonly inLeafState: Float64Array;
  /** The part of what is left that was spent blocked. */
  readonly waiting: Float64Array;
  readonly leafStates: readonly FunctionTime[];
}

/** What a view counts, by stack. */
function* sumByStack(profile: Profile, view: ViewOptions, runs: Runs): Generator<void, SelfSums, void> {
  const stackCount = profile.stacks.frame.length;
  const sums = {
    time: new Float64Array(stackCount),
    waiting: new Float64Array(stackCount),
    samples: new Float64Array(stackCount),
    inLeafState: new Float64Array(stackCount),
    leafStates: leafStates.map((label, state) => leafStateEntry(label, state)),
  };
  yield* weightPieces(profile, view, runs, ({ stack, flags, time, waiting, samples }) => {
    sums.time[stack]! += time;
    sums.samples[stack]! += samples;
    const entry = sums.leafStates[leafStateOf(flags, view.mode)];
    if (entry === undefined) {
      sums.waiting[stack]! += waiting;
      return;
    }
    sums.inLeafState[stack]! += time;
    entry.selfTime += time;
    entry.totalTime += time;
    entry.samples += samples;
    entry.waitingTime += waiting;
  });
  return sums;
}

/** The sums of stacks and of all that were called from them; those of the empty stack are everything. */
function sumWithCallees({ stacks }: Profile, self: StackSums): StackSums {
  const time = self.time.slice();
  const samples = self.samples.slice();
  for (let stack = time.length - 1; stack > emptyStack; stack--) {
    const parent = stacks.parent.at(stack);
    if (parent >= stack) {
      throw new PyglassError('recording-damaged', 'A stack of the recording contains itself.', { stack });
    }
    time[parent]! += time[stack]!;
    samples[parent]! += samples[stack]!;
  }
  return { time, samples };
}

/**
 * For each stack the first of those that were called from it and have any time, and for each of these the next; 0 for
 * none.
 */
function calleeLists({ stacks }: Profile, samples: Float64Array, time: Float64Array) {
  const first = new Int32Array(samples.length);
  const next = new Int32Array(samples.length);
  for (let stack = samples.length - 1; stack > emptyStack; stack--) {
    if (samples[stack] === 0 && time[stack] === 0) continue;
    const parent = stacks.parent.at(stack);
    next[stack] = first[parent]!;
    first[parent] = stack;
  }
  return { first, next };
}

function emptyEntry(profile: Profile, frame: number, line: number, view: ViewOptions): FunctionTime {
  const fn = profile.frames.function.at(frame);
  const info = profile.functions[fn];
  return {
    function: fn,
    line,
    label: info === undefined ? '<unknown function>' : frameLabel(info, line, view),
    category: info === undefined ? 'synthetic' : categoryOf(info),
    totalTime: 0,
    selfTime: 0,
    waitingTime: 0,
    samples: 0,
  };
}

function leafStateEntry(label: string, state: number): FunctionTime {
  return {
    ...{ function: -1 - state, line: 0, label, category: 'synthetic' },
    ...{ totalTime: 0, selfTime: 0, waitingTime: 0, samples: 0 },
  };
}
