/*
 * A version of CPython as it is shown: `3.11.7`, `3.15.0rc1`, and of a free-threaded build with a `t` at its end, as in
 * the name of its executable: `3.14.2t`.
 */

export function freeThreadedVersion(version: string): string {
  return `${version}t`;
}

/** Whether a version that is shown is that of a free-threaded build. */
export function isFreeThreaded(version: string): boolean {
  return version.endsWith('t');
}
