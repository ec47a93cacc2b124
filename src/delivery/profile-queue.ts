import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../disk/file-error.js';
import { tryLock } from '../disk/file-lock.js';
import { PyglassError } from '../model/error.js';
import type { ProfileMessage } from './profile-message.js';

/** The disk, or the part of it that is ours, is full. */
const noRoom = ['ENOSPC', 'EDQUOT'];

export interface QueueOptions {
  /** Where profiles lie until they are delivered, also those of an earlier run; absent: in memory. */
  readonly folder?: string | undefined;
  /** Bytes. */
  readonly limit: number;
  /** So many were dropped: the queue was full, or could not be written or read. */
  readonly onDrop: (count: number) => void;
}

/** One profile in the queue. */
export interface QueuedProfile {
  /** In the order in which they came. */
  readonly name: string;
  readonly bytes: number;
  /** How often the receiver answered that it has an error. */
  faults: number;
}

interface Entry extends QueuedProfile {
  /** Where it is not in a file. */
  readonly content: Buffer | undefined;
  isTaken: boolean;
}

const suffix = '.profile';

/**
 * Profiles that wait for the receiver, the oldest first. What is beyond the limit is dropped, the oldest first. A
 * profile leaves it only when it is done with, so what was taken when we were killed is there at the next start.
 */
export class ProfileQueue {
  readonly #options: QueueOptions;
  readonly #lock: number | undefined;
  #entries: Entry[] = [];
  #bytes = 0;
  #next = 1;

  /** Throws `bad-option` where another process has the folder, and file errors. */
  constructor(options: QueueOptions) {
    this.#options = options;
    const { folder } = options;
    if (folder === undefined) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#lock = openSync(
        join(folder, 'lock'),
        constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW,
        0o600,
      );
      if (tryLock(this.#lock) === 'in use')
        throw new PyglassError('bad-option', `another agent uses the queue in ${folder}`, {
          remedy: ['Stop it, or name another folder: --queue-folder FOLDER'],
        });
      this.#readFolder(folder);
    } catch (error) {
      if (this.#lock !== undefined) closeSync(this.#lock);
      throw fileError(error, 'write', folder);
    }
  }

  #readFolder(folder: string): void {
    for (const name of readdirSync(folder).sort()) {
      // What was being written when an earlier run ended.
      if (name.endsWith('.part')) unlinkSync(join(folder, name));
      if (!/^\d{12}\.profile$/.test(name)) continue;
      const bytes = statSync(join(folder, name)).size;
      this.#entries.push({ name, bytes, faults: 0, content: undefined, isTaken: false });
      this.#bytes += bytes;
      this.#next = Number(name.slice(0, 12)) + 1;
    }
    this.#makeRoom(0);
  }

  get count(): number {
    return this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(message: ProfileMessage): void {
    const content = encoded(message);
    const { folder, limit, onDrop } = this.#options;
    const name = `${String(this.#next++).padStart(12, '0')}${suffix}`;
    if (content.length <= limit) this.#makeRoom(content.length);
    if (content.length > limit || (folder !== undefined && !this.#write(folder, name, content))) {
      onDrop(1);
      return;
    }
    const kept = folder === undefined ? content : undefined;
    this.#entries.push({ name, bytes: content.length, faults: 0, content: kept, isTaken: false });
    this.#bytes += content.length;
  }

  /** Whether it was written; where the disk is full, and only then, older ones make room. */
  #write(folder: string, name: string, content: Buffer): boolean {
    const path = join(folder, name);
    for (;;) {
      try {
        writeFileSync(`${path}.part`, content, { mode: 0o600, flag: 'wx' });
        renameSync(`${path}.part`, path);
        return true;
      } catch (error) {
        removeQuietly(`${path}.part`);
        const { code = '' } = error as NodeJS.ErrnoException;
        if (!noRoom.includes(code) || !this.#dropOldest()) return false;
      }
    }
  }

  #makeRoom(bytes: number): void {
    while (this.#bytes + bytes > this.#options.limit && this.#dropOldest());
  }

  #dropOldest(): boolean {
    const oldest = this.#entries.find(({ isTaken }) => !isTaken);
    if (!oldest) return false;
    this.done(oldest);
    this.#options.onDrop(1);
    return true;
  }

  /** The oldest that nobody has, with what is to be sent. */
  take(): { readonly profile: QueuedProfile; readonly message: ProfileMessage } | undefined {
    for (;;) {
      const entry = this.#entries.find(({ isTaken }) => !isTaken);
      if (!entry) return undefined;
      const message = this.#read(entry);
      if (message) {
        entry.isTaken = true;
        return { profile: entry, message };
      }
      this.done(entry);
      this.#options.onDrop(1);
    }
  }

  #read({ name, content }: Entry): ProfileMessage | undefined {
    try {
      return decoded(content ?? readFileSync(join(this.#options.folder!, name)));
    } catch {
      // Removed or damaged by somebody.
      return undefined;
    }
  }

  /** It may be taken again. */
  putBack({ name }: QueuedProfile): void {
    const entry = this.#entries.find((one) => one.name === name);
    if (entry) entry.isTaken = false;
  }

  /** It was delivered, or is given up. */
  done({ name }: QueuedProfile): void {
    const at = this.#entries.findIndex((one) => one.name === name);
    if (at < 0) return;
    const [entry] = this.#entries.splice(at, 1);
    this.#bytes -= entry!.bytes;
    if (this.#options.folder !== undefined) removeQuietly(join(this.#options.folder, name));
  }

  /** What is in files stays there. */
  close(): void {
    if (this.#lock !== undefined) closeSync(this.#lock);
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or the next start finds it again.
  }
}

/** What is known of a profile as a line of JSON, then the profile. */
function encoded({ body, ...about }: ProfileMessage): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(about)}\n`), body]);
}

function decoded(content: Buffer): ProfileMessage {
  const end = content.indexOf(0x0a);
  const about = JSON.parse(content.toString('utf8', 0, end)) as Omit<ProfileMessage, 'body'>;
  const isWhole =
    typeof about.service === 'string' &&
    typeof about.labels === 'object' &&
    [about.from, about.until, about.rate].every((number) => Number.isFinite(number));
  if (end < 0 || !isWhole) throw new Error('it is damaged');
  return { ...about, body: content.subarray(end + 1) };
}
