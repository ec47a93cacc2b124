import { Column } from '../model/column.js';
import type { Profile } from '../model/profile.js';
import { eachWeight } from './sample-weights.js';
import type { ViewOptions } from './view-options.js';

/** What a view shows of one thread, in order of time. */
export interface ThreadRuns {
  /** Index into `Profile.threads`. */
  readonly thread: number;
  /** Rows of `Profile.runs`. */
  readonly runs: Int32Array;
  /** How much of the time of each is shown, from its start on, and how much of that was on a CPU: microseconds. */
  readonly times: Float64Array;
  readonly cpus: Float64Array;
}

/** Threads of which a view shows anything. Runs that are not shown are gaps. */
export function threadRuns(profile: Profile, view: ViewOptions): ThreadRuns[] {
  const [rows, threads, times, cpus] = [
    ...[Column.int32(), Column.int32()],
    ...[Column.float64(), Column.float64()],
  ] as const;
  // One more than there are threads: where those of each begin, once added up.
  const from = new Int32Array(profile.threads.length + 1);
  eachWeight(profile, view, profile.runs, ({ run, thread, time, cpu }) => {
    if (thread >= profile.threads.length || time === 0) return;
    rows.push(run);
    threads.push(thread);
    times.push(time);
    cpus.push(cpu);
    from[thread + 1]!++;
  });
  for (let thread = 0; thread < profile.threads.length; thread++) from[thread + 1]! += from[thread]!;
  const sorted = {
    runs: new Int32Array(rows.length),
    times: new Float64Array(rows.length),
    cpus: new Float64Array(rows.length),
  };
  const next = from.slice();
  for (let index = 0; index < rows.length; index++) {
    const to = next[threads.at(index)]!++;
    sorted.runs[to] = rows.at(index);
    sorted.times[to] = times.at(index);
    sorted.cpus[to] = cpus.at(index);
  }
  const found: ThreadRuns[] = [];
  for (let thread = 0; thread < profile.threads.length; thread++) {
    const [start, end] = [from[thread]!, from[thread + 1]!];
    if (start === end) continue;
    found.push({
      thread,
      runs: sorted.runs.subarray(start, end),
      times: sorted.times.subarray(start, end),
      cpus: sorted.cpus.subarray(start, end),
    });
  }
  return found;
}
