import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../binary/byte-source.js';

/** O_PATH of Linux, which Node does not name. */
const pathOnly = 0o10000000;

function regular(file: number): { size: number; ino: number } {
  const facts = fstatSync(file);
  if (!facts.isFile()) throw new Error('this is no regular file');
  return facts;
}

/** A file that is read where it lies. Closed by `close`, or when nobody holds it any more. */
export class FileSource implements ByteSource {
  readonly #file: number;
  /** Bytes. */
  readonly size: number;
  readonly inode: number;

  /**
   * Throws what the system says when the file cannot be opened, and when it is none: the path may have been chosen by
   * the process that is looked at. To open a FIFO waits for its other end, and to open a device can be to use it; so
   * it is looked at first, through a descriptor (O_PATH) that does neither, and then that file is opened, whatever
   * the path leads to by then.
   */
  static open(path: string): FileSource {
    const pathFile = openSync(path, pathOnly);
    try {
      const { size, ino } = regular(pathFile);
      return new FileSource(openSync(`/proc/self/fd/${pathFile}`, 'r'), size, ino);
    } finally {
      closeSync(pathFile);
    }
  }

  private constructor(file: number, size: number, inode: number) {
    this.#file = file;
    this.size = size;
    this.inode = inode;
    closing.register(this, file, this);
  }

  read(offset: number, length: number): Uint8Array | undefined {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) return undefined;
    const bytes = new Uint8Array(length);
    try {
      return readSync(this.#file, bytes, 0, length, offset) === length ? bytes : undefined;
    } catch {
      // A disk or a network that fails, or a file system of the process's own.
      return undefined;
    }
  }

  /** Nothing may be read afterwards. */
  close(): void {
    closing.unregister(this);
    closeSync(this.#file);
  }
}

const closing = new FinalizationRegistry((file: number) => closeSync(file));
