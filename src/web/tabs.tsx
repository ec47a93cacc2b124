import { type Tab, tabs } from './page-state.js';

export const tabTitles: Readonly<Record<Tab, string>> = {
  flame: 'Flame graph',
  functions: 'Functions',
  function: 'Callers and callees',
  routes: 'Routes',
  time: 'Calls over time',
};

/** As a list of tabs is used: arrows go from one to the next. */
export function Tabs({ tab, hasRoutes, onTab }: { tab: Tab; hasRoutes: boolean; onTab: (tab: Tab) => void }) {
  const shown = tabs.filter((id) => id !== 'routes' || hasRoutes);
  const go = (event: KeyboardEvent, by: number) => {
    const next = shown[(shown.indexOf(tab) + by + shown.length) % shown.length]!;
    event.preventDefault();
    event.stopPropagation();
    onTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views">
      {shown.map((id) => (
        <button
          type="button"
          key={id}
          role="tab"
          id={`tab-${id}`}
          aria-selected={id === tab}
          aria-controls={id === tab ? 'view' : undefined}
          tabIndex={id === tab ? 0 : -1}
          onClick={() => onTab(id)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') go(event, 1);
            if (event.key === 'ArrowLeft') go(event, -1);
          }}
        >
          {tabTitles[id]}
        </button>
      ))}
    </div>
  );
}
