import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { standardOutput } from './destination.js';
import { fileError, pathError } from './file-error.js';

/** The bytes of a recording. */
export interface RecordingSource {
  readonly size: number;
  /** Of the file, where it is one that has a name. */
  readonly stats?: Stats;
  /** Fewer bytes than asked for only at the end. */
  readAt(offset: number, length: number): Uint8Array;
  close(): void;
}

/** What is taken from a pipe, whose bytes must all be kept: an hour at 1,000 samples a second has 10 to 30 MB. */
const mostStreamBytes = 1 << 30;
const standardInput = standardOutput;

/** Opens a recording; `-` is standard input. A pipe is read to its end first. Throws PyglassErrors. */
export function openSource(path: string): RecordingSource {
  const file = path === standardInput ? 0 : openedFile(path);
  const close = () => {
    if (file !== 0) closeSync(file);
  };
  try {
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw pathError('file-is-folder', 'read', path, 'it is a folder');
    if (stats.isFile()) return { ...sourceOf(file, stats.size), stats, close };
    const bytes = wholeStream(file, path);
    close();
    return sourceOfBytes(bytes);
  } catch (error) {
    close();
    throw fileError(error, 'read', path);
  }
}

function openedFile(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOCTTY);
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

/** Bytes that are at hand. */
export function sourceOfBytes(bytes: Uint8Array): RecordingSource {
  return {
    size: bytes.length,
    readAt: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => {},
  };
}

/** An open file, which is left open. */
export function sourceOf(file: number, size: number): RecordingSource {
  return {
    size,
    readAt: (offset, length) => {
      // What is allocated is bounded by what there is.
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let read = 0;
      while (read < bytes.length) {
        const count = readSync(file, bytes, read, bytes.length - read, offset + read);
        if (count === 0) break;
        read += count;
      }
      return bytes.subarray(0, read);
    },
    close: () => {},
  };
}

function wholeStream(file: number, path: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const piece = new Uint8Array(1 << 16);
    const count = readSome(file, piece);
    if (count === 0) return Buffer.concat(pieces);
    size += count;
    if (size > mostStreamBytes)
      throw pathError('recording-too-long', 'read', path, 'a pipe may bring at most 1 GB');
    pieces.push(piece.subarray(0, count));
  }
}

/** Waits for what a pipe brings next; 0 at its end. */
export function readSome(file: number, piece: Uint8Array): number {
  for (;;) {
    try {
      return readSync(file, piece);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe that somebody made non-blocking and that is empty: no event here says when it no longer is.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
