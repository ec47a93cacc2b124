import type { Only } from './diff-rows.js';
import type { DiffStore } from './diff-store.js';
import type { FlameKeys, Key } from './keys.js';
import { nextTheme } from './theme.js';

export interface DiffKeyContext {
  readonly store: DiffStore;
  readonly searchField: { readonly current: { focus(): void; blur(): void } | null };
  readonly help: boolean;
  readonly setHelp: (help: boolean) => void;
}

const show =
  (only: Only) =>
  ({ store }: DiffKeyContext) =>
    store.set({ only }, true);

/** Keys of the page of a comparison; the help is made of this list. */
export const diffKeys: readonly Key<DiffKeyContext>[] = [
  { keys: ['/'], title: 'Search', run: ({ searchField }) => searchField.current?.focus() },
  {
    keys: ['b'],
    title: 'Calls before or after',
    run: ({ store }) => store.set({ base: store.state.base === 'before' ? 'after' : 'before' }, true),
  },
  { keys: ['a'], title: 'All functions', run: show('all') },
  { keys: ['g'], title: 'Functions that grew', run: show('grew') },
  { keys: ['s'], title: 'Functions that shrank', run: show('shrank') },
  { keys: ['t'], title: 'Dark or light', run: ({ store }) => nextTheme(store) },
  { keys: ['?'], title: 'This help', run: ({ help, setHelp }) => setHelp(!help) },
  {
    keys: ['Escape'],
    title: 'Close, clear the search, mark nothing, zoom out',
    run: ({ store, help, setHelp, searchField }) => {
      const { search, fn, zoom } = store.state;
      if (help) setHelp(false);
      else if (search !== '') store.set({ search: '' });
      else if (fn >= 0) store.mark(-1);
      else if (zoom.length > 0) store.set({ zoom: [] }, true);
      searchField.current?.blur();
    },
  },
];

/** In the flame graph, which has the focus then. */
export const diffFlameKeys: FlameKeys = [
  ['↑ ↓ ← →', 'Go to the caller, the callee, the one beside'],
  ['Enter', 'Zoom to it, and back'],
  ['Space', 'Mark the function, with its figures'],
  ['Home', 'Go to the root'],
];
