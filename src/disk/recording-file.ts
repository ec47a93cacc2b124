import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { blockHeaderSize, blockMarker, fileMagic, formatVersion } from '../recording/format.js';
import { fileTrouble } from './file-trouble.js';
import { zlibCompression } from './zlib-compression.js';

/**
 * A recording as it grows on disk. Every block goes to the kernel at once, so that our own death, of whatever kind, loses
 * only what was not handed over yet.
 */
export class RecordingFile {
  readonly path: string;
  readonly #file: number;
  #bytes = 0;
  #open = true;

  /** `replace` false: fails when there is a file already. */
  constructor(path: string, replace: boolean) {
    this.path = path;
    try {
      this.#file = openSync(path, replace ? 'w' : 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      throw fileTrouble(error, 'write', path);
    }
    this.#write(Uint8Array.from([...fileMagic, formatVersion]));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Appends a payload. Throws `disk-full` and other file troubles; what was appended before stays readable. */
  append(payload: Uint8Array): void {
    this.#write(blockOf(payload));
  }

  /** All of it so far and one payload more, as the bytes of a recording of its own. */
  *copyWith(last: Uint8Array): Iterable<Uint8Array> {
    const file = opened(this.path);
    try {
      for (let left = this.#bytes; left > 0; ) {
        const piece = new Uint8Array(Math.min(left, copyStep));
        const read = readSync(file, piece);
        if (read === 0) break;
        left -= read;
        yield piece.subarray(0, read);
      }
    } finally {
      closeSync(file);
    }
    yield blockOf(last);
  }

  #write(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length; )
        written += writeSync(this.#file, bytes, written, bytes.length - written);
    } catch (error) {
      throw fileTrouble(error, 'write', this.path);
    }
    this.#bytes += bytes.length;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#file);
  }

  /** Closes and removes it: what was in it is in the output now. */
  remove(): void {
    this.close();
    // Somebody else may have cleaned up before us.
    rmSync(this.path, { force: true });
  }
}

const copyStep = 1 << 18;

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw fileTrouble(error, 'read', path);
  }
}

function blockOf(payload: Uint8Array): Uint8Array {
  const packed = zlibCompression.deflate(payload);
  const block = new Uint8Array(blockHeaderSize + packed.length);
  block.set(blockMarker);
  const header = new DataView(block.buffer);
  header.setUint32(4, packed.length, true);
  header.setUint32(8, crc32(packed), true);
  block.set(packed, blockHeaderSize);
  return block;
}

/** A recording beside `output` that replaces nothing: one that is already there may be all that is left of an earlier run. */
export function recordingBeside(output: string): RecordingFile {
  for (let number = 1; ; number++) {
    const path = `${output}${number === 1 ? '' : `.${number}`}.pyglass`;
    try {
      return new RecordingFile(path, false);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
