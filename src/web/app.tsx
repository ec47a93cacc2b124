import type { ComponentChild } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { idleAdvice } from '../analysis/nothing-shown.js';
import { AnswerView } from './answer-view.js';
import { type Colors, readColors } from './colors.js';
import { Filters } from './filters.js';
import { Flames } from './flames.js';
import { FunctionDetail } from './function-detail.js';
import { FunctionList } from './function-list.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { actionOf, type KeyContext } from './keys.js';
import { onPaper } from './on-paper.js';
import type { PageState, Tab } from './page-state.js';
import { RouteList } from './route-list.js';
import { type Found, findFrames, searchPattern } from './search.js';
import type { Store } from './store.js';
import { Tabs } from './tabs.js';
import { TimeChartView } from './time-chart.js';
import { TimelineView } from './timeline.js';

/** Renders again when the store changes. */
function useStore(store: Store): void {
  const [, again] = useState(0);
  useEffect(() => store.listen(() => again((count) => count + 1)), [store]);
}

/** What canvases are painted with; anew when the theme changes, and light on paper. */
function useColors(theme: PageState['theme']) {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const changed = () => setDark(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  // A dark sheet is a waste of ink, and of what is written on it in white.
  const [isOnPaper, setOnPaper] = useState(false);
  useEffect(() => onPaper(setOnPaper), []);
  return useMemo(() => {
    const chosen = theme === 'auto' ? (dark ? 'dark' : 'light') : theme;
    document.documentElement.dataset['theme'] = isOnPaper ? 'light' : chosen;
    return readColors();
  }, [theme, dark, isOnPaper]);
}

/** The first picture has the answer: to count the rest may take a second. */
function useSecondPicture(store: Store): boolean {
  const { isReady } = store;
  useEffect(() => {
    const frame = requestAnimationFrame(() => setTimeout(() => store.count()));
    return () => cancelAnimationFrame(frame);
  }, [store]);
  useEffect(() => {
    performance.mark(isReady ? 'whole' : 'answer');
    if (isReady) document.documentElement.dataset['ready'] = 'true';
  }, [isReady]);
  return isReady;
}

export function App({ store }: { store: Store }) {
  useStore(store);
  const { state, counted, isCounting } = store;
  const colors = useColors(state.theme);
  const isWhole = useSecondPicture(store);
  const [help, setHelp] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const pattern = useMemo(() => searchPattern(state.search), [state.search]);
  const nothing = counted.answer.nothing;
  const found = useMemo(
    () => (pattern && !nothing && isWhole ? findFrames(counted.tree, pattern) : undefined),
    [pattern, counted, isWhole],
  );
  const context: KeyContext = {
    store,
    searchField,
    help,
    setHelp,
    hasRoutes: isWhole && store.hasRoutes,
  };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const action = actionOf(event);
      if (action === undefined) return;
      event.preventDefault();
      action.run(context);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
  const showFunction = (fn: number) => store.set({ tab: 'function', fn }, true);
  // What a choice does not change is not made anew: to type a word should cost what it finds.
  const header = useMemo(
    () => <Header store={store} onHelp={() => setHelp(true)} />,
    [store.profile, state.theme],
  );
  const answer = useMemo(() => <AnswerView store={store} onFunction={showFunction} />, [counted]);
  const { overTime } = store;
  const timeline = useMemo(
    () => <TimelineView store={store} colors={colors} />,
    [overTime, overTime.lastTimeline, isWhole, colors, state.range, state.rows, state.thread, state.route],
  );
  // While another choice is counted, what was shown stays.
  const view = useRef<ComponentChild>();
  if (isWhole && !isCounting)
    view.current = nothing ? (
      <Nothing lines={nothing} onIdle={() => store.set({ idle: true, mode: 'wall' }, true)} />
    ) : (
      <View {...{ store, colors, found, pattern }} onFunction={showFunction} />
    );
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('views')?.focus()}>
        Skip to the views
      </button>
      {header}
      <main>
        {answer}
        {timeline}
        {isWhole ? (
          <section class="views" aria-label="Views" id="views" tabIndex={-1}>
            <Tabs
              tab={state.tab}
              hasRoutes={context.hasRoutes}
              onTab={(tab: Tab) => store.set({ tab }, true)}
            />
            <Filters store={store} found={found} searchField={searchField} />
            <div
              class="view"
              role="tabpanel"
              id="view"
              aria-labelledby={`tab-${state.tab}`}
              aria-busy={isCounting}
            >
              {view.current}
            </div>
          </section>
        ) : (
          <p class="counting">Counting …</p>
        )}
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  );
}

/** Why nothing is shown; what a flag would show, a button does. */
function Nothing({ lines: [title, ...lines], onIdle }: { lines: readonly string[]; onIdle: () => void }) {
  return (
    <div class="nothing" role="status">
      <h2>{title}</h2>
      {lines.map((line) => (
        <p key={line}>{line === idleAdvice ? 'Use the program while you record it.' : line}</p>
      ))}
      {lines.includes(idleAdvice) && (
        <button type="button" class="plainly" onClick={onIdle}>
          Show idle threads
        </button>
      )}
    </div>
  );
}

interface ViewProps {
  readonly store: Store;
  readonly colors: Colors;
  readonly found: Found | undefined;
  readonly pattern: RegExp | undefined;
  readonly onFunction: (fn: number) => void;
}

/** The view whose tab was chosen. */
function View({ store, colors, found, pattern, onFunction }: ViewProps) {
  const shared = { store, colors, onFunction };
  switch (store.state.tab) {
    case 'flame':
      return <Flames {...shared} found={found?.names} />;
    case 'functions':
      return <FunctionList {...shared} pattern={pattern} />;
    case 'function':
      return <FunctionDetail {...shared} found={found?.names} />;
    case 'time':
      return <TimeChartView {...shared} pattern={pattern} />;
    case 'routes':
      return <RouteList {...shared} pattern={pattern} />;
  }
}
