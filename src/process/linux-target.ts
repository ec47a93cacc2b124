import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Target, ThreadIds } from '../platform/target.js';
import {
  executableOf,
  innerId,
  type LinuxImage,
  mappedImages,
  memoryOwner,
  processFacts,
  threadIds,
  wholeCommandLine,
} from './linux-process.js';
import { fileText, threadActivity, waitingText } from './thread-activity.js';

/** A live process as a target. All but the memory is asked of /proc, each time anew. */
export function linuxTarget(pid: number, memory: TargetMemory): Target<LinuxImage> {
  return {
    memory,
    get facts() {
      return {
        pid,
        parentPid: processFacts(pid)?.parentPid ?? 0,
        commandLine: wholeCommandLine(pid),
        executable: executableOf(pid) ?? '',
      };
    },
    files: () => mappedImages(pid),
    hasFile: (path) => existsSync(join(`/proc/${memoryOwner(pid)}/root`, path)),
    threads: {
      ids: linuxThreadIds(pid),
      activity: (id) => threadActivity(pid, id),
      waitingFor: (activity) => waitingText(activity, (descriptor) => fileText(pid, descriptor)),
    },
  };
}

/** Whether the threads of a process have other ids for itself than for us, as in a container. */
export function isRenumbered(pid: number): boolean {
  return innerId(pid) !== pid;
}

/** `renumbered`: what `isRenumbered` said before. */
export function linuxThreadIds(pid: number, renumbered?: boolean): ThreadIds {
  const folder = `/proc/${pid}/task`;
  return {
    all: () => threadIds(pid),
    has: (id) => existsSync(`${folder}/${id}`) || !existsSync(folder),
    inner: (id) => innerId(pid, id),
    get areRenumbered() {
      return renumbered ?? isRenumbered(pid);
    },
  };
}
