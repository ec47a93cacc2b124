import { processLabel, threadLabel } from '../../analysis/labels.js';
import { lineJson } from '../../analysis/plain-json.js';
import type { Profile } from '../../model/profile.js';

/** Where a viewer shows the events of a thread. */
export interface Track {
  readonly pid: number;
  readonly tid: number;
}

/**
 * Numbers of processes and threads. Viewers show what has the same numbers in one row, so a number that was used twice, or is not known, gives way to one
 * that no process and no thread has; the names of rows have the true ones.
 */
export function tracksOf(profile: Profile) {
  const { processes, threads } = profile;
  const fresh = freshNumbers(profile);
  const usedPids = new Set<number>();
  const pids = processes.map(({ pid }) => unused(pid, usedPids, fresh));
  const usedTids = new Set<number>();
  let noProcess: number | undefined;
  const tracks = threads.map(({ process, threadId }): Track => {
    noProcess ??= fresh();
    return { pid: pids[process] ?? noProcess, tid: unused(threadId, usedTids, fresh) };
  });
  return {
    /** By thread. */
    tracks,
    metadata: (shown: readonly number[]) => metadata(profile, tracks, shown),
  };
}

/** Events that name rows, and put them in the order of the recording. */
function* metadata(profile: Profile, tracks: readonly Track[], shown: readonly number[]): Iterable<string> {
  const named = new Set<number>();
  for (const thread of shown) {
    const { pid, tid } = tracks[thread]!;
    const info = profile.threads[thread]!;
    const process = profile.processes[info.process];
    const event = (name: string, args: object) => lineJson({ ph: 'M', pid, tid, ts: 0, name, args });
    if (!named.has(pid)) {
      named.add(pid);
      yield event('process_name', { name: process ? processLabel(process) : '<unknown process>' });
      yield event('process_sort_index', { sort_index: info.process });
      if (process) yield event('process_labels', { labels: `Python ${process.pythonVersion}` });
    }
    yield event('thread_name', { name: threadLabel(info) });
    yield event('thread_sort_index', { sort_index: thread });
  }
}

function unused(number: number, used: Set<number>, fresh: () => number): number {
  const found = number > 0 && !used.has(number) ? number : fresh();
  used.add(found);
  return found;
}

/** Numbers above all that the recording has. */
function freshNumbers({ processes, threads }: Profile): () => number {
  let last = 0;
  for (const { pid } of processes) last = Math.max(last, pid);
  for (const { threadId } of threads) last = Math.max(last, threadId);
  return () => ++last;
}
