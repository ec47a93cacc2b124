import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Target, TargetFacts, TargetThreads, ThreadIds } from '../platform/target.js';
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
  return new LinuxTarget(pid, memory);
}

/**
 * A class, as `LinuxThreadIds`: V8 makes a shape of its own for each object literal with a getter, which keeps all that
 * the getter knows until old objects are collected.
 */
class LinuxTarget implements Target<LinuxImage> {
  readonly memory: TargetMemory;
  readonly #pid: number;

  constructor(pid: number, memory: TargetMemory) {
    this.#pid = pid;
    this.memory = memory;
  }

  get facts(): TargetFacts {
    const pid = this.#pid;
    return {
      pid,
      parentPid: processFacts(pid)?.parentPid ?? 0,
      commandLine: wholeCommandLine(pid),
      executable: executableOf(pid) ?? '',
    };
  }

  readonly files = (): readonly LinuxImage[] => mappedImages(this.#pid);

  readonly hasFile = (path: string): boolean =>
    existsSync(join(`/proc/${memoryOwner(this.#pid)}/root`, path));

  get threads(): TargetThreads {
    const pid = this.#pid;
    return {
      ids: linuxThreadIds(pid),
      activity: (id) => threadActivity(pid, id),
      waitingFor: (activity) => waitingText(activity, (descriptor) => fileText(pid, descriptor)),
    };
  }
}

/** Whether the threads of a process have other ids for itself than for us, as in a container. */
export function isRenumbered(pid: number): boolean {
  return innerId(pid) !== pid;
}

/** `renumbered`: what `isRenumbered` said before. */
export function linuxThreadIds(pid: number, renumbered?: boolean): ThreadIds {
  return new LinuxThreadIds(pid, renumbered);
}

class LinuxThreadIds implements ThreadIds {
  readonly #pid: number;
  readonly #renumbered: boolean | undefined;

  constructor(pid: number, renumbered: boolean | undefined) {
    this.#pid = pid;
    this.#renumbered = renumbered;
  }

  all(): readonly number[] {
    return threadIds(this.#pid);
  }

  has(id: number): boolean {
    const folder = `/proc/${this.#pid}/task`;
    return existsSync(`${folder}/${id}`) || !existsSync(folder);
  }

  inner(id: number): number {
    return innerId(this.#pid, id);
  }

  get areRenumbered(): boolean {
    return this.#renumbered ?? isRenumbered(this.#pid);
  }
}
