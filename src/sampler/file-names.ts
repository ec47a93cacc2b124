import { readInterpreters } from '../cpython/interpreters.js';
import { NotebookCells } from '../cpython/notebook-cells.js';
import { memoryOwner } from '../process/linux-process.js';
import { shortFileName } from '../process/short-file-name.js';
import type { Attached } from './attach.js';

/** Gives the files of a process their short names: as they would be imported, and cells of a notebook by their number. */
export function shortFileNames(
  pid: number,
  { location, live: { memory } }: Pick<Attached, 'location' | 'live'>,
): (fileName: string) => string {
  const { layout, runtime } = location;
  const interpreter = () =>
    readInterpreters(memory, layout, runtime).find(({ id }) => id === 0)?.address ?? 0;
  const cells = new NotebookCells(memory, layout, interpreter);
  const known = new Map<string, string>();
  return (fileName) => {
    const before = known.get(fileName);
    if (before !== undefined) return before;
    const cell = cells.numberOf(fileName);
    // Not kept: the same cell run again has another number.
    if (cell !== undefined) return `Cell [${cell}]`;
    const name = shortFileName(fileName, () => `/proc/${memoryOwner(pid)}/root`);
    known.set(fileName, name);
    return name;
  };
}
