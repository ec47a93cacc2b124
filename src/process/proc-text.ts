import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Files of /proc about a process are as long as that process wants: with prctl(2), PR_SET_MM_MAP, its command line
 * may be hundreds of megabytes. All others are far shorter than this.
 */
const longest = 1 << 20;
/**
 * Where files are read into: most have some hundred bytes, and the thread that finds children reads thousands a second.
 */
const chunk = Buffer.alloc(64 << 10);

/** The beginning of a file, at most `most` bytes of it; `undefined` when it cannot be read. */
export function fileStart(path: string, most = longest): Buffer | undefined {
  let file = -1;
  try {
    file = openSync(path, 'r');
    const parts: Buffer[] = [];
    for (let left = most; left > 0; ) {
      const part = chunk.subarray(0, Math.min(chunk.length, left));
      const count = fill(file, part);
      parts.push(Buffer.from(part.subarray(0, count)));
      if (count < part.length) break;
      left -= count;
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  } catch {
    return undefined;
  } finally {
    if (file >= 0) closeSync(file);
  }
}

/** Reads until it is full or the file ends: the kernel gives a page at a time. */
function fill(file: number, part: Buffer): number {
  let filled = 0;
  while (filled < part.length) {
    const count = readSync(file, part, filled, part.length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** The same as text. */
export function procText(path: string, most?: number): string | undefined {
  return fileStart(path, most)?.toString('utf8');
}

const line = Buffer.alloc(1024);

/** A file of one line, such as stat, in one read without allocation; `undefined` when it cannot be read. */
export function procLine(path: string): string | undefined {
  let file = -1;
  try {
    file = openSync(path, 'r');
    return line.toString('latin1', 0, readSync(file, line, 0, line.length, 0));
  } catch {
    return undefined;
  } finally {
    if (file >= 0) closeSync(file);
  }
}
