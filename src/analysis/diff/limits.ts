import { routePattern } from '../request-filter.js';
import type { Change } from './compare.js';
import type { Diff, FunctionChange } from './diff.js';
import { changeName } from './names.js';

/** How much something may grow: 0.1 is 10 %. */
export interface GrowthLimit {
  /** A route, a function or `file:function`; `*` stands for anything. [every route; without any every function] */
  readonly pattern?: string;
  readonly growth: number;
}

export interface Exceeded {
  readonly name: string;
  readonly growth: number;
  readonly limit: GrowthLimit;
}

export interface LimitCheck {
  /** What grew beyond sampling error, and by more than it may; the largest first. */
  readonly exceeded: readonly Exceeded[];
  /** Limits of which nothing is in either recording: they could never be exceeded. */
  readonly unmatched: readonly GrowthLimit[];
}

/**
 * What grew too much. A function counts with all that it calls. What was not there before has nothing to be compared
 * with; it is in the time of its callers, and of its route.
 */
export function checkLimits(diff: Diff, limits: readonly GrowthLimit[]): LimitCheck {
  const exceeded = new Map<string, Exceeded>();
  const unmatched: GrowthLimit[] = [];
  for (const limit of limits) {
    const found = changesOf(diff, limit.pattern);
    if (found.length === 0 && limit.pattern !== undefined) unmatched.push(limit);
    for (const { name, change } of found) {
      const growth = change.after / change.before - 1;
      if (change.verdict !== 'grew' || change.before === 0 || growth <= limit.growth) continue;
      if (!exceeded.has(name)) exceeded.set(name, { name, growth, limit });
    }
  }
  return { exceeded: [...exceeded.values()].sort((a, b) => b.growth - a.growth), unmatched };
}

interface NamedChange {
  readonly name: string;
  readonly change: Change;
}

function changesOf({ routes, functions }: Diff, pattern: string | undefined): NamedChange[] {
  const ofRoutes = routes.map(({ route, change }) => ({ name: route.route, change }));
  const ofFunctions = (some: readonly FunctionChange[]) =>
    some.map((fn) => ({ name: changeName(fn), change: fn.total }));
  if (pattern === undefined) return ofRoutes.length > 0 ? ofRoutes : ofFunctions(functions);
  const fits = routePattern(pattern);
  return [
    ...ofRoutes.filter(({ name }) => fits(name)),
    ...ofFunctions(
      functions.filter(({ info, state }) => {
        if (info === undefined) return fits(state);
        const names = [info.qualifiedName, info.name];
        return names.some((name) => fits(name) || fits(`${info.shortFile}:${name}`));
      }),
    ),
  ];
}
