import koffi from 'koffi';

// flock(2), which the kernel releases however we end: what is locked belongs to a process that lives.
const [LOCK_SH, LOCK_EX, LOCK_NB] = [1, 2, 4];
const EAGAIN = koffi.os.errno['EAGAIN'];
const EINTR = koffi.os.errno['EINTR'];

/** `unsupported`: this file system has no locks, so nothing is known. */
export type LockOutcome = 'locked' | 'in use' | 'unsupported';

type Flock = (file: number, operation: number) => number;

let flock: Flock | undefined;

/** Locks an open file against other lockers, until it is closed. Never waits. */
export function tryLock(file: number, kind: 'exclusive' | 'shared' = 'exclusive'): LockOutcome {
  flock ??= koffi.load(null).func('int flock(int, int)') as unknown as Flock;
  for (;;) {
    if (flock(file, LOCK_NB | (kind === 'shared' ? LOCK_SH : LOCK_EX)) === 0) return 'locked';
    const errno = koffi.errno();
    if (errno === EAGAIN) return 'in use';
    if (errno !== EINTR) return 'unsupported';
  }
}
