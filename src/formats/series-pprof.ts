import { contextValue } from '../analysis/context-values.js';
import type { ViewOptions } from '../analysis/view-options.js';
import { visibleText } from '../analysis/visible-text.js';
import { noContext, routeContext } from '../model/context.js';
import type { Profile } from '../model/profile.js';
import type { OutputFormat } from './output-format.js';
import { type PprofShape, pprof, shapedPprof } from './pprof.js';

/**
 * pprof for an engine that keeps the profiles of many processes for a long time. There each different set of labels is
 * a series of its own, so samples have few labels with few values: a thread's name without its numbers, and the route
 * that it worked for. Values are wall and CPU time.
 */
export const seriesPprof: OutputFormat = {
  ...pprof,
  id: 'series-pprof',
  write: (profile, view) => shapedPprof(profile, view, seriesShape(profile, view)),
};

/** Different routes, and different names of threads, of one profile; the others are `other` together. */
const mostValues = 100;
const other = 'other';

function seriesShape(profile: Profile, view: ViewOptions): PprofShape {
  const names = limited();
  const routes = limited();
  const nameOf = (thread: number) => names(threadName(profile.threads[thread]?.name ?? ''));
  const routeOf = (context: number) => routes(contextValue(profile, context, routeContext) ?? '');
  return {
    thread: firstAlike(nameOf),
    context: firstAlike((context) => (context === noContext ? '' : routeOf(context))),
    labels: (thread, context) => {
      const name = nameOf(thread);
      return [...(name === '' ? [] : [['thread', name] as const]), ...routeLabels(routeOf(context))];
    },
    hasStates: false,
    hasCounts: false,
    comments: [
      `sampled by pyglass ${visibleText(profile.info.writer)}, ${profile.info.rate} times a second`,
      ...(view.idle ? [] : ['without idle threads']),
    ],
  };
}

/** For each index the first one that was asked for and has the same value. */
function firstAlike(textOf: (index: number) => string): (index: number) => number {
  const byValue = new Map<string, number>();
  const known: number[] = [];
  return (index) => {
    const before = known[index];
    if (before !== undefined) return before;
    const value = textOf(index);
    const found = byValue.get(value) ?? index;
    byValue.set(value, found);
    known[index] = found;
    return found;
  };
}

/** `Thread-12 (work)` and `ThreadPoolExecutor-0_3` are of any number. */
function threadName(name: string): string {
  return name.replace(/\d+/g, '*');
}

/** A route of a web application is a method and a pattern; the name of a job is neither. */
function routeLabels(route: string): (readonly [string, string])[] {
  if (route === '') return [];
  const [, method, pattern] = /^([A-Z]{1,20}) (.*)$/s.exec(route) ?? [];
  if (pattern === undefined) return [['task', route]];
  return [
    ['http_method', method!],
    ['http_route', pattern],
  ];
}

/** The value itself as long as there are few of them. */
function limited(): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (value === '' || known.has(value)) return value;
    if (known.size >= mostValues) return other;
    known.add(value);
    return value;
  };
}
