import { readInterpreters, readThreadStates } from '../cpython/interpreters.js';
import { locateRuntime, type RuntimeLocation } from '../cpython/locate/locate.js';
import { PyglassError } from '../model/error.js';
import { attachTrouble } from '../process/attach-trouble.js';
import { mappedImages } from '../process/linux-process.js';
import { type LiveMemory, openLiveMemory } from '../process/live-memory.js';

export interface Attached {
  readonly live: LiveMemory;
  readonly location: RuntimeLocation;
}

/** Opens a process and finds its Python; `undefined` while it has none that runs (yet). Throws when it never can be read. */
export function tryAttach(pid: number): Attached | undefined {
  const live = openLiveMemory(pid);
  if (!live) return undefined;
  const location = locateRuntime(mappedImages(pid), live.memory);
  const interpreters = location ? readInterpreters(live.memory, location.layout, location.runtime) : [];
  const main = interpreters.at(-1);
  if (location && main && readThreadStates(live.memory, location.layout, main.address).length > 0)
    return { live, location };
  live.close();
  return undefined;
}

/** Like `tryAttach`, but says why when it is not possible. */
export function attach(pid: number): Attached {
  const attached = tryAttach(pid);
  if (attached) return attached;
  throw attachTrouble(pid) ?? new PyglassError('not-python', `process ${pid} is not running Python`, { pid });
}
