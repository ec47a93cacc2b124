import { isIdle } from '../../analysis/idle.js';
import type { LiveData } from '../../analysis/live/live-profile.js';
import { isStateKnown } from '../../analysis/run-states.js';
import type { UnknownCpu } from '../../analysis/unknown-cpu.js';
import { emptyStack, RunFlag, type ThreadInfo } from '../../model/profile.js';

/** `active`: not waiting for work, but whether it runs or waits is not known. */
export type ThreadState = 'running' | 'waiting' | 'waiting for the GIL' | 'active' | 'idle';

/** A thread and what it was doing last. */
export interface ThreadRow {
  readonly thread: ThreadInfo;
  readonly state: ThreadState;
  readonly holdsGil: boolean;
  /** Index into `Profile.stacks`; the empty stack when it runs no Python. */
  readonly stack: number;
  /** Of the request that it has in hand; null is one that is not known. */
  readonly route: string | null | undefined;
}

const order: readonly ThreadState[] = ['running', 'active', 'waiting for the GIL', 'waiting', 'idle'];

/** Every thread that there is: those that work first, then in the order in which they were seen. */
export function threadRows({ profile, now, nowRoutes }: LiveData): ThreadRow[] {
  const rows: (ThreadRow & { index: number })[] = [];
  for (let run = 0; run < now.stack.length; run++) {
    const index = now.thread.at(run);
    const thread = profile.threads[index];
    const stack = now.stack.at(run);
    const flags = now.flags.at(run);
    const idle = stack === emptyStack || isIdle(profile, stack);
    if (thread)
      rows.push({
        index,
        thread,
        stack,
        route: nowRoutes[run],
        state: stateOf(flags, idle),
        holdsGil: (flags & RunFlag.holdsGil) !== 0,
      });
  }
  return rows.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.index - b.index);
}

function stateOf(flags: number, idle: boolean): ThreadState {
  // Who has the GIL runs, also where the kernel does not say so.
  if ((flags & (RunFlag.running | RunFlag.holdsGil)) !== 0) return 'running';
  if ((flags & RunFlag.waitsForGil) !== 0) return 'waiting for the GIL';
  if (idle) return 'idle';
  return (flags & RunFlag.waiting) !== 0 ? 'waiting' : 'active';
}

/** How many of the threads that there are have no known CPU time. */
export function unknownNow({ now }: LiveData): UnknownCpu {
  let threads = 0;
  let of = 0;
  for (let run = 0; run < now.stack.length; run++) {
    if (now.stack.at(run) === emptyStack) continue;
    of++;
    if (!isStateKnown(now.flags.at(run))) threads++;
  }
  return { threads, of };
}

/** `1 running, 3 idle`; states that no thread has are left out. */
export function countStates(rows: readonly ThreadRow[]): string {
  return order
    .map((state) => ({ state, count: rows.filter((row) => row.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`)
    .join(', ');
}
