import { lostContextKind, noContext, routeContext } from '../model/context.js';
import type { Profile } from '../model/profile.js';
import { requestsOfContexts } from './requests.js';
import type { LabelView } from './view-options.js';

/** Stands for the value of a context whose definition is lost. */
const lostValue = '<lost>';

/** All values of a context and of those that it is within; of the same key, the innermost one. */
export function contextValues({ contexts }: Profile, context: number): Readonly<Record<string, string>> {
  const entries = new Map<string, string>();
  for (let at = context; at !== noContext; at = contexts[at]!.outer)
    for (const [key, value] of Object.entries(contexts[at]!.values))
      if (!entries.has(key)) entries.set(key, value);
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(entries);
}

/** Stands for the route of a request of which none was read. */
const unknownRoute = '<unknown route>';
/** Stands for the route of a request of which it is not known which one it is. */
const unknownRequest = '<unknown request>';

/**
 * The value of a key in a context, or in those that it is within; else that of the recording's own labels. `undefined`:
 * it has none. The route of a request is the last that was read of it, also for what was sampled before.
 */
export function contextValue(profile: Profile, context: number, key: string): string | undefined {
  if (key === routeContext) {
    const requests = requestsOfContexts(profile);
    const request = requests.numberOf(context);
    if (request >= 0) return requests.routeOf(request) ?? unknownRoute;
    if (requests.isUnknown(context)) return unknownRequest;
  }
  const { contexts, info } = profile;
  for (let at = context; at !== noContext; at = contexts[at]!.outer) {
    const { kind, values } = contexts[at]!;
    if (Object.hasOwn(values, key)) return values[key];
    if (kind === lostContextKind) return lostValue;
  }
  const { labels } = info;
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** The different values of one key in a profile. */
export interface LabelValues {
  /** Texts by number; `undefined` stands for what has no value. */
  readonly values: readonly (string | undefined)[];
  /** The number of a context's value. */
  numberOf(context: number): number;
}

/** Numbers values in order of first sight, from 0. Each context is looked at once. */
export function labelValues(profile: Profile, key: string): LabelValues {
  const values: (string | undefined)[] = [];
  const numbers = new Map<string | undefined, number>();
  const ofContext: (number | undefined)[] = [];
  return {
    values,
    numberOf: (context) => {
      const known = ofContext[context];
      if (known !== undefined) return known;
      const value = contextValue(profile, context, key);
      let number = numbers.get(value);
      if (number === undefined) {
        number = values.push(value) - 1;
        numbers.set(value, number);
      }
      ofContext[context] = number;
      return number;
    },
  };
}

/** For each context the first one that was asked for and has the same value: one stands for all of them. */
export function sameContexts(profile: Profile, key: string): (context: number) => number {
  const { numberOf } = labelValues(profile, key);
  const first: number[] = [];
  return (context) => {
    const number = numberOf(context);
    first[number] ??= context;
    return first[number];
  };
}

/** Whether a view shows what has this context. */
export function contextFilter(profile: Profile, label: LabelView | undefined): (context: number) => boolean {
  if (label?.value === undefined) return () => true;
  const { values, numberOf } = labelValues(profile, label.key);
  return (context) => values[numberOf(context)] === label.value;
}
