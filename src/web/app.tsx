import type { ComponentChild } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { idleAdvice } from '../analysis/nothing-shown.js';
import { visibleText } from '../analysis/visible-text.js';
import { pictureTitle, recordingFacts } from '../formats/flamegraph/headline.js';
import type { Profile } from '../model/profile.js';
import { AnswerView } from './answer-view.js';
import type { Colors } from './colors.js';
import { Filters } from './filters.js';
import { Flames } from './flames.js';
import { FunctionDetail } from './function-detail.js';
import { FunctionList } from './function-list.js';
import { Header } from './header.js';
import { Help, ReportHelp } from './help.js';
import { actionOf, flameKeys, type KeyContext, keys } from './keys.js';
import type { Tab } from './page-state.js';
import { RouteList } from './route-list.js';
import { type Found, findFrames, searchPattern } from './search.js';
import type { Store } from './store.js';
import { Tabs } from './tabs.js';
import { nextTheme, useColors, useStore } from './theme.js';
import { TimeChartView } from './time-chart.js';
import { TimelineView } from './timeline.js';

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
      const action = actionOf(event, keys);
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
    () => (
      <Header
        title={pictureTitle(store.profile)}
        facts={factsOf(store.profile)}
        theme={state.theme}
        onTheme={() => nextTheme(store)}
        onHelp={() => setHelp(true)}
      />
    ),
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
      {help && (
        <Help keys={keys} flameKeys={flameKeys} onClose={() => setHelp(false)}>
          <ReportHelp />
        </Help>
      )}
    </>
  );
}

function factsOf(profile: Profile): string[] {
  const labels = Object.entries(profile.info.labels ?? {});
  return [...recordingFacts(profile), ...labels.map(([key, value]) => visibleText(`${key}: ${value}`))];
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
