import type { Profile } from '../model/profile.js';
import { formatDuration, plural } from './human-units.js';
import { eachWeight } from './sample-weights.js';
import type { ViewOptions } from './view-options.js';

/** How many threads there are, without what stands for tasks. */
export function threadCount({ threads }: Pick<Profile, 'threads'>): number {
  return threads.filter(({ isTask }) => !isTask).length;
}

/** Whether rows of the table of threads stand for tasks. */
export function hasTasks({ threads }: Pick<Profile, 'threads'>): boolean {
  return threads.some(({ isTask }) => isTask);
}

/** By thread, the first that is shown as one with it: tasks of a process that are called the same are one row. */
export function rowsOfThreads({ threads }: Pick<Profile, 'threads'>): Int32Array {
  const first = new Map<string, number>();
  return Int32Array.from(threads, ({ isTask, process, name }, thread) => {
    if (!isTask) return thread;
    const key = `${process} ${name}`;
    const known = first.get(key) ?? thread;
    first.set(key, known);
    return known;
  });
}

/** `2 threads`, or `2 threads and their tasks` where these are recorded. */
export function threadsText({ threads }: Pick<Profile, 'threads'>): string {
  const count = threadCount({ threads });
  const tasks = count === 1 ? ' and its tasks' : ' and their tasks';
  return `${plural(count, 'thread')}${hasTasks({ threads }) ? tasks : ''}`;
}

/** How the time of suspended tasks counts; `undefined`: the view shows none. */
export function taskSentence(profile: Profile, view: ViewOptions): string | undefined {
  if (!hasTasks(profile)) return undefined;
  let suspended = 0;
  let all = 0;
  eachWeight(profile, { ...view, mode: 'wall' }, profile.runs, ({ thread, time }) => {
    all += time;
    if (profile.threads[thread]?.isTask) suspended += time;
  });
  if (suspended === 0) return undefined;
  return (
    `Suspended tasks: ${formatDuration(suspended)} of ${formatDuration(all)} shown. ` +
    'Each counts by itself: 50 tasks that wait for 1 s are 50 s.'
  );
}
