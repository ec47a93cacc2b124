import type { Profile } from '../model/profile.js';
import { isFreeThreaded } from '../model/python-version.js';

/** Whether all processes are of free-threaded builds: without a GIL, as long as no thread is seen to hold one. */
export function areFreeThreaded({ processes }: Profile): boolean {
  return processes.length > 0 && processes.every(({ pythonVersion }) => isFreeThreaded(pythonVersion));
}
