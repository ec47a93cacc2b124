import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  type Stats,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { PyglassError } from '../model/error.js';
import { standardOutput as standardStream } from './destination.js';
import { fileError, pathError } from './file-error.js';
import { namelessPart } from './part-file.js';
import { readSome } from './recording-source.js';

/** A file that is read where it lies, or what a pipe brought. */
export interface InputFile {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970; `undefined` for a pipe. */
  readonly writtenAt: number | undefined;
  /** Exactly `length` bytes, `undefined` when there are not so many. */
  read(offset: number, length: number): Uint8Array | undefined;
  close(): void;
}

/** What a pipe may bring: memory of a large machine. It also leaves half of the free space to others. */
const mostBytes = 256 * 2 ** 30;
const pieceBytes = 1 << 20;
/** What is zero throughout takes no space: core files are mostly holes. */
const holeBytes = 1 << 16;
const zeros = new Uint8Array(holeBytes);

/**
 * Opens a file of any size; `-` is standard input. What comes through a pipe is kept in a temporary file without a
 * name. `check` gets the first bytes of a pipe before the others are read, and may throw. Throws file errors and
 * `core-too-large`.
 */
export function openInput(path: string, check: (beginning: Uint8Array) => void): InputFile {
  const inherited = path === standardStream ? '0' : descriptorPath.exec(path)?.[1];
  let file: number | undefined;
  try {
    // Opening a pipe that nobody writes to would wait for ever.
    file =
      inherited === undefined
        ? openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK)
        : Number(inherited);
    const stats = fstatSync(file);
    if (stats.isFile()) return inputOf(file, stats.size, stats.mtimeMs, inherited === undefined);
    refuse(stats, path, inherited !== undefined);
    return spooled(file, path, check);
  } catch (error) {
    if (file !== undefined && inherited === undefined) closeSync(file);
    throw fileError(error, 'read', path);
  }
}

/** Open files of ours, as shells name them: `<(command)`. */
const descriptorPath = /^\/(?:dev|proc\/self)\/fd\/(\d{1,7})$/;

function refuse(stats: Stats, path: string, isInherited: boolean): void {
  if (stats.isDirectory()) throw pathError('file-is-folder', 'read', path, 'it is a folder');
  if (stats.isFIFO() && !isInherited)
    throw pathError('file-error', 'read', path, 'it is a named pipe; give its content on standard input');
  if (stats.isFIFO() || stats.isSocket()) return;
  const what = stats.isCharacterDevice() ? 'it is a terminal or a device' : 'it is a disk';
  throw pathError('file-error', 'read', path, what);
}

function inputOf(file: number, size: number, writtenAt: number | undefined, isOurs: boolean): InputFile {
  return {
    size,
    writtenAt,
    read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= size)) return undefined;
      const bytes = new Uint8Array(length);
      try {
        // The kernel gives at most 2 GB at once, and callers ask for less.
        return readSync(file, bytes, 0, length, offset) === length ? bytes : undefined;
      } catch {
        // A disk that fails.
        return undefined;
      }
    },
    close() {
      if (isOurs) closeSync(file);
    },
  };
}

function spooled(input: number, path: string, check: (beginning: Uint8Array) => void): InputFile {
  const piece = new Uint8Array(pieceBytes);
  let filled = fill(input, piece);
  check(piece.subarray(0, filled));
  const { bavail, bsize } = statfsSync(tmpdir());
  const most = Math.min(mostBytes, (bavail * bsize) / 2);
  const { file } = namelessPart();
  try {
    let size = 0;
    for (; filled > 0; filled = fill(input, piece)) {
      if (size + filled > most) throw tooLarge(path, most);
      keep(file, piece.subarray(0, filled), size);
      size += filled;
    }
    ftruncateSync(file, size);
    return inputOf(file, size, undefined, true);
  } catch (error) {
    closeSync(file);
    throw error instanceof PyglassError ? error : fileError(error, 'write', tmpdir());
  }
}

/** Fewer bytes than there is room for only at the end. */
function fill(input: number, piece: Uint8Array): number {
  let filled = 0;
  while (filled < piece.length) {
    const count = readSome(input, piece.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function keep(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; at += holeBytes) {
    const part = bytes.subarray(at, at + holeBytes);
    if (Buffer.compare(part, zeros.subarray(0, part.length)) === 0) continue;
    for (let written = 0; written < part.length; )
      written += writeSync(file, part, written, part.length - written, position + at + written);
  }
}

function tooLarge(path: string, most: number): PyglassError {
  const gigabytes = (most / 2 ** 30).toFixed(1);
  const what = path === standardStream ? 'standard input' : path;
  return new PyglassError(
    'core-too-large',
    `cannot keep ${what} in ${tmpdir()}: it is more than ${gigabytes} GB, half of the free space there`,
    { path },
  );
}
