import type { Profile } from '../model/profile.js';

/** Where a time line shows a thread. */
export interface Track {
  readonly pid: number;
  readonly tid: number;
}

/**
 * Numbers of processes and threads, by thread. Viewers show what has the same numbers in one row, so a number that was
 * used before, or is not known, gives way to one that no process and no thread of the recording has: the name of a row
 * has the true one.
 */
export function tracksOf({ processes, threads }: Profile): Track[] {
  let last = 0;
  for (const { pid } of processes) last = Math.max(last, pid);
  for (const { threadId } of threads) last = Math.max(last, threadId);
  const unused = (number: number, used: Set<number>): number => {
    const found = number > 0 && !used.has(number) ? number : ++last;
    used.add(found);
    return found;
  };
  const usedPids = new Set<number>();
  const usedTids = new Set<number>();
  const pids = processes.map(({ pid }) => unused(pid, usedPids));
  return threads.map(({ process, threadId }) => {
    pids[process] ??= unused(0, usedPids);
    return { pid: pids[process], tid: unused(threadId, usedTids) };
  });
}
