import { next, nextMode, type Shown, sortKeys, type TopState } from './top-state.js';

/** A key as it was pressed. */
export interface Pressed {
  /** The character that it types; empty when it types none. */
  readonly text: string;
  /** `up`, `pagedown`, `return`, `escape`, `c` … */
  readonly name: string;
  readonly ctrl: boolean;
}

/** What a key asks of the command: all that does not only change how things are looked at. */
export type Request = 'quit' | 'reset' | 'save' | 'flamegraph' | 'suspend' | 'repaint';

export interface Outcome {
  readonly state: TopState;
  readonly request?: Request;
}

export interface Key {
  /** Characters that the key types, or names of keys that type none. */
  readonly keys: readonly string[];
  /** As the help shows them; keys that are shown alike share a line of it. */
  readonly shown: string;
  readonly help: string;
  readonly act: (state: TopState, page: number) => Outcome;
}

const change =
  (changed: (state: TopState, page: number) => Partial<TopState>) =>
  (state: TopState, page: number): Outcome => ({ state: { ...state, ...changed(state, page) } });
const ask = (request: Request) => (state: TopState) => ({ state, request });
const show = (shown: Shown) =>
  change((state) => ({ shown: state.shown === shown ? 'functions' : shown, scroll: 0 }));
const scroll = (by: (page: number) => number) =>
  change((state, page) => ({ scroll: Math.max(0, state.scroll + by(page)) }));

/** Every key, in the order of the help. */
export const keys: readonly Key[] = [
  ...sortKeys.map((sort, index) => ({
    keys: [String(index + 1)],
    shown: '1 2 3 4',
    help: 'sort by %Self, %Total, SelfTime, TotalTime',
    act: change(() => ({ sort, scroll: 0 })),
  })),
  {
    keys: ['s'],
    shown: 's',
    help: 'sort by the next column',
    act: change((state) => ({ sort: next(sortKeys, state.sort), scroll: 0 })),
  },
  { keys: ['l', 'L'], shown: 'l', help: 'lines (again: functions)', act: show('lines') },
  { keys: ['t'], shown: 't', help: 'tree of calls (again: functions)', act: show('tree') },
  {
    keys: ['T'],
    shown: 'T',
    help: 'threads and their stacks (again: functions)',
    act: show('threads'),
  },
  {
    keys: ['R'],
    shown: 'R',
    help: 'routes of a web application (again: functions)',
    act: show('routes'),
  },
  {
    keys: ['/'],
    shown: '/',
    help: 'filter as you type; Enter keeps it, Esc clears it',
    act: change(() => ({ typing: true, scroll: 0 })),
  },
  {
    keys: ['m'],
    shown: 'm',
    help: 'time: wall, CPU, GIL held, waiting for the GIL',
    act: change((state) => ({ mode: nextMode(state.mode), scroll: 0 })),
  },
  {
    keys: ['u'],
    shown: 'u',
    help: 'application code only; calls out of it count as its self time',
    act: change((state) => ({ applicationOnly: !state.applicationOnly, scroll: 0 })),
  },
  {
    keys: ['i'],
    shown: 'i',
    help: 'include idle threads',
    act: change((state) => ({ idle: !state.idle, scroll: 0 })),
  },
  {
    keys: ['f'],
    shown: 'f',
    help: 'show full paths of files',
    act: change((state) => ({ fullFileNames: !state.fullFileNames })),
  },
  {
    keys: ['p', ' '],
    shown: 'p Space',
    help: 'pause or resume the display (sampling continues)',
    act: change((state) => ({ paused: !state.paused })),
  },
  { keys: ['r'], shown: 'r', help: 'reset all counts', act: ask('reset') },
  { keys: ['w'], shown: 'w', help: 'write the recording so far to a file', act: ask('save') },
  { keys: ['o'], shown: 'o', help: 'flame graph of the recording so far', act: ask('flamegraph') },
  { keys: ['k', 'up'], shown: 'k j ↑ ↓', help: 'a row up, a row down', act: scroll(() => -1) },
  { keys: ['j', 'down'], shown: 'k j ↑ ↓', help: 'a row up, a row down', act: scroll(() => 1) },
  { keys: ['pageup'], shown: 'PgUp PgDn', help: 'a page up, a page down', act: scroll((page) => -page) },
  { keys: ['pagedown'], shown: 'PgUp PgDn', help: 'a page up, a page down', act: scroll((page) => page) },
  {
    keys: ['home'],
    shown: 'Home End',
    help: 'to the first row, to the last',
    act: change(() => ({ scroll: 0 })),
  },
  {
    keys: ['end'],
    shown: 'Home End',
    help: 'to the first row, to the last',
    act: change(() => ({ scroll: Number.MAX_SAFE_INTEGER })),
  },
  { keys: ['?', 'h'], shown: '? h', help: 'this help', act: change(() => ({ help: true, scroll: 0 })) },
  { keys: ['escape'], shown: 'Esc', help: 'back: out of a filter, out of a view', act: back },
  { keys: ['q'], shown: 'q ^C', help: 'quit', act: ask('quit') },
];

/** What a key does. `page`: rows that fit on the screen. */
export function press(state: TopState, pressed: Pressed, page: number): Outcome {
  if (pressed.ctrl) return control(state, pressed.name);
  if (state.typing) return { state: type(state, pressed) };
  // A capital letter has the name of the small one.
  const wanted = pressed.text === '' ? pressed.name : pressed.text;
  const key = keys.find(({ keys }) => keys.includes(wanted));
  if (!state.help) return key ? key.act(state, page) : { state };
  // The help is left by every key but those that move in it.
  const moves = key !== undefined && ['k', 'j', 'pageup', 'pagedown', 'home', 'end'].includes(key.keys[0]!);
  return moves ? key.act(state, page) : { state: { ...state, help: false, scroll: 0 } };
}

function control(state: TopState, name: string): Outcome {
  if (name === 'c') return { state, request: 'quit' };
  if (name === 'z') return { state, request: 'suspend' };
  if (name === 'l') return { state, request: 'repaint' };
  if (name === 'u' && state.typing) return { state: { ...state, filter: '' } };
  return { state };
}

const longestFilter = 100;

function type(state: TopState, { name, text }: Pressed): TopState {
  if (name === 'return' || name === 'enter') return { ...state, typing: false };
  if (name === 'escape') return { ...state, typing: false, filter: '' };
  if (name === 'backspace') return { ...state, filter: [...state.filter].slice(0, -1).join(''), scroll: 0 };
  return { ...state, filter: (state.filter + text).slice(0, longestFilter), scroll: 0 };
}

function back(state: TopState): Outcome {
  if (state.filter !== '') return { state: { ...state, filter: '', scroll: 0 } };
  return { state: { ...state, shown: 'functions', scroll: 0 } };
}
