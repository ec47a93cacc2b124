import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import koffi from 'koffi';

let collect: (() => void) | undefined;
let trim: ((pad: number) => number) | undefined;

/**
 * Gives the system back what this thread does not use any more. V8 collects what has become old only once there is far
 * more of it, also of the arrays that glibc keeps for it: of what it took to learn what 40 processes run, 20 MB were
 * left for hours. Takes 15 to 25 ms of CPU.
 */
export function returnUnusedMemory(): void {
  try {
    collect ??= collector();
    collect();
  } catch {
    // Then memory is as the engine keeps it.
  }
  returnFreedMemory();
}

/** The part of it that was freed, of all threads. Takes a millisecond. */
export function returnFreedMemory(): void {
  try {
    trim ??= koffi.load(null).func('int malloc_trim(size_t)') as (pad: number) => number;
    trim(0);
  } catch {
    // Then memory is as the C library keeps it.
  }
}

/**
 * Only a context that is made while the flag is set has it. What is left is moved together: else each page on which
 * anything is left stays, and an agent beside 40 processes had 6 MB of gaps after three minutes, more later.
 */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return () => {
    setFlagsFromString('--compact-on-every-full-gc');
    collect();
    setFlagsFromString('--no-compact-on-every-full-gc');
  };
}
