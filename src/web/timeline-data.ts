import { labelValues } from '../analysis/context-values.js';
import { formatCount, formatDuration, plural } from '../analysis/human-units.js';
import { contextLabel, threadLabel } from '../analysis/labels.js';
import type { TimeRange } from '../analysis/part-of-profile.js';
import { requestsOfContexts } from '../analysis/requests.js';
import { isStateKnown, isWaiting, isWaitingForGil } from '../analysis/run-states.js';
import { atOnce, type SampleWeight, weightPieces } from '../analysis/sample-weights.js';
import { hasTasks, rowsOfThreads, threadCount } from '../analysis/task-rows.js';
import type { Mode, ViewOptions } from '../analysis/view-options.js';
import { visibleText } from '../analysis/visible-text.js';
import { routeContext } from '../model/context.js';
import { type Profile, RunFlag, type ThreadInfo } from '../model/profile.js';

/** What a thread did, in the order in which a column is filled from below. */
export const timelineStates = [
  { id: 'gil', title: 'Holds the GIL' },
  { id: 'running', title: 'Running without it' },
  { id: 'gil-wait', title: 'Waiting for the GIL' },
  { id: 'collecting', title: 'Collecting garbage' },
  { id: 'waiting', title: 'Waiting' },
  { id: 'unknown', title: 'Not known' },
] as const;
const stateCount = timelineStates.length;

/** Of the time that a mode shows: what was spent on a CPU did not wait, whatever the moment of the sample saw. */
export function timelineStateOf(flags: number, mode: Mode): number {
  if (mode === 'gil-wait') return 2;
  if ((flags & RunFlag.collecting) !== 0) return 3;
  if (mode === 'gil') return 0;
  if (isWaitingForGil(flags, mode)) return 2;
  if (isWaiting(flags, mode)) return 4;
  if (!isStateKnown(flags)) return 5;
  return (flags & RunFlag.holdsGil) === 0 ? 1 : 0;
}

/** A thread, or a route; and the first row: all of them. */
export interface TimelineRow {
  /** Index into `Profile.threads`, or the number of a route; -1: all. */
  readonly member: number;
  readonly label: string;
  /** The value that a filter takes for a route. */
  readonly route: string | undefined;
  readonly time: number;
  /** Time by state. */
  readonly states: Float64Array;
  /** For each column of the time line and each state, how much of the time that is shown was in it. */
  readonly cells: Float32Array;
  /** A column that is filled wholly is so many threads. */
  readonly most: number;
}

export interface Timeline {
  readonly rows: readonly TimelineRow[];
  /** Threads or routes of which anything is shown; `rows` may have fewer. Tasks of one name are one. */
  readonly members: number;
  /** Those of them that are threads, and no tasks. */
  readonly threads: number;
  readonly columns: number;
  /** Microseconds. */
  readonly duration: number;
  /** States of which there is any time. */
  readonly states: readonly number[];
}

/** What its rows are, in how many columns; at most so many rows, those with most time. */
export interface TimelineChoice {
  readonly rows: 'threads' | 'routes';
  readonly columns: number;
  readonly most: number;
}

/** How the shown time is spread over threads or routes, and over `columns` of the recording. */
export function timelineOf(profile: Profile, view: ViewOptions, choice: TimelineChoice): Timeline {
  return atOnce(timelinePieces(profile, view, choice));
}

/** Threads or routes of which all have cells while they are counted, rather than to look at every run twice. */
const fewMembers = 64;

/** The same in pieces, with a yield after each. */
export function* timelinePieces(
  profile: Profile,
  view: ViewOptions,
  { rows: by, columns, most }: TimelineChoice,
): Generator<void, Timeline, void> {
  const { memberOf, labelOf, routeOf, count } = members(profile, by);
  /** By member, as far as anything of it is shown. */
  const times: (Float64Array | undefined)[] = [];
  const all = new Float64Array(stateCount);
  const duration = Math.max(1, profile.duration);
  const allCells = new Float32Array(columns * stateCount);
  const cellsOf: (Float32Array | undefined)[] = [];
  const [starts, durations] = [profile.runs.start.values, profile.runs.duration.values];
  const scale = columns / duration;
  /** Adds a stretch of time to the columns that it covers, as a part of each. */
  const addCells = ({ run, time }: SampleWeight, member: number, state: number) => {
    const wall = durations[run]!;
    const part = wall > 0 ? time / wall : 0;
    const begin = Math.max(0, starts[run]! * scale);
    const end = Math.min(columns, (starts[run]! + wall) * scale);
    const cells = cellsOf[member];
    for (let column = Math.floor(begin); column < end; column++) {
      const covered = (Math.min(end, column + 1) - Math.max(begin, column)) * part;
      allCells[column * stateCount + state]! += covered;
      if (cells !== undefined) cells[column * stateCount + state]! += covered;
    }
  };
  // Of few members, which have a row is found out afterwards.
  const areFew = count <= fewMembers;
  yield* weightPieces(profile, view, profile.runs, (weight) => {
    const member = weight.thread < 0 ? -1 : memberOf(weight);
    if (member < 0) return;
    let states = times[member];
    if (states === undefined) {
      states = new Float64Array(stateCount);
      times[member] = states;
      if (areFew) cellsOf[member] = new Float32Array(columns * stateCount);
    }
    const state = timelineStateOf(weight.flags, view.mode);
    states[state]! += weight.time;
    all[state]! += weight.time;
    if (areFew) addCells(weight, member, state);
  });
  const sum = (states: Float64Array) => states.reduce((total, time) => total + time, 0);
  const shown = times.flatMap((states, member) => (states ? [{ member, states, time: sum(states) }] : []));
  const chosen = shown.toSorted((a, b) => b.time - a.time || a.member - b.member).slice(0, most);
  if (!areFew) {
    for (const { member } of chosen) cellsOf[member] = new Float32Array(columns * stateCount);
    yield* weightPieces(profile, view, profile.runs, (weight) => {
      const member = weight.thread < 0 ? -1 : memberOf(weight);
      if (member >= 0) addCells(weight, member, timelineStateOf(weight.flags, view.mode));
    });
  }
  const rows = chosen.map(({ member, states, time }) => {
    const cells = cellsOf[member]!;
    const label = visibleText(labelOf(member), 80);
    // A thread does one thing at a time; several requests of a route are served at once, and tasks of a name wait.
    const isOne = by === 'threads' && !profile.threads[member]?.isTask;
    const most = isOne ? 1 : Math.max(1, highest(cells, columns));
    return { member, label, route: routeOf(member), time, states, cells, most };
  });
  const whole = {
    ...{ member: -1, label: wholeLabel(profile, by), route: undefined },
    ...{ time: sum(all), states: all, cells: allCells, most: Math.max(1, highest(allCells, columns)) },
  };
  return {
    rows: rows.length > 1 ? [whole, ...rows] : rows,
    ...{ members: shown.length, columns, duration },
    threads: by === 'threads' ? shown.filter(({ member }) => !profile.threads[member]?.isTask).length : 0,
    states: timelineStates.flatMap((_, state) => (all[state]! > 0 ? [state] : [])),
  };
}

function wholeLabel(profile: Profile, by: 'threads' | 'routes'): string {
  if (by === 'routes') return 'All requests';
  return hasTasks(profile) ? 'Threads and tasks' : 'All threads';
}

function members(profile: Profile, by: 'threads' | 'routes') {
  if (by === 'threads') {
    const { threads, processes } = profile;
    const rows = rowsOfThreads(profile);
    const nameOf = ({ isTask, name, process }: ThreadInfo) => `${process} ${isTask ? 'task ' : ''}${name}`;
    const counts = new Map<string, number>();
    for (const info of threads) counts.set(nameOf(info), (counts.get(nameOf(info)) ?? 0) + 1);
    const labelOf = (info: ThreadInfo): string => {
      if (info.isTask || info.name === '') return threadLabel(info);
      return counts.get(nameOf(info)) === 1 ? info.name : `${info.name} (${info.threadId})`;
    };
    return {
      count: threads.length,
      memberOf: ({ thread }: SampleWeight) => rows[thread] ?? thread,
      labelOf: (member: number) => {
        const info = threads[member];
        if (!info) return '<unknown thread>';
        const name = labelOf(info);
        return processes.length > 1 ? `${processes[info.process]?.pid ?? '?'} ${name}` : name;
      },
      routeOf: () => undefined,
    };
  }
  const { values, numberOf } = labelValues(profile, routeContext);
  const requests = requestsOfContexts(profile);
  return {
    count: values.length,
    memberOf: ({ context }: SampleWeight) => (requests.numberOf(context) < 0 ? -1 : numberOf(context)),
    labelOf: (member: number) => contextLabel(routeContext, values[member]),
    routeOf: (member: number) => values[member],
  };
}

function highest(cells: Float32Array, columns: number): number {
  let most = 0;
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let state = 0; state < stateCount; state++) sum += cells[column * stateCount + state]!;
    most = Math.max(most, sum);
  }
  return most;
}

/** `2 threads and 5 kinds of tasks`, or `3 routes`: what the rows are of which anything is shown. */
export function membersText({ members, threads }: Timeline, by: TimelineChoice['rows']): string {
  if (by === 'routes') return plural(members, 'route');
  const kinds = members - threads;
  const tasks = kinds === 1 ? '1 kind of tasks' : `${formatCount(kinds)} kinds of tasks`;
  if (kinds === 0) return plural(threads, 'thread');
  return threads === 0 ? tasks : `${plural(threads, 'thread')} and ${tasks}`;
}

/** Why there are fewer threads than the recording has; empty where there are not. `process`: -1: all. */
export function missingThreads(
  { threads: shown }: Timeline,
  { threads }: Pick<Profile, 'threads'>,
  process: number,
  { mode, idle, request, label }: ViewOptions,
): string {
  const all = threadCount({ threads: threads.filter((of) => process < 0 || of.process === process) });
  if (shown >= all) return '';
  const more = `${formatCount(all - shown)} of ${plural(all, 'thread')}`;
  const isAllTime = mode === 'wall' && request === undefined && label?.value === undefined;
  return isAllTime && !idle ? `${more} idle all the time` : `${more} with none of this time`;
}

/** A moment since the recording began. */
export function formatMoment(time: number): string {
  return time === 0 ? '0' : formatDuration(time);
}

/** `1.20 s – 3.40 s` */
export function formatRange({ from, to }: TimeRange): string {
  return `${formatMoment(from)} – ${formatDuration(to)}`;
}

/** What stands at the moments of an axis: as exact as it takes to tell them apart. */
export function tickTexts(times: readonly number[]): string[] {
  const texts = times.map(formatMoment);
  if (new Set(texts).size === texts.length) return texts;
  const [first = 0, second = 0] = times;
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10((second - first) / 1e6))));
  return times.map((time) => `${(time / 1e6).toFixed(digits)} s`);
}

/** Moments for an axis: round numbers, about as many as fit. */
export function ticks(from: number, to: number, most: number): number[] {
  const rough = (to - from) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const list: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to && list.length < 100; at += step) list.push(at);
  return list;
}
