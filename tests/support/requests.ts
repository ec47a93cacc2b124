import { contextValues } from '../../src/analysis/context-values.js';
import type { Profile } from '../../src/model/profile.js';

/**
 * Of each thread by its name, the requests that it was seen with, in order: number and route, which is empty while it
 * is not known.
 */
export function requestsByThread(profile: Profile): Map<string, { request: string; route: string }[]> {
  const found = new Map<string, { request: string; route: string }[]>();
  for (let run = 0; run < profile.runs.stack.length; run++) {
    const { name } = profile.threads[profile.runs.thread.at(run)]!;
    const { request = '', route = '' } = contextValues(profile, profile.runs.context.at(run));
    const seen = found.get(name) ?? [];
    const last = seen.at(-1);
    if (last?.request !== request || last.route !== route) seen.push({ request, route });
    found.set(name, seen);
  }
  return found;
}
