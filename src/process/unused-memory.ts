import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import koffi from 'koffi';

interface Return {
  readonly collect: () => void;
  readonly trim: (pad: number) => number;
}

let known: Return | undefined;

/**
 * Gives the system back what this thread does not use any more. V8 collects what has become old only once there is far
 * more of it, also of the arrays that glibc keeps for it: of what it took to learn what 40 processes run, 20 MB were
 * left for hours. Takes 10 to 25 ms.
 */
export function returnUnusedMemory(): void {
  try {
    known ??= { collect: collector(), trim: koffi.load(null).func('int malloc_trim(size_t)') };
    known.collect();
    known.trim(0);
  } catch {
    // Then memory is as the engine and the C library keep it.
  }
}

/** Only a context that is made while the flag is set has it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
