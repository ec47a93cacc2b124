import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../binary/byte-source.js';

/** A file that is read where it lies. Closed by `close`, or when nobody holds it any more. */
export class FileSource implements ByteSource {
  readonly #file: number;
  readonly #size: number;

  /** Throws what the system says when the file cannot be opened. */
  static open(path: string): FileSource {
    return new FileSource(openSync(path, 'r'));
  }

  private constructor(file: number) {
    this.#file = file;
    this.#size = fstatSync(file).size;
    closing.register(this, file, this);
  }

  read(offset: number, length: number): Uint8Array | undefined {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.#size)) return undefined;
    const bytes = new Uint8Array(length);
    return readSync(this.#file, bytes, 0, length, offset) === length ? bytes : undefined;
  }

  /** Nothing may be read afterwards. */
  close(): void {
    closing.unregister(this);
    closeSync(this.#file);
  }
}

const closing = new FinalizationRegistry((file: number) => closeSync(file));
