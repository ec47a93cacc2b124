import { useMemo } from 'preact/hooks';
import { formatDuration } from '../analysis/human-units.js';
import { categories } from '../formats/flamegraph/palette.js';
import type { Colors } from './colors.js';
import { Toggle } from './filters.js';
import { FlameView } from './flame-view.js';
import { nodeAt, pathOf } from './frame-tree.js';
import type { Store } from './store.js';
import { ZoomPath } from './zoom-path.js';

export function Flames({
  store,
  colors,
  found,
  onFunction,
}: {
  store: Store;
  colors: Colors;
  found: Uint8Array | undefined;
  onFunction: (fn: number) => void;
}) {
  const { state, counted } = store;
  const source = state.inverted ? counted.inverted : counted.tree;
  const root = useMemo(() => nodeAt(source, state.zoom), [source, state.zoom]);
  const zoom = (node: number) => store.set({ zoom: pathOf(source, node) }, true);
  const path = pathOf(source, root);
  const whole = counted.tree.totalOf(0);
  return (
    <>
      <div class="above">
        <fieldset class="segments" aria-label="Direction">
          <button type="button" aria-pressed={!state.inverted} onClick={() => invert(store, false)}>
            Top down
          </button>
          <button type="button" aria-pressed={state.inverted} onClick={() => invert(store, true)}>
            Bottom up
          </button>
        </fieldset>
        <Toggle
          label="Lines apart"
          hint="A frame for each line, not for each function"
          on={state.lines === 'current'}
          onToggle={() => store.set({ lines: state.lines === 'current' ? 'function' : 'current', zoom: [] })}
        />
        <Legend />
        <ZoomPath path={path} time={source.totalOf(root)} onAll={() => store.set({ zoom: [] }, true)} />
      </div>
      <FlameView
        {...{ source, root, colors, found, onFunction, whole }}
        onZoom={zoom}
        label={`${state.inverted ? 'Flame graph, bottom up' : 'Flame graph'}, ${formatDuration(whole)}. Arrow keys go from frame to frame, Enter zooms, Space shows callers and callees. The tab Functions has the same as a table.`}
        maxHeight="max(420px, calc(100vh - 180px))"
      />
      <p class="hint">
        Click to zoom, again to zoom out · <kbd>Ctrl</kbd>-click for callers, callees and lines · <kbd>?</kbd>{' '}
        for keys
      </p>
    </>
  );
}

export function invert(store: Store, inverted: boolean): void {
  // A place in one direction is none in the other.
  if (inverted !== store.state.inverted) store.set({ inverted, zoom: [] }, true);
}

function Legend() {
  return (
    <ul class="legend" aria-label="Colours">
      {categories.map(({ id, title }) => (
        <li key={id}>
          <i class={`chip cat-${id}`} aria-hidden="true" />
          {title}
        </li>
      ))}
      <li>
        <i class="chip cat-waits" aria-hidden="true" />
        Waiting
      </li>
    </ul>
  );
}
