import { useState } from 'preact/hooks';
import type { FunctionTime } from '../analysis/function-table.js';
import { formatCount, formatDuration, formatShare } from '../analysis/human-units.js';
import { frameLocation, functionName } from '../analysis/labels.js';
import { visiblePath, visibleText } from '../analysis/visible-text.js';
import type { Store } from './store.js';

type Key = 'label' | 'selfTime' | 'totalTime' | 'waitingTime' | 'samples';
const headings: readonly { readonly key: Key; readonly title: string; readonly hint: string }[] = [
  { key: 'selfTime', title: 'Self', hint: 'Time in the function itself' },
  { key: 'totalTime', title: 'Total', hint: 'Time in it and in what it called' },
  { key: 'waitingTime', title: 'Self, waiting', hint: 'The part of its own time in which it was blocked' },
  { key: 'samples', title: 'Samples', hint: 'Samples with it on the stack' },
];

/** Rows that are added at a time: a page of 50,000 rows takes seconds. */
const step = 100;

/** Functions by time, as a table that can be sorted; a search leaves those that fit. */
export function FunctionList({
  store,
  pattern,
  onFunction,
}: {
  store: Store;
  pattern: RegExp | undefined;
  onFunction: (fn: number) => void;
}) {
  const { counted } = store;
  const [sorted, setSorted] = useState<{ key: Key; up: boolean }>({ key: 'selfTime', up: false });
  const [most, setMost] = useState(step);
  const { rows, totalTime } = counted.functions;
  const fitting = pattern ? rows.filter(({ label }) => pattern.test(label)) : rows;
  const shown = fitting.toSorted(byKey(sorted.key, sorted.up)).slice(0, most);
  const sort = (key: Key) => setSorted({ key, up: sorted.key === key ? !sorted.up : key === 'label' });
  const heading = (key: Key, title: string, hint: string) => (
    <th
      key={key}
      scope="col"
      class={key === 'label' ? 'name' : 'number'}
      aria-sort={sorted.key === key ? (sorted.up ? 'ascending' : 'descending') : undefined}
    >
      <button type="button" onClick={() => sort(key)} title={hint}>
        {title}
        <span class="arrow" aria-hidden="true">
          {sorted.key === key ? (sorted.up ? '↑' : '↓') : ''}
        </span>
      </button>
    </th>
  );
  return (
    <div class="table">
      <table>
        <caption class="unseen">
          Functions, {formatDuration(totalTime)} in all; {formatCount(fitting.length)} functions
        </caption>
        <thead>
          <tr>
            {heading('label', 'Function', 'Sort by name')}
            {headings.map(({ key, title, hint }) => heading(key, title, hint))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={row.function} {...{ row, store, totalTime, onFunction }} />
          ))}
        </tbody>
      </table>
      {shown.length === 0 && <p class="nothing">No function fits the search.</p>}
      {shown.length < fitting.length && (
        <button type="button" class="wide" onClick={() => setMost(most + step)}>
          Show {formatCount(Math.min(step, fitting.length - shown.length))} more of{' '}
          {formatCount(fitting.length)}
        </button>
      )}
    </div>
  );
}

function byKey(key: Key, up: boolean): (a: FunctionTime, b: FunctionTime) => number {
  const sign = up ? 1 : -1;
  if (key === 'label') return (a, b) => (a.label < b.label ? -sign : a.label > b.label ? sign : 0);
  return (a, b) => (a[key] - b[key]) * sign || b.selfTime - a.selfTime;
}

function Row({
  row,
  store,
  totalTime,
  onFunction,
}: {
  row: FunctionTime;
  store: Store;
  totalTime: number;
  onFunction: (fn: number) => void;
}) {
  const info = store.profile.functions[row.function];
  const name = visibleText(info ? functionName(info) : row.label);
  const location = info
    ? visiblePath(frameLocation(info, 0, { ...store.counted.view, lines: 'function' }), 120)
    : '';
  return (
    <tr>
      <th scope="row">
        <i class={`chip cat-${row.category}`} aria-hidden="true" />
        {info ? (
          <button type="button" class="code" onClick={() => onFunction(row.function)}>
            {name}
          </button>
        ) : (
          <span class="code">{name}</span>
        )}{' '}
        <span class="where">{location}</span>
      </th>
      <Amount time={row.selfTime} whole={totalTime} />
      <Amount time={row.totalTime} whole={totalTime} />
      <td class="number">{row.waitingTime > 0 ? formatShare(row.waitingTime, row.selfTime) : ''}</td>
      <td class="number">{formatCount(row.samples)}</td>
    </tr>
  );
}

/** A time with its share, and a bar as long as that. */
export function Amount({ time, whole }: { time: number; whole: number }) {
  const share = whole <= 0 ? 0 : time / whole;
  return (
    <td class="amount">
      <span class="time">{formatDuration(time)}</span>
      <span class="share">{formatShare(time, whole)}</span>
      <i class="measure" style={{ width: `${Math.min(100, share * 100)}%` }} aria-hidden="true" />
    </td>
  );
}
