import { CallPaths, noCall } from '../analysis/call-paths.js';
import { type Category, categoryOf } from '../analysis/category.js';
import { frameLocation, functionName } from '../analysis/labels.js';
import type { TimeRange } from '../analysis/part-of-profile.js';
import { isWaiting } from '../analysis/run-states.js';
import { type ThreadRuns, threadRuns } from '../analysis/thread-runs.js';
import type { ViewOptions } from '../analysis/view-options.js';
import { visiblePath, visibleText } from '../analysis/visible-text.js';
import type { Profile } from '../model/profile.js';
import type { Bars } from './flame-bars.js';
import type { FlameSource, FrameName } from './frame-tree.js';

/** Calls of one thread as they followed on each other. A node is a bar: a call from one column to another. */
export interface TimeChart extends FlameSource {
  readonly bars: Bars;
  /** When a bar begins and ends. */
  timesOf(node: number): TimeRange;
}

interface Column {
  /** The call that took most of the column; `noCall`: nothing did. */
  readonly call: number;
  readonly waits: boolean;
}

interface OpenBar {
  readonly call: number;
  readonly from: number;
  waits: number;
}

/** The thread with most of the time that is shown; `undefined`: nothing is. */
export function busiestThread(all: readonly ThreadRuns[]): number | undefined {
  let most = { thread: undefined as number | undefined, time: 0 };
  for (const { thread, times } of all) {
    const time = times.reduce((sum, value) => sum + value, 0);
    if (time > most.time) most = { thread, time };
  }
  return most.thread;
}

/** Each column of the picture is what took most of its time. */
export function timeChartOf(
  profile: Profile,
  view: ViewOptions,
  { thread, range, columns, width }: { thread: number; range: TimeRange; columns: number; width: number },
): TimeChart {
  const paths = new CallPaths(profile, view);
  const runs = threadRuns(profile, view).find((of) => of.thread === thread);
  const seen = runs ? hottest(profile, view, paths, { runs, range, columns }) : [];
  const made: { call: number; from: number; to: number; waits: number }[] = [];
  const open: OpenBar[] = [];
  const close = (depth: number, to: number) => {
    for (const bar of open.splice(depth)) made.push({ ...bar, to });
  };
  for (let column = 0; column <= columns; column++) {
    const { call, waits } = seen[column] ?? { call: noCall, waits: false };
    const chain: number[] = [];
    for (let at = call; at !== noCall; at = paths.callerOf(at)) chain.push(at);
    chain.reverse();
    let same = 0;
    while (same < open.length && same < chain.length && open[same]!.call === chain[same]) same++;
    close(same, column);
    for (const at of chain.slice(same)) open.push({ call: at, from: column, waits: 0 });
    if (waits && open.length > 0) open.at(-1)!.waits++;
  }
  return new Chart(profile, view, paths, { made, range, columns, width });
}

/** For each column the call with most time in it. */
function hottest(
  profile: Profile,
  view: ViewOptions,
  paths: CallPaths,
  { runs: { runs, times }, range, columns }: { runs: ThreadRuns; range: TimeRange; columns: number },
): Column[] {
  const { start, stack, flags } = profile.runs;
  const scale = columns / Math.max(1, range.to - range.from);
  const list: Column[] = Array.from({ length: columns }, () => ({ call: noCall, waits: false }));
  let at = -1;
  // Of the column that is being looked at: time by call, below 0 where it waited.
  let inColumn = new Map<number, number>();
  const finish = () => {
    // What is not covered is nothing.
    let best = { key: 0, time: 0 };
    for (const [key, time] of inColumn) if (time > best.time) best = { key, time };
    if (at >= 0 && best.key !== 0) list[at] = { call: Math.abs(best.key), waits: best.key < 0 };
    inColumn = new Map();
  };
  for (const [index, run] of runs.entries()) {
    const begin = Math.max(0, (start.at(run) - range.from) * scale);
    const end = Math.min(columns, (start.at(run) + times[index]! - range.from) * scale);
    if (end <= begin) continue;
    const call = paths.callOf(stack.at(run));
    const key = isWaiting(flags.at(run), view.mode) ? -call : call;
    for (let column = Math.floor(begin); column < end; column++) {
      if (column !== at) finish();
      at = column;
      const covered = Math.min(end, column + 1) - Math.max(begin, column);
      inColumn.set(key, (inColumn.get(key) ?? 0) + covered);
    }
  }
  finish();
  return list;
}

class Chart implements TimeChart {
  readonly names: readonly FrameName[];
  readonly bars: Bars;
  readonly #name: Int32Array;
  readonly #depth: Int32Array;
  readonly #waits: Float64Array;
  readonly #from: Float64Array;
  readonly #to: Float64Array;

  constructor(
    profile: Profile,
    view: ViewOptions,
    paths: CallPaths,
    of: {
      made: readonly { call: number; from: number; to: number; waits: number }[];
      range: TimeRange;
      columns: number;
      width: number;
    },
  ) {
    const { made, range, columns, width } = of;
    const names: FrameName[] = [];
    const numbers = new Map<number, number>();
    const nameOf = (fn: number): number => {
      const known = numbers.get(fn);
      if (known !== undefined) return known;
      numbers.set(fn, names.push(describe(profile, view, fn)) - 1);
      return names.length - 1;
    };
    const time = (range.to - range.from) / columns;
    this.#name = Int32Array.from(made, ({ call }) => nameOf(paths.functionOf(call)));
    this.#depth = Int32Array.from(made, ({ call }) => paths.depthOf(call) - 1);
    this.#waits = Float64Array.from(made, ({ waits }) => waits * time);
    this.#from = Float64Array.from(made, ({ from }) => range.from + from * time);
    this.#to = Float64Array.from(made, ({ to }) => range.from + to * time);
    this.names = names;
    const pixels = width / columns;
    this.bars = {
      count: made.length,
      node: Int32Array.from(made, (_, at) => at),
      depth: this.#depth,
      x: Float64Array.from(made, ({ from }) => from * pixels),
      width: Float64Array.from(made, ({ from, to }) => (to - from) * pixels),
      rows: this.#depth.reduce((most, depth) => Math.max(most, depth + 1), 0),
    };
  }

  nameOf(node: number): number {
    return this.#name[node]!;
  }
  parentOf(): number {
    return 0;
  }
  depthOf(node: number): number {
    return this.#depth[node]!;
  }
  totalOf(node: number): number {
    return this.#to[node]! - this.#from[node]!;
  }
  selfOf(): number {
    return 0;
  }
  waitingOf(node: number): number {
    return this.#waits[node]!;
  }
  selfWaitingOf(node: number): number {
    return this.#waits[node]!;
  }
  samplesOf(): number {
    return 0;
  }
  childrenOf(): ArrayLike<number> {
    return [];
  }
  timesOf(node: number): TimeRange {
    return { from: Math.round(this.#from[node]!), to: Math.round(this.#to[node]!) };
  }
}

function describe(profile: Profile, view: ViewOptions, fn: number): FrameName {
  const info = profile.functions[fn];
  if (!info) {
    const name = '<unknown function>';
    return {
      label: name,
      name,
      location: '',
      category: 'synthetic' satisfies Category,
      function: -1,
      file: 0,
    };
  }
  const name = visibleText(functionName(info));
  const location = visiblePath(frameLocation(info, 0, { ...view, lines: 'function' }));
  const label = location === '' ? name : `${name} (${location})`;
  // As many shades as files give in the flame graph; which one differs.
  return { label, name, location, category: categoryOf(info), function: fn, file: info.file.length };
}
