import { lostContextKind, noContext } from '../model/context.js';
import type { Profile } from '../model/profile.js';

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

/** The value of a key in a context, or in those that it is within; else that of the recording's own labels. `undefined`: it has none. */
export function contextValue({ contexts, info }: Profile, context: number, key: string): string | undefined {
  for (let at = context; at !== noContext; at = contexts[at]!.outer) {
    const { kind, values } = contexts[at]!;
    if (Object.hasOwn(values, key)) return values[key];
    if (kind === lostContextKind) return lostValue;
  }
  const { labels } = info;
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}
