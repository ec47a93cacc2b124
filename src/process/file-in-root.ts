import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs';

/** Who asks for a file: the user and the groups of a process. */
export interface FileReader {
  readonly user: number;
  readonly groups: readonly number[];
}

/** Where paths of a process begin. */
export interface FileRoot {
  /** Open folders (O_PATH): the root, and where relative paths begin; without that, these name nothing. */
  readonly root: number;
  readonly folder?: number | undefined;
  /** Nothing is read that this one could not read; `undefined`: only what we may read ourselves counts. */
  readonly reader?: FileReader | undefined;
}

export interface FileText {
  readonly bytes: Uint8Array;
  /** When its contents or its attributes were changed last, milliseconds since the epoch. */
  readonly changedAt: number;
}

/** O_PATH of Linux's include/uapi/asm-generic/fcntl.h, which Node does not name: a file that is found, not opened. */
export const pathOnly = 0o10_000_000;
/** As many symbolic links as Linux follows. */
const mostLinks = 40;

/**
 * Reads a regular file of at most `longest` bytes as a process finds it under its own root: links of it lead nowhere
 * else, whoever changes them meanwhile. A FIFO, a device and what is no file are never opened. `undefined`: there is no
 * such file, or it must not be read.
 */
export function fileInRoot(where: FileRoot, path: string, longest: number): FileText | undefined {
  if (path === '' || path.includes('\0')) return undefined;
  let found = -1;
  let file = -1;
  try {
    found = new Walk(where, path).end();
    const { size } = readable(fstatSync(found), where, longest);
    file = openSync(procPath(found), constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = new Uint8Array(size);
    let filled = 0;
    for (let count = -1; filled < size && count !== 0; filled += count)
      count = readSync(file, bytes, filled, size - filled, null);
    const { mtimeMs, ctimeMs } = fstatSync(file);
    return { bytes: bytes.subarray(0, filled), changedAt: Math.max(mtimeMs, ctimeMs) };
  } catch {
    return undefined;
  } finally {
    for (const open of [found, file]) if (open >= 0) closeSync(open);
  }
}

function readable(stats: Stats, { reader }: FileRoot, longest: number): Stats {
  if (!stats.isFile() || stats.size === 0 || stats.size > longest || !may(stats, reader, 4))
    throw new Error('not to be read');
  return stats;
}

/** `bit`: 4 to read, 1 to pass through a folder. */
function may({ mode, uid, gid }: Stats, reader: FileReader | undefined, bit: number): boolean {
  if (reader === undefined || reader.user === 0) return true;
  const shift = uid === reader.user ? 6 : reader.groups.includes(gid) ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
}

/** The way from the root down, a step at a time: each is an open file, which nobody can exchange for another. */
class Walk {
  readonly #where: FileRoot;
  /** Where the way begins, and the folders from there on. */
  #start: number;
  readonly #way: number[] = [];
  /** Names that are left, the next one last. */
  readonly #todo: string[];
  #links = 0;

  constructor(where: FileRoot, path: string) {
    this.#where = where;
    const start = path.startsWith('/') ? where.root : where.folder;
    if (start === undefined) throw new Error('a relative path');
    this.#start = start;
    this.#todo = path.split('/').reverse();
  }

  /** An open file (O_PATH) that is no folder and no link. Throws where there is none. */
  end(): number {
    try {
      for (let name = this.#todo.pop(); name !== undefined; name = this.#todo.pop()) {
        if (name === '..') this.#up();
        else if (name !== '' && name !== '.') {
          const file = this.#down(name);
          if (file !== undefined) return file;
        }
      }
      throw new Error('a folder');
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    for (const folder of this.#way.splice(0)) closeSync(folder);
  }

  /** Above the root is the root; what is above another folder is not known. */
  #up(): void {
    const left = this.#way.pop();
    if (left !== undefined) closeSync(left);
    else if (this.#start !== this.#where.root) throw new Error('above the folder');
  }

  /** `undefined`: into a folder, or a link led elsewhere. */
  #down(name: string): number | undefined {
    const at = this.#way.at(-1) ?? this.#start;
    if (!may(fstatSync(at), this.#where.reader, 1)) throw new Error('not to be passed');
    const path = `${procPath(at)}/${name}`;
    const next = openSync(path, pathOnly | constants.O_NOFOLLOW);
    const stats = fstatSync(next);
    if (stats.isDirectory()) {
      this.#way.push(next);
      return undefined;
    }
    if (!stats.isSymbolicLink() && this.#todo.length === 0) return next;
    closeSync(next);
    if (!stats.isSymbolicLink()) throw new Error('a file is no folder');
    if (++this.#links > mostLinks) throw new Error('too many links');
    const link = readlinkSync(path);
    if (link.startsWith('/')) {
      this.#leave();
      this.#start = this.#where.root;
    }
    this.#todo.push(...link.split('/').reverse());
    return undefined;
  }
}

function procPath(open: number): string {
  return `/proc/self/fd/${open}`;
}
