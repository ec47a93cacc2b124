import type { TimeRange } from '../analysis/part-of-profile.js';
import { rowsOfThreads } from '../analysis/task-rows.js';
import { type Mode, modes, type ViewOptions } from '../analysis/view-options.js';
import type { Profile } from '../model/profile.js';

export const tabs = ['flame', 'functions', 'function', 'routes', 'time'] as const;
export type Tab = (typeof tabs)[number];

/** Everything that a reader chose: it is all in the address of the page, so that a link shows the same. */
export interface PageState {
  readonly tab: Tab;
  /** Callers below callees, from where time was spent. */
  readonly inverted: boolean;
  readonly search: string;
  /** Index into `Profile.functions` of what is looked at; -1: nothing. */
  readonly fn: number;
  /** Names of frames from the root to the one that is as wide as the page. */
  readonly zoom: readonly string[];
  readonly mode: Mode;
  readonly idle: boolean;
  readonly lines: ViewOptions['lines'];
  readonly applicationOnly: boolean;
  /** Indices; -1: all. */
  readonly process: number;
  readonly thread: number;
  /** Of this route only; `undefined`: all, and what is of no request. */
  readonly route: string | undefined;
  readonly range: TimeRange | undefined;
  /** What the rows of the time line are. */
  readonly rows: 'threads' | 'routes';
  readonly theme: 'auto' | 'light' | 'dark';
}

/** How a page begins: as the options of the command line say. */
export function initialState(view: ViewOptions): PageState {
  return {
    ...{ tab: 'flame', inverted: false, search: '', fn: -1, zoom: [], process: -1, thread: -1 },
    ...{ mode: view.mode, idle: view.idle, lines: view.lines, applicationOnly: view.applicationOnly },
    ...{ route: undefined, range: undefined, rows: 'threads', theme: 'auto' },
  };
}

/** Longer addresses are refused by some programs; then a link shows less, and nothing wrong. */
export const longestText = 2000;

/** What differs from the beginning, as it stands behind `#`. */
export function hashOf(state: PageState, initial: PageState): string {
  const fields = new URLSearchParams();
  const add = (key: string, value: string | number | boolean, usual: string | number | boolean) => {
    if (value !== usual) fields.set(key, String(value));
  };
  add('tab', state.tab, initial.tab);
  add('inverted', state.inverted, initial.inverted);
  add('search', state.search, '');
  add('fn', state.fn, -1);
  add('mode', state.mode, initial.mode);
  add('idle', state.idle, initial.idle);
  add('lines', state.lines, initial.lines);
  add('own', state.applicationOnly, initial.applicationOnly);
  add('process', state.process, -1);
  add('thread', state.thread, -1);
  add('rows', state.rows, initial.rows);
  add('theme', state.theme, initial.theme);
  if (state.route !== undefined) fields.set('route', state.route);
  if (state.range) {
    fields.set('from', String(state.range.from));
    fields.set('to', String(state.range.to));
  }
  const zoom = JSON.stringify(state.zoom);
  if (state.zoom.length > 0 && zoom.length < longestText) fields.set('zoom', zoom);
  return fields.toString();
}

/** Reads what `hashOf` made, or what somebody typed: what is no value of a field counts as not there. */
export function stateOf(hash: string, initial: PageState): PageState {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const index = (key: string) => {
    const value = Number(fields.get(key) ?? -1);
    return Number.isInteger(value) && value >= 0 ? value : -1;
  };
  const flag = (key: string, usual: boolean) => (fields.has(key) ? fields.get(key) === 'true' : usual);
  const one = <T extends string>(key: string, of: readonly T[], usual: T): T =>
    of.find((value) => value === fields.get(key)) ?? usual;
  return {
    tab: one('tab', tabs, initial.tab),
    inverted: flag('inverted', initial.inverted),
    search: (fields.get('search') ?? '').slice(0, longestText),
    fn: index('fn'),
    zoom: zoomOf(fields.get('zoom')),
    mode: one('mode', modes, initial.mode),
    idle: flag('idle', initial.idle),
    lines: one('lines', ['current', 'function', 'none'] as const, initial.lines),
    applicationOnly: flag('own', initial.applicationOnly),
    process: index('process'),
    thread: index('thread'),
    route: fields.get('route') ?? undefined,
    range: rangeOf(fields.get('from'), fields.get('to')),
    rows: one('rows', ['threads', 'routes'] as const, initial.rows),
    theme: one('theme', ['auto', 'light', 'dark'] as const, initial.theme),
  };
}

export function zoomOf(text: string | null): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : [];
  } catch {
    return [];
  }
}

function rangeOf(from: string | null, to: string | null): TimeRange | undefined {
  if (from === null || to === null) return undefined;
  const range = { from: Number(from), to: Number(to) };
  return Number.isFinite(range.from) && Number.isFinite(range.to) && range.to > range.from
    ? range
    : undefined;
}

/** Whether less is shown than the page began with. */
export function isFiltered(state: PageState, initial: PageState): boolean {
  return (
    state.process >= 0 ||
    state.thread >= 0 ||
    state.route !== undefined ||
    state.range !== undefined ||
    state.mode !== initial.mode ||
    state.idle !== initial.idle ||
    state.applicationOnly !== initial.applicationOnly
  );
}

/** The same page with nothing filtered. */
export function unfiltered(state: PageState, initial: PageState): PageState {
  const { process, thread, route, range, mode, idle, applicationOnly } = initial;
  return { ...state, process, thread, route, range, mode, idle, applicationOnly };
}

/** The state as this recording can have it: an address may be of another one, or name one of several tasks of a row. */
export function stateWithin(
  profile: Pick<Profile, 'processes' | 'threads' | 'functions'>,
  state: PageState,
): PageState {
  const { processes, functions } = profile;
  return {
    ...state,
    process: state.process < processes.length ? state.process : -1,
    thread: rowsOfThreads(profile)[state.thread] ?? -1,
    fn: state.fn < functions.length ? state.fn : -1,
  };
}
