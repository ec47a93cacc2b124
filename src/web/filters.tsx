import type { RefObject } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatShare, plural } from '../analysis/human-units.js';
import { processLabel, threadLabel } from '../analysis/labels.js';
import { hasTasks, rowsOfThreads } from '../analysis/task-rows.js';
import type { Mode } from '../analysis/view-options.js';
import { visibleText } from '../analysis/visible-text.js';
import { isFiltered, unfiltered } from './page-state.js';
import type { Found } from './search.js';
import { SearchField } from './search-field.js';
import type { Store } from './store.js';
import { formatRange } from './timeline-data.js';

const modeTitles: Readonly<Record<Mode, string>> = {
  wall: 'Wall time',
  cpu: 'CPU time',
  gil: 'Holding the GIL',
  'gil-wait': 'Waiting for the GIL',
};

/** More threads than that are in no list that anybody reads. */
const mostChoices = 500;

export function Filters({
  store,
  found,
  searchField,
}: {
  store: Store;
  found: Found | undefined;
  searchField: RefObject<HTMLInputElement>;
}) {
  const { state, profile, initial, whole, routes } = store;
  const { processes, threads } = profile;
  const { statesKnown } = whole.answer;
  const { range } = state;
  const rows = useMemo(() => rowsOfThreads(profile), [profile, threads.length]);
  return (
    <search class="filters">
      <SearchField field={searchField} value={state.search} onSearch={(search) => store.set({ search })}>
        {found && matched(found, store)}
      </SearchField>
      {statesKnown && (
        <Choice
          label="Time"
          value={state.mode}
          options={Object.entries(modeTitles)}
          onChoose={(mode) => store.set({ mode: mode as Mode })}
        />
      )}
      {processes.length > 1 && (
        <Choice
          label="Process"
          value={String(state.process)}
          options={[
            ['-1', `All ${processes.length} processes`],
            ...processes
              .slice(0, mostChoices)
              .map((process, at) => [String(at), visibleText(processLabel(process), 60)] as [string, string]),
          ]}
          onChoose={(process) => store.set({ process: Number(process), thread: -1 })}
        />
      )}
      {threads.length > 1 && (
        <Choice
          label="Thread"
          value={String(state.thread)}
          options={[
            ['-1', hasTasks(profile) ? 'All threads and tasks' : 'All threads'],
            ...threads
              .map((thread, at) => ({ thread, at }))
              .filter(({ at }) => rows[at] === at)
              .filter(({ thread }) => state.process < 0 || thread.process === state.process)
              .slice(0, mostChoices)
              .map(
                ({ thread, at }) => [String(at), visibleText(threadLabel(thread), 60)] as [string, string],
              ),
          ]}
          onChoose={(thread) => store.set({ thread: Number(thread) })}
        />
      )}
      {routes.length > 0 && (
        <Choice
          label="Route"
          value={state.route ?? ''}
          options={[
            ['', 'All requests, and all else'],
            ...(routes.some(({ name }) => name === '*') ? [] : [['*', 'All requests'] as [string, string]]),
            ...routes
              .slice(0, mostChoices)
              .flatMap(({ name }) =>
                name === undefined ? [] : [[name, visibleText(name, 60)] as [string, string]],
              ),
          ]}
          onChoose={(route) => store.set({ route: route === '' ? undefined : route })}
        />
      )}
      <Toggle
        label="My code only"
        hint="Time of libraries counts for the caller in your code"
        on={state.applicationOnly}
        onToggle={() => store.set({ applicationOnly: !state.applicationOnly })}
      />
      <Toggle
        label="Idle threads"
        hint="Also what waits for work"
        on={state.idle}
        disabled={state.mode !== 'wall'}
        onToggle={() => store.set({ idle: !state.idle })}
      />
      {range && (
        <button type="button" class="pill" onClick={() => store.set({ range: undefined })}>
          {formatRange(range)}
          <span aria-hidden="true"> ×</span>
          <span class="unseen">: show all of the time</span>
        </button>
      )}
      {isFiltered(state, initial) && (
        <button type="button" class="plainly" onClick={() => store.set(unfiltered(state, initial), true)}>
          Show everything
        </button>
      )}
      <output class="soft">{store.isCounting && 'Counting …'}</output>
    </search>
  );
}

function matched({ time, count }: Found, { counted }: Store): string {
  if (count === 0) return 'no match';
  const whole = counted.tree.totalOf(0);
  return `${formatShare(time, whole)} in ${plural(count, 'match', 'matches')}`;
}

function Choice({
  label,
  value,
  options,
  onChoose,
}: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}) {
  const isUsual = value === options[0]?.[0];
  return (
    <label class={`choice${isUsual ? '' : ' chosen'}`}>
      <span aria-hidden="true">{label}</span>
      <select aria-label={label} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([id, title]) => (
          <option key={id} value={id} selected={id === value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Toggle({
  label,
  hint,
  on,
  disabled,
  onToggle,
}: {
  label: string;
  hint: string;
  on: boolean;
  disabled?: boolean;
  onToggle: () => void;
}) {
  return (
    <button
      type="button"
      class="toggle"
      aria-pressed={on}
      title={hint}
      disabled={disabled ?? false}
      onClick={onToggle}
    >
      {label}
    </button>
  );
}
