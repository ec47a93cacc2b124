import { Column } from '../model/column.js';
import { PairTable } from '../model/pair-table.js';
import { emptyStack, type Profile, RunFlag, type Runs } from '../model/profile.js';
import { type CodeLocation, codeLocationsOf } from './code-locations.js';
import { type FunctionTable, functionTable } from './function-table.js';
import { holderPieces } from './gil-holders.js';
import { functionName } from './labels.js';
import { isStateKnown, isWaitingForGil, leafStates } from './run-states.js';
import { atOnce, eachWeight, type SampleWeight, weightPieces, wholeOfRuns } from './sample-weights.js';
import { StackPairs } from './stack-pairs.js';
import { areStatesKnown } from './unknown-cpu.js';
import type { Mode, ViewOptions } from './view-options.js';
import { type Sums, WeightSums } from './weight-sums.js';

/** The data of a summary. Times are microseconds, functions indices into `Profile.functions`; -1 is not known. */
export interface Summary {
  /** False when the recording does not say what threads did: then times of states are 0, which means nothing. */
  readonly statesKnown: boolean;
  readonly time: Times;
  /** Functions of application code by the time in them and in what they call outside of it, most first. */
  readonly applicationFunctions: readonly ApplicationFunction[];
  /**
   * By CPU time; by all time where states are not known. This, and the two that follow, are counted when they are
   * read: the sentence at the end of `record` has no use for them.
   */
  readonly busiest: FunctionTable;
  /** Waits by all their time, most first; without those for the GIL. */
  readonly waits: readonly Wait[];
  /** Who held the GIL while others waited for it, by the time that they waited. */
  readonly gilHolders: readonly { readonly function: number; readonly time: number }[];
  /** Lines of application code, most time first; of any Python code where there is none. */
  readonly lines: readonly LineTime[];
}

export interface Times {
  /** Of all threads together, without idle ones unless the view shows them. The other times are parts of it. */
  shown: number;
  cpu: number;
  waiting: number;
  /** A part of `waiting`. */
  gilWaiting: number;
  collecting: number;
  /** When it is not known what threads did: none of the above. */
  unknown: number;
  /** In threads that served a request. */
  request: number;
  /** Not shown: idle, without any Python, or without the label that the view is about. */
  notShown: number;
}

export interface ApplicationFunction {
  readonly function: number;
  time: number;
  cpu: number;
  waiting: number;
  /** What it did then is not known. */
  unknown: number;
  request: number;
  /** The function that most of its waiting was in, and how much: `gil` stands for no function. */
  waitedIn: { readonly function: number; readonly time: number } | undefined;
}

export interface Wait {
  /** Of application code, or the innermost of Python. */
  readonly function: number;
  /** What it waited in; the same as `function` when there is nothing below. */
  readonly in: number;
  time: number;
  /** The longest single stretch, of one thread; 0: only tasks waited, and looks at them say nothing of stretches. */
  longest: number;
}

export interface LineTime {
  readonly function: number;
  readonly line: number;
  time: number;
  waiting: number;
}

/** In `waitedIn`: the GIL, not a function. */
export const gil = -2;

/**
 * Pure: a recording, and how it is to be looked at. Its mode makes no difference: a summary covers all of them. `runs`
 * are those of the profile, or folded ones (fold-runs.ts); what is about when, is about those of the profile.
 */
export function summarize(profile: Profile, options: ViewOptions, runs: Runs = profile.runs): Summary {
  return atOnce(summaryPieces(profile, options, runs));
}

/** Stacks and states of a piece: some 2 ms. */
const pieceLength = 4000;

/** By what functions are the busiest: CPU time, where it is known. */
export function modeOfBusiest(statesKnown: boolean): Mode {
  return statesKnown ? 'cpu' : 'wall';
}

/** The same in pieces, with a yield after each. */
export function* summaryPieces(
  profile: Profile,
  options: ViewOptions,
  runs: Runs = profile.runs,
): Generator<void, Summary, void> {
  const view: ViewOptions = { ...options, mode: 'wall' };
  const locationOf = codeLocationsOf(profile);
  const time: Times = {
    ...{ shown: 0, cpu: 0, waiting: 0, gilWaiting: 0 },
    ...{ collecting: 0, unknown: 0, request: 0, notShown: 0 },
  };
  const functions = new ApplicationTimes(profile.functions.length);
  const lines = new LineTimes();
  const pythonLines = new LineTimes();
  // What is the same of many runs is looked at once.
  const sums = new WeightSums(new StackPairs(profile.stacks.frame.length));
  const addWeight = (weight: SampleWeight) => sums.add(weight.stack, weight.flags, weight);
  yield* weightPieces(profile, view, runs, addWeight);
  const addSums = (stack: number, flags: number, sums: Sums) => {
    const location = locationOf(stack);
    const part = partOf(flags, sums, location);
    addTime(time, part);
    if (location.isApplication) functions.add(part, location);
    (location.isApplication ? lines : pythonLines).add(location, part);
  };
  for (let from = 0; from < sums.size; from += pieceLength) {
    sums.each(addSums, from, from + pieceLength);
    yield;
  }
  // What is shown may be of suspended tasks, which are on no thread.
  time.notShown = Math.max(0, wholeOfRuns(runs).time - time.shown);
  const statesKnown = areStatesKnown(profile);
  const mode = modeOfBusiest(statesKnown);
  const busiest = once(() => functionTable(profile, { ...view, mode }, Number.POSITIVE_INFINITY, runs));
  const waits = once(() => waitsOf(profile, view, locationOf));
  const gilHolders = once(() => atOnce(gilHolderPieces(profile, view, locationOf)));
  return {
    statesKnown,
    time,
    applicationFunctions: functions.list(),
    get busiest() {
      return busiest();
    },
    get waits() {
      return waits();
    },
    get gilHolders() {
      return gilHolders();
    },
    lines: (lines.list.length > 0 ? lines : pythonLines).list.sort(
      (a, b) => b.time - a.time || a.function - b.function || a.line - b.line,
    ),
  };
}

type LocationOf = (stack: number) => CodeLocation;

function waitsOf(profile: Profile, view: ViewOptions, locationOf: LocationOf): Wait[] {
  const waits = new WaitsByLocation();
  eachWeight(profile, view, profile.runs, ({ stack, thread, run, waiting, flags, time, samples }) => {
    if (waiting <= 0 || (thread >= 0 && isWaitingForGil(flags, 'wall'))) return;
    const { start } = thread < 0 ? profile.suspended.runs : profile.runs;
    const isTask = profile.threads[thread]?.isTask === true;
    const count = (flags & RunFlag.woke) === 0 ? undefined : Math.max(1, samples);
    waits.add(locationOf(stack), { thread, start: start.at(run), time, isTask, count });
  });
  return waits.list();
}

/** `Summary.gilHolders` in pieces, with a yield after each. */
export function* gilHolderPieces(
  profile: Profile,
  options: ViewOptions,
  locationOf: LocationOf = codeLocationsOf(profile),
): Generator<void, Summary['gilHolders'], void> {
  const view: ViewOptions = { ...options, mode: 'wall' };
  // By run: whether it is shown and waits for the GIL.
  const forGil = new Uint8Array(profile.runs.stack.length);
  const note = ({ thread, run, waiting, flags }: SampleWeight) => {
    if (waiting > 0 && thread >= 0 && isWaitingForGil(flags, 'wall')) forGil[run] = 1;
  };
  yield* weightPieces(profile, view, profile.runs, note);
  const holders = yield* holderPieces(
    profile,
    (run) => forGil[run] === 1,
    (at) => (at === emptyStack ? -1 : locationOf(at).innermost),
  );
  return [...holders]
    .map(([fn, held]) => ({ function: fn, time: held }))
    .sort((a, b) => b.time - a.time || a.function - b.function);
}

/** What runs of one stack and state add to the sums, microseconds each. */
interface Part {
  readonly spent: number;
  readonly cpu: number;
  /** All of it or none. */
  readonly waiting: number;
  readonly forGil: boolean;
  readonly collecting: number;
  readonly unknown: number;
  readonly request: number;
}

function partOf(flags: number, { time, waiting, cpu }: Sums, { inRequest }: CodeLocation): Part {
  return {
    spent: time,
    cpu,
    waiting,
    forGil: isWaitingForGil(flags, 'wall'),
    collecting: (flags & RunFlag.collecting) === 0 ? 0 : time,
    unknown: isStateKnown(flags) ? 0 : time,
    request: inRequest ? time : 0,
  };
}

function addTime(time: Times, part: Part): void {
  time.shown += part.spent;
  time.unknown += part.unknown;
  time.cpu += part.cpu;
  time.waiting += part.waiting;
  if (part.forGil) time.gilWaiting += part.spent;
  time.collecting += part.collecting;
  time.request += part.request;
}

/** Numbers of a function, one after another: those of `ApplicationFunction`. */
const timesWidth = 5;

/** Times by function, in columns: there are as many parts to add as different stacks and states. */
class ApplicationTimes {
  readonly #times: Float64Array;
  /** In order of first sight. */
  readonly #seen: number[] = [];
  readonly #isSeen: Uint8Array;
  /** By function and what it waited in. */
  readonly #waits = new PairTable();
  readonly #waited = Column.float64();

  constructor(functions: number) {
    this.#times = new Float64Array(functions * timesWidth);
    this.#isSeen = new Uint8Array(functions);
  }

  add(
    { spent, cpu, waiting, unknown, request, forGil }: Part,
    { function: fn, innermost }: CodeLocation,
  ): void {
    if (this.#isSeen[fn] === 0) {
      this.#isSeen[fn] = 1;
      this.#seen.push(fn);
    }
    const [times, at] = [this.#times, fn * timesWidth];
    times[at]! += spent;
    times[at + 1]! += cpu;
    times[at + 2]! += waiting;
    times[at + 3]! += unknown;
    times[at + 4]! += request;
    if (waiting <= 0) return;
    const wait = this.#waits.intern(fn, forGil ? gil : innermost);
    if (wait === this.#waited.length) this.#waited.push(0);
    this.#waited.values[wait]! += spent;
  }

  /** Most time first. */
  list(): ApplicationFunction[] {
    const most = new Map<number, { function: number; time: number }>();
    for (let wait = 0; wait < this.#waits.size; wait++) {
      const [fn, time] = [this.#waits.firstOf(wait), this.#waited.at(wait)];
      if (time > (most.get(fn)?.time ?? 0)) most.set(fn, { function: this.#waits.secondOf(wait), time });
    }
    return this.#seen
      .map((fn) => {
        const at = fn * timesWidth;
        const [time, cpu, waiting, unknown, request] = this.#times.subarray(
          at,
          at + timesWidth,
        ) as unknown as Five;
        return { function: fn, time, cpu, waiting, unknown, request, waitedIn: most.get(fn) };
      })
      .sort((a, b) => b.time - a.time || a.function - b.function);
  }
}

type Five = readonly [number, number, number, number, number];

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Lines of functions, each once. */
class LineTimes {
  readonly list: LineTime[] = [];
  readonly #numbers = new PairTable();

  add(location: CodeLocation, { spent, waiting }: Part): void {
    if (location.function < 0 || location.line === 0) return;
    const number = this.#numbers.intern(location.function, location.line);
    const known = this.list[number];
    if (known === undefined)
      this.list.push({ function: location.function, line: location.line, time: spent, waiting });
    else {
      known.time += spent;
      known.waiting += waiting;
    }
  }
}

interface WaitingRun {
  readonly thread: number;
  readonly start: number;
  readonly time: number;
  readonly isTask: boolean;
  /** The thread ran before each of its samples, of which there are so many: each is another stretch. */
  readonly count: number | undefined;
}

/**
 * Waits by who waits in what. Runs of one thread that follow on each other are one stretch, but for what is known to be
 * another one.
 */
class WaitsByLocation {
  readonly #waits: Wait[] = [];
  readonly #numbers = new PairTable();
  readonly #open = new Map<number, { wait: Wait; end: number; time: number }>();

  add(location: CodeLocation, run: WaitingRun): void {
    const what = location.innermost;
    const number = this.#numbers.intern(location.function, what);
    this.#waits[number] ??= { function: location.function, in: what, time: 0, longest: 0 };
    const wait = this.#waits[number];
    wait.time += run.time;
    // A row has one task after another.
    if (run.isTask) return;
    const before = run.count === undefined ? this.#open.get(run.thread) : undefined;
    const goesOn = before !== undefined && before.wait === wait && run.start <= before.end;
    const time = run.time / (run.count ?? 1) + (goesOn ? before.time : 0);
    wait.longest = Math.max(wait.longest, time);
    this.#open.set(run.thread, { wait, end: run.start + run.time, time });
  }

  list(): Wait[] {
    return this.#waits.sort((a, b) => b.time - a.time || a.function - b.function || a.in - b.in);
  }
}

/** The name of a function of a summary. */
export function nameOf(profile: Profile, fn: number): string {
  if (fn === gil) return leafStates[1]!;
  const info = profile.functions[fn];
  return info === undefined ? '<unknown function>' : functionName(info);
}
