import { basename } from 'node:path';
import { readError } from '../process/attach-diagnosis.js';
import { executableOf, processFacts, wholeCommandLine } from '../process/linux-process.js';

const pythonName = /^-?(?:python|pypy)[\d.]*(?:-dbg|[dmtu]*)$/;

export function isPythonName(name: string): boolean {
  return pythonName.test(name);
}

/**
 * Why nothing can be seen of a process that by its name is Python; `undefined` when it has another name, can be looked
 * into, or has ended.
 */
export function whyUnreadable(pid: number): string | undefined {
  if (executableOf(pid) !== undefined || !isPythonName(basename(wholeCommandLine(pid)[0] ?? '')))
    return undefined;
  const state = processFacts(pid)?.state ?? 'X';
  if (state === 'Z' || state === 'X') return undefined;
  return readError(pid).message;
}
