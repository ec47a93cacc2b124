import { useMemo, useRef, useState } from 'preact/hooks';
import { formatDuration, formatShare } from '../analysis/human-units.js';
import { threadLabel } from '../analysis/labels.js';
import { threadRuns } from '../analysis/thread-runs.js';
import { visibleText } from '../analysis/visible-text.js';
import type { Colors } from './colors.js';
import { barAt } from './flame-bars.js';
import { paintFlames, rowHeight } from './flame-paint.js';
import { ScrollCanvas } from './scroll-canvas.js';
import type { Store } from './store.js';
import { axisHeight, paintAxis } from './time-axis.js';
import { busiestThread, timeChartOf } from './time-chart-data.js';
import { formatRange } from './timeline-data.js';
import { Tip } from './tip.js';

/** Pixels of a column: what is shorter is merged with what is beside it. */
const columnWidth = 2;

/** The calls of one thread from left to right, as they came. */
export function TimeChartView({
  store,
  colors,
  pattern,
  onFunction,
}: {
  store: Store;
  colors: Colors;
  pattern: RegExp | undefined;
  onFunction: (fn: number) => void;
}) {
  const { counted, state, profile } = store;
  const [width, setWidth] = useState(0);
  const [pointer, setPointer] = useState<{ node: number; x: number; y: number }>();
  const down = useRef<number | undefined>(undefined);
  const thread = useMemo(
    // Of tasks that are called the same, the one that is shown longest.
    () =>
      busiestThread(threadRuns(counted.profile, counted.view)) ??
      (state.thread >= 0 ? state.thread : undefined),
    [counted, state.thread],
  );
  const range = state.range ?? { from: 0, to: profile.duration };
  const chart = useMemo(
    () =>
      timeChartOf(counted.profile, counted.view, {
        ...{ thread: thread ?? -1, range, width: Math.max(1, width) },
        columns: Math.max(1, Math.floor(width / columnWidth)),
      }),
    [counted, thread, width, range.from, range.to],
  );
  const found = useMemo(
    () => (pattern ? Uint8Array.from(chart.names, ({ label }) => (pattern.test(label) ? 1 : 0)) : undefined),
    [chart, pattern],
  );
  const info = thread === undefined ? undefined : profile.threads[thread];
  const nodeAtPoint = (x: number, y: number) =>
    barAt(chart.bars, x, Math.floor((y - axisHeight) / rowHeight));
  const timeAt = (x: number) => Math.round(range.from + (x / Math.max(1, width)) * (range.to - range.from));
  return (
    <>
      <p class="hint before">
        <b>{info ? visibleText(threadLabel(info), 100) : 'No thread'}</b>
        {info?.isTask && ', one of those at a time'}
        {state.thread < 0 && info ? ', the busiest one; choose another above' : ''} · {formatRange(range)} ·
        each column shows what took most of its time
      </p>
      <div
        role="img"
        aria-label={`Calls of ${info ? threadLabel(info) : 'no thread'} over time. The tab Functions has their sums as a table.`}
      >
        <ScrollCanvas
          contentHeight={() => axisHeight + chart.bars.rows * rowHeight}
          maxHeight="max(420px, calc(100vh - 180px))"
          onWidth={setWidth}
          paint={(context, sight) => {
            paintFlames(
              context,
              {
                ...{ source: chart, bars: chart.bars, root: undefined, colors, found, current: -1 },
                hovered: pointer?.node ?? -1,
              },
              { top: sight.top - axisHeight, height: sight.height },
            );
            paintAxis(context, colors, { left: 0, width: sight.width, bottom: axisHeight, ...range });
          }}
          onDown={({ x }) => {
            down.current = x;
          }}
          onMove={(point, event) => {
            const node = point ? nodeAtPoint(point.x, point.y) : -1;
            setPointer(node < 0 ? undefined : { node, x: event.clientX, y: event.clientY });
          }}
          onClick={({ x, y }, event) => {
            const from = down.current ?? x;
            down.current = undefined;
            const node = nodeAtPoint(x, y);
            if (Math.abs(x - from) > 4) {
              const [a, b] = [timeAt(from), timeAt(x)].sort((one, other) => one - other);
              store.set({ range: { from: a!, to: b! } }, true);
            } else if (node >= 0 && (event.ctrlKey || event.metaKey || event.altKey))
              onFunction(chart.names[chart.nameOf(node)]!.function);
            else if (node >= 0) store.set({ range: chart.timesOf(node) }, true);
          }}
        />
      </div>
      {chart.bars.count === 0 && <p class="nothing">Nothing of this thread is shown in this time.</p>}
      <p class="hint">
        Click a call to see its time alone, drag to choose any · <kbd>Ctrl</kbd>-click for callers, callees
        and lines · <kbd>x</kbd> shows everything
      </p>
      {pointer && (
        <Tip x={pointer.x} y={pointer.y}>
          <CallTip {...{ chart, node: pointer.node }} />
        </Tip>
      )}
    </>
  );
}

function CallTip({ chart, node }: { chart: ReturnType<typeof timeChartOf>; node: number }) {
  const name = chart.names[chart.nameOf(node)];
  if (!name) return null;
  const { from, to } = chart.timesOf(node);
  const waits = chart.waitingOf(node);
  return (
    <>
      <p class="what">{name.name}</p>
      {name.location !== '' && <p class="where">{name.location}</p>}
      <dl>
        <div>
          <dt>About</dt>
          <dd>{formatDuration(to - from)}</dd>
          <dd>{formatRange({ from, to })}</dd>
        </div>
        {waits > 0 && (
          <div>
            <dt>Waiting</dt>
            <dd>{formatShare(waits, to - from)}</dd>
            <dd />
          </div>
        )}
      </dl>
    </>
  );
}
