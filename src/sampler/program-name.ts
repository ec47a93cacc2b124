import { basename } from 'node:path';

/** What a process runs, by its command line; empty: that is not known, since it ended or is no program. */
export function programName([program = '']: readonly string[]): string {
  const name = basename(program);
  // That of the kernel is in brackets.
  return name.startsWith('[') ? '' : name;
}
