import { readFileSync, statSync } from 'node:fs';
import type { SampledThreads } from '../platform/target.js';
import { linuxThreadIds } from './linux-target.js';
import { wasBornWithin } from './thread-birth.js';
import { KernelThreadClock } from './thread-clock.js';

/** The threads of a live process, from small files of /proc. `renumbered`: what `isRenumbered` said of it before. */
export function linuxSampledThreads(pid: number, renumbered?: boolean): SampledThreads {
  const text = (id: number, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/task/${id}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  return {
    ids: linuxThreadIds(pid, renumbered),
    // A folder has one link for each folder in it, and two more.
    count() {
      try {
        return statSync(`/proc/${pid}/task`).nlink - 2;
      } catch {
        return undefined;
      }
    },
    clock: (id) => new KernelThreadClock(pid, id),
    wasBornWithin: (id, micros) => wasBornWithin(pid, id, micros),
    cpuOf(id) {
      const nanoseconds = Number(text(id, 'schedstat').split(' ', 1)[0]);
      return nanoseconds > 0 ? nanoseconds / 1000 : undefined;
    },
    nameOf(id) {
      const name = text(id, 'comm').trim();
      return name === text(pid, 'comm').trim() ? '' : name;
    },
  };
}
