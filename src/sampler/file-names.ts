import { readInterpreters } from '../cpython/interpreters.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import { NotebookCells } from '../frameworks/notebook-cells.js';
import type { Target } from '../platform/target.js';
import { linuxTarget } from '../process/linux-target.js';
import { shortFileName } from '../process/short-file-name.js';
import type { Attached } from './attach.js';

/**
 * Gives the files of a process their short names: as they would be imported, and cells of a notebook by their number.
 */
export function shortFileNames(
  pid: number,
  { location, live }: Pick<Attached, 'location' | 'live'>,
): (fileName: string) => string {
  return shortFileNamesIn(linuxTarget(pid, live.memory), location);
}

/** The same of any target. */
export function shortFileNamesIn(
  target: Pick<Target, 'memory' | 'hasFile'>,
  { layout, runtime }: RuntimeLocation,
): (fileName: string) => string {
  const { memory } = target;
  const interpreter = () =>
    readInterpreters(memory, layout, runtime).find(({ id }) => id === 0)?.address ?? 0;
  const cells = new NotebookCells(memory, layout, interpreter);
  const known = new Map<string, string>();
  // The files of a program lie in few folders, and to ask takes 30 µs.
  const files = new Map<string, boolean>();
  const hasFile = (path: string) => {
    const isThere = files.get(path) ?? target.hasFile(path);
    files.set(path, isThere);
    return isThere;
  };
  return (fileName) => {
    const before = known.get(fileName);
    if (before !== undefined) return before;
    const cell = cells.numberOf(fileName);
    // Not kept: the same cell run again has another number.
    if (cell !== undefined) return `Cell [${cell}]`;
    const name = shortFileName(fileName, hasFile);
    known.set(fileName, name);
    return name;
  };
}
