import { mkdirSync, readdirSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileMessage } from '../delivery/profile-message.js';
import { fileError } from '../disk/file-error.js';

/** Files that are ours; no others are removed. */
const ours = /^\d{8}T\d{6}Z-[\w-]+\.pb\.gz$/;

/** A folder of profiles, one file each, the oldest of which are removed when it grows beyond a size. */
export class ProfileFolder {
  readonly #folder: string;
  readonly #limit: number;
  readonly #onDrop: (count: number) => void;
  #files: { readonly name: string; readonly bytes: number }[] = [];
  #bytes = 0;

  /** `limit`: bytes. `onDrop`: a profile could not be written. Throws file errors. */
  constructor(folder: string, limit: number, onDrop: (count: number) => void) {
    this.#folder = folder;
    this.#limit = limit;
    this.#onDrop = onDrop;
    try {
      mkdirSync(folder, { recursive: true });
      for (const name of readdirSync(folder).sort()) {
        // Of one that was killed while it wrote.
        if (ours.test(name.replace(/\.part$/, '')) && name.endsWith('.part'))
          removeQuietly(join(folder, name));
        if (ours.test(name)) this.#note(name, statSync(join(folder, name)).size);
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
      this.#note(name, body.length);
    } catch {
      removeQuietly(`${path}.part`);
      this.#onDrop(1);
    }
    while (this.#bytes > this.#limit && this.#files.length > 0) {
      const oldest = this.#files.shift()!;
      this.#bytes -= oldest.bytes;
      removeQuietly(join(this.#folder, oldest.name));
    }
  }

  #note(name: string, bytes: number): void {
    this.#files.push({ name, bytes });
    this.#bytes += bytes;
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody was faster.
  }
}
