import type { Profile } from '../model/profile.js';

/**
 * For each function the first one that is the same: by what it is, since the same code may have been loaded twice, in two workers
 * or after a reload.
 */
export function sameFunctions(profile: Profile): Int32Array {
  const first = new Map<string, number>();
  return Int32Array.from(profile.functions, (fn, index) => {
    const key = JSON.stringify([fn.kind, fn.qualifiedName, fn.name, fn.file, fn.firstLine]);
    const known = first.get(key);
    if (known === undefined) first.set(key, index);
    return known ?? index;
  });
}
