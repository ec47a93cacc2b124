import type { TargetThreads, ThreadActivity } from '../target.js';
import type { CoreThread } from './core-notes.js';

/**
 * What a system call returns within the kernel when a signal ended its wait: EINTR, ERESTARTSYS, ERESTARTNOINTR,
 * ERESTARTNOHAND, ERESTART_RESTARTBLOCK (include/linux/errno.h). A call that returned anything else did not wait when
 * the core file was made.
 */
const interrupted: readonly number[] = [-4, -512, -513, -514, -516];

/**
 * The threads of a core file. Their registers show which of them waited, and in which call: they were woken to be
 * dumped. Of the others no more is known.
 */
export function coreThreads(
  threads: readonly CoreThread[],
  waitingFor: (activity: ThreadActivity) => string,
): TargetThreads {
  const byId = new Map(threads.map((thread) => [thread.id, thread]));
  return {
    ids: {
      all: () => [...byId.keys()],
      has: (id) => byId.has(id),
      inner: (id) => id,
      areRenumbered: false,
    },
    activity: (id) => activityOf(byId.get(id)),
    waitingFor,
  };
}

function activityOf(thread: CoreThread | undefined): ThreadActivity {
  if (!thread || thread.systemCall < 0 || !interrupted.includes(thread.result))
    return { state: '?', waitChannel: '' };
  const { systemCall: number, args } = thread;
  return { state: 'S', systemCall: { number, args }, waitChannel: '' };
}
