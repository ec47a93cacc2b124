import { useMemo } from 'preact/hooks';
import type { DiffPage, Side } from '../formats/diff/diff-page.js';
import { ChangeText, timeText } from './change-text.js';
import type { Colors } from './colors.js';
import type { DiffStore } from './diff-store.js';
import { FlameView } from './flame-view.js';
import { nodeAt, pathOf } from './frame-tree.js';
import { ZoomPath } from './zoom-path.js';

const sideTitles: readonly (readonly [Side, string])[] = [
  ['after', 'After'],
  ['before', 'Before'],
];

/** The calls of one recording, as wide as their time in it, coloured by what became of them. */
export function DiffFlames({
  store,
  colors,
  found,
}: {
  store: DiffStore;
  colors: Colors;
  found: Uint8Array | undefined;
}) {
  const { state, tree: source, page } = store;
  const root = useMemo(() => nodeAt(source, state.zoom), [source, state.zoom]);
  const path = pathOf(source, root);
  const whole = source.totalOf(0);
  return (
    <section class="part" aria-labelledby="calls">
      <div class="above">
        <h2 id="calls">Calls</h2>
        <fieldset class="segments" aria-label="Recording that is drawn">
          {sideTitles.map(([side, title]) => (
            <button
              type="button"
              key={side}
              aria-pressed={state.base === side}
              onClick={() => store.set({ base: side }, true)}
            >
              {title}
            </button>
          ))}
        </fieldset>
        <Legend />
        <Marked fn={state.fn} page={page} onForget={() => store.mark(-1)} />
        <ZoomPath path={path} time={source.totalOf(root)} onAll={() => store.set({ zoom: [] }, true)} />
      </div>
      <FlameView
        {...{ source, root, colors, found, whole }}
        onFunction={(fn) => store.mark(fn)}
        onZoom={(node) => store.set({ zoom: pathOf(source, node) }, true)}
        label={`Flame graph of the calls ${state.base}, coloured by change. Arrow keys go from frame to frame, Enter zooms, Space marks the function. The table has the same in numbers.`}
        maxHeight="max(420px, calc(100vh - 180px))"
      />
      <p class="hint">
        Click to zoom, again to zoom out · <kbd>Ctrl</kbd>-click to mark a function · <kbd>b</kbd> for the
        other recording · <kbd>?</kbd> for keys
      </p>
    </section>
  );
}

/** Red and blue: those who do not tell red from green tell these. Each bar has its change as a text, too. */
function Legend() {
  return (
    <ul class="legend" aria-label="Colours">
      <li>
        <i class="chip change-grew" aria-hidden="true" />
        Grew
      </li>
      <li>
        <i class="chip change-shrank" aria-hidden="true" />
        Shrank
      </li>
      <li>
        <i class="chip change-same" aria-hidden="true" />
        Within sampling error, or not compared
      </li>
    </ul>
  );
}

/** The function that is marked, with its figures. */
function Marked({ fn, page, onForget }: { fn: number; page: DiffPage; onForget: () => void }) {
  const about = page.functions[fn];
  return (
    <p class="marked" aria-live="polite">
      {about && (
        <>
          <button type="button" class="pill" onClick={onForget}>
            {about.name}
            <span aria-hidden="true"> ×</span>
            <span class="unseen">: mark nothing</span>
          </button>{' '}
          self {timeText(about.self.before)} → {timeText(about.self.after)},{' '}
          <ChangeText change={about.self} /> · total {timeText(about.total.before)} →{' '}
          {timeText(about.total.after)}, <ChangeText change={about.total} />
        </>
      )}
    </p>
  );
}
