import { readlinkSync } from 'node:fs';

let known: boolean | undefined;

/**
 * False where /proc shows another pid namespace than ours, as in `unshare --pid` without a /proc of its own: its ids
 * are not those by which we start, signal and read processes. True also where there is no /proc.
 */
export function procIsOurs(): boolean {
  known ??= ownId() === String(process.pid);
  return known;
}

function ownId(): string {
  try {
    return readlinkSync('/proc/self');
  } catch {
    return String(process.pid);
  }
}
