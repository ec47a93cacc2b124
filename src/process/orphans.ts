import koffi from 'koffi';
import { childrenOf, processFacts } from './linux-process.js';

const setChildSubreaper = 36;
const doNotHang = 1;

/**
 * From now on processes below us whose parents end become our children, so that a program that goes into the
 * background can be followed (PR_SET_CHILD_SUBREAPER). Those that end are waited for, as the first process of the
 * machine would have done; never those that Node started (`own` lists their ids), which it waits for itself. Returns
 * how to stop, or `undefined` where the kernel cannot do it.
 */
export function adoptOrphans(own: () => readonly number[]): (() => void) | undefined {
  const library = koffi.load(null);
  const prctl = library.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');
  const waitpid = library.func('int waitpid(int, void *, int)');
  if (prctl(setChildSubreaper, 1, 0, 0, 0) !== 0) return undefined;
  const reap = () => {
    const ours = own();
    for (const pid of childrenOf(process.pid))
      if (!ours.includes(pid) && processFacts(pid)?.state === 'Z') waitpid(pid, null, doNotHang);
  };
  process.on('SIGCHLD', reap);
  return () => {
    process.off('SIGCHLD', reap);
    prctl(setChildSubreaper, 0, 0, 0, 0);
  };
}
