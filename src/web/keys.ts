import type { RefObject } from 'preact';
import { invert } from './flames.js';
import { type Tab, tabs, unfiltered } from './page-state.js';
import type { Store } from './store.js';
import { nextTheme } from './theme.js';

export interface KeyContext {
  readonly store: Store;
  readonly searchField: RefObject<HTMLInputElement>;
  readonly help: boolean;
  readonly setHelp: (help: boolean) => void;
  readonly hasRoutes: boolean;
}

export interface Key<Context = KeyContext> {
  /** As `KeyboardEvent.key` has it. */
  readonly keys: readonly string[];
  readonly title: string;
  readonly run: (context: Context) => void;
}

const show = (tab: Tab) => (context: KeyContext) => {
  if (tab !== 'routes' || context.hasRoutes) context.store.set({ tab }, true);
};

/** Keys of the page; the help is made of this list. */
export const keys: readonly Key[] = [
  { keys: ['/'], title: 'Search', run: ({ searchField }) => searchField.current?.focus() },
  { keys: ['1'], title: 'Flame graph', run: show(tabs[0]) },
  { keys: ['2'], title: 'Functions', run: show(tabs[1]) },
  { keys: ['3'], title: 'Callers and callees', run: show(tabs[2]) },
  { keys: ['4'], title: 'Routes', run: show(tabs[3]) },
  { keys: ['5'], title: 'Calls over time', run: show(tabs[4]) },
  {
    keys: ['i'],
    title: 'Flame graph top down or bottom up',
    run: ({ store }) => invert(store, !store.state.inverted),
  },
  {
    keys: ['m'],
    title: 'My code only',
    run: ({ store }) => store.set({ applicationOnly: !store.state.applicationOnly }),
  },
  {
    keys: ['c'],
    title: 'Wall or CPU time',
    run: ({ store }) => {
      if (store.whole.answer.statesKnown) store.set({ mode: store.state.mode === 'cpu' ? 'wall' : 'cpu' });
    },
  },
  { keys: ['d'], title: 'Idle threads', run: ({ store }) => store.set({ idle: !store.state.idle }) },
  {
    keys: ['l'],
    title: 'Lines or functions',
    run: ({ store }) => store.set({ lines: store.state.lines === 'current' ? 'function' : 'current' }),
  },
  {
    keys: ['x'],
    title: 'Show everything: no filter',
    run: ({ store }) => store.set(unfiltered(store.state, store.initial), true),
  },
  { keys: ['t'], title: 'Dark or light', run: ({ store }) => nextTheme(store) },
  { keys: ['?'], title: 'This help', run: ({ help, setHelp }) => setHelp(!help) },
  {
    keys: ['Escape'],
    title: 'Close, clear the search, zoom out',
    run: ({ store, help, setHelp, searchField }) => {
      if (help) setHelp(false);
      else if (store.state.search !== '') store.set({ search: '' });
      else if (store.state.zoom.length > 0) store.set({ zoom: [] }, true);
      searchField.current?.blur();
    },
  },
];

/** By key, what it does in the flame graph. */
export type FlameKeys = readonly (readonly [string, string])[];

/** In the flame graph, which has the focus then. */
export const flameKeys: FlameKeys = [
  ['↑ ↓ ← →', 'Go to the caller, the callee, the one beside'],
  ['Enter', 'Zoom to it, and back'],
  ['Space', 'Its callers, callees and lines'],
  ['Home', 'Go to the root'],
];

/** What a key does; nothing while somebody types a text, or where the browser means something by it. */
export function actionOf<Context>(
  event: KeyboardEvent,
  keys: readonly Key<Context>[],
): Key<Context> | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const target = event.target as HTMLElement | null;
  const types = target?.matches('input, select, textarea') ?? false;
  if (types && event.key !== 'Escape') return undefined;
  return keys.find((key) => key.keys.includes(event.key));
}
