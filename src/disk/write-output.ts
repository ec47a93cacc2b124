import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileTrouble } from './file-trouble.js';

/** `-`: standard output. */
export const standardOutput = '-';

/** Says before anything is recorded what would stop the output from being written. Writes nothing. */
export function checkOutput(path: string): void {
  if (path === standardOutput) return;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (stats) accessSync(path, constants.W_OK);
    else {
      const folder = dirname(path);
      if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
      accessSync(folder, constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    throw fileTrouble(error, 'write', path);
  }
}

/** Whether something may be put beside the output while it is not there yet: not so for pipes and devices. */
export function isPlainFile(path: string): boolean {
  if (path === standardOutput) return false;
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || stats.isFile();
}

/**
 * Writes an output whole or not at all: a reader never sees half of it, and a failure leaves what was there before. Pipes
 * and devices are written as they are; a reader of them that has seen enough is no error.
 */
export function writeOutput(path: string, chunks: Iterable<string | Uint8Array>): void {
  try {
    if (path === standardOutput) writeAll(1, chunks);
    else if (isPlainFile(path)) writeWhole(path, chunks);
    else writeThrough(path, chunks);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return;
    throw fileTrouble(error, 'write', path);
  }
}

function writeThrough(path: string, chunks: Iterable<string | Uint8Array>): void {
  const file = openSync(path, 'w');
  try {
    writeAll(file, chunks);
  } finally {
    closeSync(file);
  }
}

function writeWhole(path: string, chunks: Iterable<string | Uint8Array>): void {
  // A link stays a link: what it points to is what gets replaced.
  const target = statSync(path, { throwIfNoEntry: false }) ? realpathSync(path) : path;
  const part = join(dirname(target), `.pyglass-${process.pid}.part`);
  const file = openSync(part, 'w');
  try {
    writeAll(file, chunks);
    fsyncSync(file);
    renameSync(part, target);
  } catch (error) {
    unlinkSync(part);
    throw error;
  } finally {
    closeSync(file);
  }
}

const bufferSize = 1 << 16;

function writeAll(file: number, chunks: Iterable<string | Uint8Array>): void {
  let pending: Uint8Array[] = [];
  let size = 0;
  const flush = () => {
    const bytes = Buffer.concat(pending);
    for (let written = 0; written < bytes.length; ) written += writeSome(file, bytes.subarray(written));
    pending = [];
    size = 0;
  };
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    pending.push(bytes);
    size += bytes.length;
    if (size >= bufferSize) flush();
  }
  flush();
}

function writeSome(file: number, bytes: Uint8Array): number {
  for (;;) {
    try {
      return writeSync(file, bytes);
    } catch (error) {
      // A pipe that somebody made non-blocking and that is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
