import { useState } from 'preact/hooks';
import { formatCount } from '../analysis/human-units.js';
import type { ShownChange } from '../formats/diff/change-text.js';
import type { DiffPage } from '../formats/diff/diff-page.js';
import { ChangeText, timeText } from './change-text.js';
import { kindOf, type Only, type Row, rowsOf, type SortKey, sorted } from './diff-rows.js';
import type { DiffStore } from './diff-store.js';

const firstRows = 12;
/** Rows that are added at a time. */
const step = 100;
const onlyTitles: readonly (readonly [Only, string])[] = [
  ['all', 'All'],
  ['grew', 'Grew'],
  ['shrank', 'Shrank'],
];

/** Functions, the largest change first; a search leaves those that fit. */
export function DiffTable({
  store,
  pattern,
  onFunction,
}: {
  store: DiffStore;
  pattern: RegExp | undefined;
  onFunction: (fn: number) => void;
}) {
  const { page, state } = store;
  const [order, setOrder] = useState<{ key: SortKey; isReversed: boolean }>({
    ...{ key: 'self', isReversed: false },
  });
  const [most, setMost] = useState(firstRows);
  const fitting = rowsOf(page.functions, state.only, pattern);
  const rows = sorted(fitting, order.key, order.isReversed).slice(0, most);
  const more = fitting.length - rows.length;
  const heading = (key: SortKey, title: string, hint: string) => {
    const isIt = order.key === key;
    const isUp = (key === 'name') !== order.isReversed;
    return (
      <th
        scope="col"
        class={key === 'name' ? 'name' : 'number'}
        aria-sort={isIt ? (isUp ? 'ascending' : 'descending') : undefined}
      >
        <button
          type="button"
          title={hint}
          onClick={() => setOrder({ key, isReversed: isIt && !order.isReversed })}
        >
          {title}
          <span class="arrow" aria-hidden="true">
            {isIt ? (isUp ? '↑' : '↓') : ''}
          </span>
        </button>
      </th>
    );
  };
  return (
    <section class="part" aria-labelledby="functions">
      <div class="above">
        <h2 id="functions">Functions</h2>
        <fieldset class="segments" aria-label="Functions that are shown">
          {onlyTitles.map(([only, title]) => (
            <button
              type="button"
              key={only}
              aria-pressed={state.only === only}
              onClick={() => store.set({ only }, true)}
            >
              {title} {formatCount(rowsOf(page.functions, only, undefined).length)}
            </button>
          ))}
        </fieldset>
        <p class="hint">Change per {page.basis}; ± is how far it is known</p>
      </div>
      <div class="table">
        <table class="changes">
          <caption class="unseen">Functions per {page.basis}, before and after</caption>
          <thead>
            <tr>
              {heading('name', 'Function', 'Sort by name')}
              {heading('self', 'Self change', 'The largest change of self time first')}
              <Times />
              {heading('total', 'Total change', 'The largest change of time with what it calls first')}
              <Times />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <FunctionRow key={row.index} row={row} isChosen={row.index === state.fn} {...{ onFunction }} />
            ))}
          </tbody>
        </table>
        {rows.length === 0 && (
          <p class="nothing">{pattern ? 'No function fits the search.' : `No function ${state.only}.`}</p>
        )}
        {more > 0 && (
          <button type="button" class="wide" onClick={() => setMost(most + step)}>
            Show {formatCount(Math.min(step, more))} more of {formatCount(fitting.length)}
          </button>
        )}
        {more === 0 && page.leftOut > 0 && (
          <p class="hint">
            {formatCount(page.leftOut)} more, the smallest, are not in this page: pyglass diff --all lists
            them.
          </p>
        )}
      </div>
    </section>
  );
}

function Times() {
  return (
    <>
      <th scope="col" class="number">
        Before
      </th>
      <th scope="col" class="number">
        After
      </th>
    </>
  );
}

function FunctionRow({
  row,
  isChosen,
  onFunction,
}: {
  row: Row;
  isChosen: boolean;
  onFunction: (fn: number) => void;
}) {
  return (
    <tr class={isChosen ? 'chosen' : ''}>
      <th scope="row">
        <i class={`chip change-${kindOf(row)}`} aria-hidden="true" />
        <button
          type="button"
          class="code"
          title="Mark it in the flame graph"
          onClick={() => onFunction(row.index)}
        >
          {row.name}
        </button>{' '}
        <span class="where">{row.location}</span>
      </th>
      <ChangeCells change={row.self} />
      <ChangeCells change={row.total} />
    </tr>
  );
}

function ChangeCells({ change }: { change: ShownChange }) {
  return (
    <>
      <td class="number change">
        <ChangeText change={change} />
      </td>
      <td class="number">{timeText(change.before)}</td>
      <td class="number">{timeText(change.after)}</td>
    </>
  );
}

/** Where time is per request. */
export function RouteTable({ page: { routes } }: { page: DiffPage }) {
  return (
    <section class="part" aria-labelledby="routes">
      <div class="above">
        <h2 id="routes">Routes</h2>
        <p class="hint">Change per request; ± is how far it is known</p>
      </div>
      <div class="table">
        <table class="changes">
          <caption class="unseen">Routes per request, before and after</caption>
          <thead>
            <tr>
              <th scope="col">Route</th>
              <th scope="col" class="number">
                Change
              </th>
              <Times />
              <th scope="col" class="number">
                Requests before
              </th>
              <th scope="col" class="number">
                Requests after
              </th>
            </tr>
          </thead>
          <tbody>
            {routes.map(({ name, before, after, change }) => (
              <tr key={name}>
                <th scope="row">
                  <i class={`chip change-${change.verdict}`} aria-hidden="true" />
                  {name}
                </th>
                <ChangeCells change={change} />
                <td class="number">{formatCount(before)}</td>
                <td class="number">{formatCount(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
