import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { type FileReader, type FileRoot, pathOnly } from './file-in-root.js';
import { clockTicks, memoryOwner, processFacts } from './linux-process.js';
import { procText } from './proc-text.js';

/** Where the files of a process are, also when it has ended. */
export interface SourceRoot extends FileRoot {
  /** When the process began, milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Different roots and folders that are kept open; of thousands of workers all have the same. */
const mostOpen = 64;

/**
 * Keeps the roots of processes open, so that their files can be read at the end of a recording: by then the processes
 * may be gone, with their containers.
 */
export class SourceRoots {
  readonly #byPid = new Map<number, SourceRoot>();
  /** By device, inode and mount namespace. */
  readonly #open = new Map<string, number>();

  /** Of a process that runs; nothing happens where it is gone or hidden. */
  add(pid: number): void {
    const facts = processFacts(pid);
    const root = this.#folder(pid, 'root');
    if (facts === undefined || root === undefined) return;
    const uptime = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
    const startedAt = Date.now() - (uptime - facts.startTime / clockTicks) * 1000;
    this.#byPid.set(pid, { root, folder: this.#folder(pid, 'cwd'), reader: readerOf(pid), startedAt });
  }

  /** The files of a process, or else of its parent: short-lived workers are gone before they are looked at. */
  of(pid: number, parentPid: number): SourceRoot | undefined {
    return this.#byPid.get(pid) ?? this.#byPid.get(parentPid);
  }

  close(): void {
    for (const open of this.#open.values()) closeSync(open);
    this.#open.clear();
    this.#byPid.clear();
  }

  #folder(pid: number, name: 'root' | 'cwd'): number | undefined {
    try {
      const open = openSync(`/proc/${memoryOwner(pid)}/${name}`, pathOnly);
      const { dev, ino } = fstatSync(open);
      // The same folder may have other files mounted below it.
      const key = `${dev} ${ino} ${namespaceOf(pid)}`;
      const known = this.#open.get(key);
      if (known === undefined && this.#open.size < mostOpen) {
        this.#open.set(key, open);
        return open;
      }
      closeSync(open);
      return known;
    } catch {
      return undefined;
    }
  }
}

function namespaceOf(pid: number): number {
  try {
    const open = openSync(`/proc/${memoryOwner(pid)}/ns/mnt`, 'r');
    try {
      return fstatSync(open).ino;
    } finally {
      closeSync(open);
    }
  } catch {
    return 0;
  }
}

/** `undefined`: our own user, or one who may read everything. Where it is not known, nobody's. */
function readerOf(pid: number): FileReader | undefined {
  const status = procText(`/proc/${memoryOwner(pid)}/status`) ?? '';
  const numbers = (key: string) =>
    (new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '').split(/\s+/).filter(Boolean).map(Number);
  const [, , , user = -1] = numbers('Uid');
  const [, , , group = -1] = numbers('Gid');
  return user === process.geteuid?.() ? undefined : { user, groups: [group, ...numbers('Groups')] };
}
