import { formatCount, formatDuration, formatShare } from '../analysis/human-units.js';
import type { Route } from '../analysis/routes.js';
import { hottestOf, requestDuration, routeLabel } from '../formats/routes/route-sentences.js';
import { Amount } from './function-list.js';
import type { Store } from './store.js';

/** Rows at most; routes of a service are some dozens. */
const most = 500;

/** Routes by the time of their requests, and how long those took; a search leaves those that fit. */
export function RouteList({
  store,
  pattern,
  onFunction,
}: {
  store: Store;
  pattern: RegExp | undefined;
  onFunction: (fn: number) => void;
}) {
  const { counted, state } = store;
  const { routes, profile, view } = counted;
  const fitting = pattern ? routes.filter((route) => pattern.test(routeLabel(route))) : routes;
  const whole = routes.reduce((sum, { time }) => sum + time, 0);
  const columns = ['Time', 'Requests', 'p50', 'p95', 'Longest', 'Waiting', 'For the GIL'];
  return (
    <div class="table routes">
      <table>
        <caption class="unseen">Routes by the time of their requests</caption>
        <thead>
          <tr>
            <th scope="col" class="name">
              Route
            </th>
            {columns.map((title) => (
              <th scope="col" class="number" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fitting.slice(0, most).map((route) => (
            <tr
              key={route.name ?? ''}
              class={route.name !== undefined && route.name === state.route ? 'chosen' : ''}
            >
              <th scope="row">
                {route.name === undefined ? (
                  <span class="code">{routeLabel(route)}</span>
                ) : (
                  <button
                    type="button"
                    class="code"
                    title="Show only requests of this route"
                    aria-pressed={route.name === state.route}
                    onClick={() =>
                      store.set({ route: route.name === state.route ? undefined : route.name }, true)
                    }
                  >
                    {routeLabel(route)}
                  </button>
                )}
                <Hottest {...{ store, route, onFunction }} text={hottestOf(profile, view, route)} />
              </th>
              <Amount time={route.time} whole={whole} />
              <td class="number">{formatCount(route.requests)}</td>
              <td class="number">{requestDuration(profile, route.p50)}</td>
              <td class="number">{requestDuration(profile, route.p95)}</td>
              <td class="number">
                {route.isLongestCut ? '> ' : ''}
                {formatDuration(route.longest)}
              </td>
              <td class="number">{knownShare(route, route.waiting)}</td>
              <td class="number">{knownShare(route, route.gilWaiting)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {fitting.length === 0 && <p class="nothing">No route fits the search.</p>}
    </div>
  );
}

function knownShare({ time, unknown }: Route, part: number): string {
  const known = time - unknown;
  return known <= 0 ? '-' : formatShare(part, known);
}

function Hottest({
  route: { hottest },
  text,
  onFunction,
}: {
  store: Store;
  route: Route;
  text: string;
  onFunction: (fn: number) => void;
}) {
  if (text === '' || !hottest) return null;
  return (
    <button type="button" class="where" title={text} onClick={() => onFunction(hottest.function)}>
      {text}
    </button>
  );
}
