import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { DiffAnswer } from './diff-answer.js';
import { DiffFlames } from './diff-flames.js';
import { type DiffKeyContext, diffFlameKeys, diffKeys } from './diff-keys.js';
import { foundText } from './diff-rows.js';
import type { DiffStore } from './diff-store.js';
import { DiffTable, RouteTable } from './diff-table.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { actionOf } from './keys.js';
import { findFrames, searchPattern } from './search.js';
import { SearchField } from './search-field.js';
import { nextTheme, useColors, useStore } from './theme.js';

/** The page of a comparison: its words, a table, and the calls coloured by what became of them. */
export function DiffApp({ store }: { store: DiffStore }) {
  useStore(store);
  const { state, page, tree } = store;
  const colors = useColors(state.theme);
  const [help, setHelp] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const pattern = useMemo(() => searchPattern(state.search), [state.search]);
  const matches = useMemo(() => pattern && findFrames(tree, pattern), [pattern, tree]);
  const marked = useMemo(() => (state.fn < 0 ? undefined : tree.namesOf(state.fn)), [state.fn, tree]);
  useEffect(() => {
    const context: DiffKeyContext = { store, searchField, help, setHelp };
    const pressed = (event: KeyboardEvent) => {
      const action = actionOf(event, diffKeys);
      if (action === undefined) return;
      event.preventDefault();
      action.run(context);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
  useEffect(() => {
    document.documentElement.dataset['ready'] = 'true';
  }, []);
  const markAndShow = (fn: number) => {
    store.mark(fn);
    document.getElementById('calls')?.scrollIntoView({ block: 'start' });
  };
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('views')?.focus()}>
        Skip to the table
      </button>
      <Header
        title={page.title}
        facts={[page.compared]}
        theme={state.theme}
        onTheme={() => nextTheme(store)}
        onHelp={() => setHelp(true)}
      />
      <main>
        <DiffAnswer page={page} onFunction={markAndShow} />
        {!page.nothing && (
          <section class="views" aria-label="Views" id="views" tabIndex={-1}>
            <search class="filters">
              <SearchField
                field={searchField}
                value={state.search}
                onSearch={(search) => store.set({ search, fn: -1 })}
              >
                {matches && foundText(matches, tree)}
              </SearchField>
            </search>
            {page.routes.length > 0 && <RouteTable page={page} />}
            <DiffTable store={store} pattern={pattern} onFunction={markAndShow} />
            <DiffFlames store={store} colors={colors} found={matches?.names ?? marked} />
          </section>
        )}
      </main>
      {help && (
        <Help keys={diffKeys} flameKeys={diffFlameKeys} onClose={() => setHelp(false)}>
          <h3>What counts as a change</h3>
          <p>
            More than chance explains: in at most 5 of 100 comparisons of two runs of the same program is
            anything called one. ± is how far a change is known. What is within it may have changed by less
            than that. What is beyond it may be chance, too, since so many are compared.
          </p>
          <p>
            Functions are the same by name and file. Every choice is in the address of this page. The page
            asks nothing of any network.
          </p>
        </Help>
      )}
    </>
  );
}
