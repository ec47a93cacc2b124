import {
  close,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  open,
  openSync,
  readSync,
  write,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PyglassError } from '../model/error.js';
import { type Destination, destinationOf, isWritableFolder } from './destination.js';
import { fileError, pathError } from './file-error.js';
import {
  commitPart,
  createPart,
  discardPart,
  namelessPart,
  removeAbandonedParts,
  takeOver,
} from './part-file.js';

export interface WriteOptions {
  /** False for names that nobody typed: a link of that name is replaced, not followed. */
  readonly follow?: boolean;
  /**
   * Stops the writing. Where that waits for a pipe, a thread of ours goes on waiting: only a signal ends the process
   * then.
   */
  readonly signal?: AbortSignal;
  /** The first bytes are there and are about to be written. */
  readonly onBegin?: () => void;
  /** The output is a FIFO that nobody reads yet. */
  readonly onWait?: () => void;
}

type Chunks = Iterable<string | Uint8Array>;

/**
 * Writes an output whole or not at all: a reader never sees half of it, and a failure leaves what was there before. A
 * file keeps its mode and its owner. Pipes and devices are written as they are; a reader of them that has seen enough
 * is no error.
 *
 * Throws PyglassErrors, `writing-stopped` when the signal came, and whatever making the chunks throws.
 */
export async function writeOutput(path: string, chunks: Chunks, options: WriteOptions = {}): Promise<void> {
  const destination = destinationOf(path, options.follow);
  try {
    if (destination.kind !== 'file') await writeThrough(destination, chunks, options);
    else {
      for (const _ of writingFile(destination, chunks, options.onBegin)) {
        // Lets signals be heard.
        await new Promise((resolve) => setImmediate(resolve));
        if (options.signal?.aborted) throw stopped();
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return;
    throw fileError(error, 'write', path);
  }
}

/** The same for a file in one go. Anything else that may be at `path`, a link too, is replaced. */
export function writeFileNow(path: string, chunks: Chunks): void {
  const destination = destinationOf(path, false);
  if (destination.kind !== 'file') throw pathError('file-error', 'write', path, 'it is not a file');
  try {
    for (const _ of writingFile(destination, chunks));
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

function stopped(): PyglassError {
  return new PyglassError('writing-stopped', 'writing was stopped by a signal');
}

type FileDestination = Extract<Destination, { kind: 'file' }>;

/** Writes a step with each turn; when it is left early, nothing has changed. */
function* writingFile(
  { path, stats }: FileDestination,
  chunks: Chunks,
  onBegin: () => void = () => {},
): Generator<void> {
  const folder = dirname(resolve(path));
  const pieces = inPieces(chunks)[Symbol.iterator]();
  // What takes long is often done before the first piece; until then there is nothing to clean up.
  let piece = pieces.next();
  onBegin();
  const before = stats?.isFile() ? stats : undefined;
  // What has other names, or is in a folder that is not ours to change, can only be written over.
  const over = before !== undefined && (before.nlink > 1 || !isWritableFolder(folder));
  if (!over) removeAbandonedParts(folder);
  const part = over ? namelessPart() : createPart(folder, before !== undefined);
  let done = false;
  try {
    for (; !piece.done; piece = pieces.next()) {
      writeAll(part.file, piece.value);
      yield;
    }
    fsyncSync(part.file);
    done = !over && (!before || takeOver(part.file, before)) && commitPart(part, path, before !== undefined);
    if (!done) copyOver(part.file, path);
  } finally {
    if (!done) discardPart(part);
  }
}

/** Replaces what is in a file and leaves the file itself: its names, owner and mode. */
function copyOver(source: number, path: string): void {
  const target = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(target).isFile()) throw pathError('file-error', 'write', path, 'it is not a file');
    ftruncateSync(target);
    const bytes = new Uint8Array(pieceSize);
    let at = 0;
    for (let count = 1; count > 0; at += count) {
      count = readSync(source, bytes, 0, bytes.length, at);
      writeAll(target, bytes.subarray(0, count));
    }
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
}

const pieceSize = 1 << 16;

/** Chunks gathered into pieces that are worth a call of the system. */
function* inPieces(chunks: Chunks): Iterable<Uint8Array> {
  let pending: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    pending.push(bytes);
    size += bytes.length;
    if (size < pieceSize) continue;
    yield Buffer.concat(pending);
    pending = [];
    size = 0;
  }
  yield Buffer.concat(pending);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(file, bytes, written, bytes.length - written);
}

/**
 * Writes to what may make us wait: a pipe that is full, or one that nobody reads. The waiting is left to another
 * thread, so that signals are heard meanwhile.
 */
async function writeThrough(
  destination: Exclude<Destination, FileDestination>,
  chunks: Chunks,
  options: WriteOptions,
): Promise<void> {
  const { signal } = options;
  const stop = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(stopped()), { once: true });
  });
  stop.catch(() => {});
  const waiting = async () => {
    const isOurs = destination.kind === 'descriptor';
    const file = isOurs ? destination.file : await openStream(destination.path, options.onWait);
    try {
      for (const piece of inPieces(chunks)) {
        for (let written = 0; written < piece.length; )
          written += await writeSome(file, piece.subarray(written));
      }
    } finally {
      if (!isOurs) await promisify(close)(file);
    }
  };
  const done = waiting();
  // After a stop nobody waits for it any more.
  done.catch(() => {});
  await Promise.race([done, stop]);
}

async function openStream(path: string, onWait: () => void = () => {}): Promise<number> {
  const { O_WRONLY, O_APPEND, O_NOCTTY, O_NONBLOCK } = constants;
  const flags = O_WRONLY | O_APPEND | O_NOCTTY;
  let probe: number | undefined;
  try {
    // Fails where another open would wait for a reader.
    probe = openSync(path, flags | O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    onWait();
  }
  try {
    // While the probe is open, the reader does not take it for the end that nobody writes.
    return await promisify(open)(path, flags);
  } finally {
    if (probe !== undefined) closeSync(probe);
  }
}

async function writeSome(file: number, bytes: Uint8Array): Promise<number> {
  for (;;) {
    try {
      const { bytesWritten } = await promisify(write)(file, bytes, 0, bytes.length);
      return bytesWritten;
    } catch (error) {
      // A pipe that somebody made non-blocking and that is full: no event says when it no longer is.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
