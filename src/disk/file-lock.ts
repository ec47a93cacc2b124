import { createRequire } from 'node:module';

// flock(2), which the kernel releases however we end: what is locked belongs to a process that lives.
const [LOCK_SH, LOCK_EX, LOCK_NB] = [1, 2, 4];
// Loaded with the first lock: it takes 5 ms, and help, completions and what goes to a terminal or a pipe need none.
const load = createRequire(import.meta.url);

/** `unsupported`: this file system has no locks, so nothing is known. */
export type LockOutcome = 'locked' | 'in use' | 'unsupported';

type Koffi = typeof import('koffi');
type Flock = (file: number, operation: number) => number;

let koffi: Koffi | undefined;
let flock: Flock | undefined;

/** Locks an open file against other lockers, until it is closed. Never waits. */
export function tryLock(file: number, kind: 'exclusive' | 'shared' = 'exclusive'): LockOutcome {
  koffi ??= load('koffi') as Koffi;
  flock ??= koffi.load(null).func('int flock(int, int)') as unknown as Flock;
  const { EAGAIN, EINTR } = koffi.os.errno;
  for (;;) {
    if (flock(file, LOCK_NB | (kind === 'shared' ? LOCK_SH : LOCK_EX)) === 0) return 'locked';
    const errno = koffi.errno();
    if (errno === EAGAIN) return 'in use';
    if (errno !== EINTR) return 'unsupported';
  }
}
