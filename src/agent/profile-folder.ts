import { mkdirSync, opendirSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileMessage } from '../delivery/profile-message.js';
import { fileError } from '../disk/file-error.js';

/** Files that are ours; no others are removed. */
const ours = /^\d{8}T\d{6}Z-[\w-]+\.pb\.gz$/;
/** Characters of a name that tell its hour: `20260101T00`. */
const hourLength = 11;

/**
 * A folder of profiles, one file each, the oldest of which are removed when it grows beyond a size. What is kept of
 * them is how many bytes those of each hour have: beside 40 processes their names were 6 MB more an hour.
 */
export class ProfileFolder {
  readonly #folder: string;
  readonly #limit: number;
  readonly #onDrop: (count: number) => void;
  readonly #hours = new Map<string, number>();
  #bytes = 0;
  /** Files of the hour that is being removed, the oldest last. */
  #oldest: string[] = [];

  /** `limit`: bytes. `onDrop`: a profile could not be written. Throws file errors. */
  constructor(folder: string, limit: number, onDrop: (count: number) => void) {
    this.#folder = folder;
    this.#limit = limit;
    this.#onDrop = onDrop;
    try {
      mkdirSync(folder, { recursive: true });
      for (const name of namesIn(folder)) {
        // Of one that was killed while it wrote.
        if (ours.test(name.replace(/\.part$/, '')) && name.endsWith('.part'))
          removeQuietly(join(folder, name));
        if (ours.test(name)) this.#count(name, sizeOf(join(folder, name)));
      }
    } catch (error) {
      throw fileError(error, 'write', folder);
    }
  }

  push({ service, labels, from, body }: ProfileMessage): void {
    const time = new Date(from).toISOString().replace(/[-:]|\.\d+/g, '');
    const name = `${time}-${service.replace(/[^\w-]/g, '_')}-${labels['pid'] ?? 0}.pb.gz`;
    const path = join(this.#folder, name);
    try {
      removeQuietly(`${path}.part`);
      // Never through a link that somebody put there.
      writeFileSync(`${path}.part`, body, { flag: 'wx', mode: 0o600 });
      renameSync(`${path}.part`, path);
      this.#count(name, body.length);
    } catch {
      removeQuietly(`${path}.part`);
      this.#onDrop(1);
    }
    while (this.#bytes > this.#limit) this.#removeOldest();
  }

  #count(name: string, bytes: number): void {
    const hour = name.slice(0, hourLength);
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + bytes);
    this.#bytes += bytes;
  }

  #removeOldest(): void {
    if (this.#oldest.length === 0) this.#oldest = this.#filesOfOldestHour();
    const name = this.#oldest.pop();
    if (name === undefined) return;
    const path = join(this.#folder, name);
    // At least something, so that it comes to an end also where nothing can be removed.
    this.#count(name, -Math.max(1, sizeOf(path)));
    removeQuietly(path);
  }

  /** Those that are left of it; where others removed them, it counts no more. */
  #filesOfOldestHour(): string[] {
    const [hour = ''] = [...this.#hours.keys()].sort();
    const names: string[] = [];
    try {
      for (const name of namesIn(this.#folder))
        if (ours.test(name) && name.startsWith(hour)) names.push(name);
    } catch {
      // The folder was removed.
    }
    if (names.length === 0) {
      this.#bytes -= this.#hours.get(hour) ?? 0;
      this.#hours.delete(hour);
    }
    return names.sort().reverse();
  }
}

/** A folder may have a million files: they are not listed at once. */
function* namesIn(folder: string): Generator<string> {
  const opened = opendirSync(folder, { bufferSize: 256 });
  try {
    for (let entry = opened.readSync(); entry; entry = opened.readSync()) yield entry.name;
  } finally {
    opened.closeSync();
  }
}

/** 0: somebody removed it. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody was faster.
  }
}
