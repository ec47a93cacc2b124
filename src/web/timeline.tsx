import { useRef, useState } from 'preact/hooks';
import { formatDuration, formatShare } from '../analysis/human-units.js';
import type { TimeRange } from '../analysis/part-of-profile.js';
import { hasTasks } from '../analysis/task-rows.js';
import type { Colors } from './colors.js';
import { RangeFields } from './range-fields.js';
import { ScrollCanvas } from './scroll-canvas.js';
import type { Store } from './store.js';
import {
  formatMoment,
  formatRange,
  membersText,
  missingThreads,
  type Timeline,
  type TimelineRow,
  timelineStates,
} from './timeline-data.js';
import { columnWidth, labelWidth, paintTimeline, rowAt, timelineHeight } from './timeline-paint.js';
import { Tip } from './tip.js';

const fewRows = 5;
/** More rows cost time and are read by nobody. */
const manyRows = 300;
/** Pixels that a pointer may move in a click. */
const still = 3;
const emptyTimeline: Timeline = { rows: [], members: 0, threads: 0, columns: 1, duration: 0, states: [] };
/** A key moves the range by this part of the recording. */
const keyStep = 1 / 40;

/** When which thread, or which route, did what. To choose a part of the time is to have it everywhere. */
export function TimelineView({ store, colors }: { store: Store; colors: Colors }) {
  const { state } = store;
  const [width, setWidth] = useState(0);
  const [isLong, setLong] = useState(false);
  const [drag, setDrag] = useState<TimeRange & { y: number }>();
  const [pointer, setPointer] = useState<{ x: number; y: number; time: number; row: TimelineRow }>();
  const start = useRef<number | undefined>(undefined);
  const columns = Math.max(1, Math.floor((width - labelWidth(width)) / columnWidth));
  const { hasRoutes, profile } = store;
  const by = hasRoutes ? state.rows : 'threads';
  const what = by === 'routes' ? 'routes' : hasTasks(profile) ? 'threads and tasks' : 'threads';
  // Until the width is known there is nothing to see, and no need to count twice.
  const counted =
    width === 0 ? undefined : store.timeline({ rows: by, columns, most: isLong ? manyRows : fewRows });
  const timeline = counted ?? { ...emptyTimeline, duration: profile.duration };
  const { duration, rows } = timeline;
  if (counted !== undefined && rows.length === 0) return null;
  // The head counts all threads of the recording.
  const missing =
    counted && by === 'threads' ? missingThreads(counted, profile, state.process, store.overTime.view) : '';
  const timeAt = (x: number) => {
    const left = labelWidth(width);
    return Math.round(Math.max(0, Math.min(1, (x - left) / Math.max(1, width - left))) * duration);
  };
  const setRange = (range: TimeRange | undefined) => store.set({ range }, true);
  const choose = (row: TimelineRow) => {
    if (row.member < 0) return;
    if (by === 'routes') store.set({ route: state.route === row.route ? undefined : row.route }, true);
    else store.set({ thread: state.thread === row.member ? -1 : row.member }, true);
  };
  const finish = (x: number, y: number) => {
    const from = start.current;
    start.current = undefined;
    setDrag(undefined);
    if (from === undefined) return;
    if (Math.abs(x - from) > still) {
      const [a, b] = [timeAt(from), timeAt(x)].sort((one, other) => one - other) as [number, number];
      if (b > a) setRange({ from: a, to: b });
    } else if (x < labelWidth(width)) {
      const row = rowAt(timeline, y);
      if (row) choose(row);
    } else if (state.range) setRange(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const range = rangeAfter(event, state.range, duration);
    if (range === null) return;
    event.preventDefault();
    event.stopPropagation();
    setRange(range);
  };
  const label = `Time line of ${formatDuration(duration)}: ${what} by what they did. Arrow keys move a range of time, with Shift they make it longer or shorter, Escape shows all.`;
  return (
    <section class="timeline" aria-label="Time">
      <div class="above">
        <h2>Time</h2>
        {hasRoutes && (
          <fieldset class="segments" aria-label="Rows">
            <button
              type="button"
              aria-pressed={by === 'threads'}
              onClick={() => store.set({ rows: 'threads' })}
            >
              Threads
            </button>
            <button
              type="button"
              aria-pressed={by === 'routes'}
              onClick={() => store.set({ rows: 'routes' })}
            >
              Routes
            </button>
          </fieldset>
        )}
        <RangeFields range={state.range} duration={duration} onRange={setRange} />
      </div>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the range
        tabIndex={0}
        role="application"
        aria-roledescription="time line"
        aria-label={label}
        onKeyDown={onKeyDown}
      >
        <ScrollCanvas
          className="lanes"
          contentHeight={() => timelineHeight(timeline)}
          maxHeight="340px"
          onWidth={setWidth}
          paint={(context, sight) =>
            paintTimeline(
              context,
              {
                ...{ timeline, colors, range: drag ?? state.range },
                chosen: by === 'threads' ? state.thread : -1,
                route: by === 'routes' ? state.route : undefined,
              },
              sight,
            )
          }
          onDown={({ x }, event) => {
            if (event.button !== 0) return;
            start.current = x;
            (event.target as Element).setPointerCapture(event.pointerId);
          }}
          onMove={(point, event) => {
            if (start.current !== undefined && point && Math.abs(point.x - start.current) > still) {
              const [from, to] = [timeAt(start.current), timeAt(point.x)].sort((a, b) => a - b);
              setDrag({ from: from!, to: to!, y: point.y });
            }
            const row =
              point && (rowAt(timeline, point.y) ?? (start.current === undefined ? undefined : rows[0]));
            setPointer(
              row && point ? { x: event.clientX, y: event.clientY, time: timeAt(point.x), row } : undefined,
            );
            (event.target as HTMLElement).style.cursor =
              point && point.x < labelWidth(width) ? 'pointer' : 'crosshair';
          }}
          onUp={({ x, y }) => finish(x, y)}
        />
      </div>
      <div class="below">
        {timeline.members > fewRows && (
          <button type="button" class="plainly" aria-expanded={isLong} onClick={() => setLong(!isLong)}>
            {isLong
              ? 'Show fewer'
              : `Show ${timeline.members > manyRows ? `${manyRows} of ` : 'all '}${membersText(timeline, by)}`}
          </button>
        )}
        {missing !== '' && <span class="soft">{missing}</span>}
        <ul class="legend" aria-label="Colours of states">
          {timeline.states.map((id) => (
            <li key={id}>
              <i class={`chip line-${timelineStates[id]!.id}`} aria-hidden="true" />
              {timelineStates[id]!.title}
            </li>
          ))}
        </ul>
      </div>
      <StatesTable timeline={timeline} />
      {pointer && (
        <Tip x={pointer.x} y={pointer.y}>
          <MomentTip timeline={timeline} row={pointer.row} time={pointer.time} range={drag} />
        </Tip>
      )}
    </section>
  );
}

/** What a key makes of the range; `null`: it is none of the keys. */
function rangeAfter(
  { key, shiftKey }: KeyboardEvent,
  range: TimeRange | undefined,
  duration: number,
): TimeRange | undefined | null {
  if (key === 'Escape') return range ? undefined : null;
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null;
  const step = Math.max(1, Math.round(duration * keyStep)) * (key === 'ArrowLeft' ? -1 : 1);
  const { from, to } = range ?? { from: 0, to: Math.round(duration / 10) };
  if (range === undefined) return { from, to };
  if (shiftKey) return { from, to: Math.min(duration, Math.max(from + Math.abs(step), to + step)) };
  const moved = Math.max(-from, Math.min(step, duration - to));
  return { from: from + moved, to: to + moved };
}

/** What the colours say, for those who do not see them. */
function StatesTable({ timeline: { rows, states } }: { timeline: Timeline }) {
  return (
    <div class="unseen">
      <table>
        <caption>Time by what threads did</caption>
        <thead>
          <tr>
            <th scope="col">Row</th>
            {states.map((state) => (
              <th scope="col" key={state}>
                {timelineStates[state]!.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.member}>
              <th scope="row">{row.label}</th>
              {states.map((state) => (
                <td key={state}>{formatDuration(row.states[state]!)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MomentTip({
  timeline: { columns, duration },
  row,
  time,
  range,
}: {
  timeline: Timeline;
  row: TimelineRow;
  time: number;
  range: TimeRange | undefined;
}) {
  const column = Math.min(columns - 1, Math.floor((time / duration) * columns));
  const cells = timelineStates.map((state, at) => ({
    title: state.title,
    share: row.cells[column * timelineStates.length + at]!,
  }));
  const seen = cells.filter(({ share }) => share >= (row.most > 1 ? 0.05 : 0.005));
  return (
    <>
      <p class="what plain-font">{row.label}</p>
      <p class="where">
        {range
          ? `${formatRange(range)}: ${formatDuration(range.to - range.from)}`
          : `at ${formatMoment(time)}`}
      </p>
      {!range && (
        <dl>
          {seen.map(({ title, share }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{row.most > 1 ? share.toFixed(1) : formatShare(share, 1)}</dd>
              <dd>{row.most > 1 ? 'at once' : ''}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
