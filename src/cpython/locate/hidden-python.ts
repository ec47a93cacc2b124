import type { ByteSource } from '../../binary/byte-source.js';
import { type LoadSegment, readElfHead, segmentFlags, x86_64 } from '../../binary/elf/elf.js';

/**
 * Whether a file has CPython in it though no symbol or section says so: one that was linked with the static library and
 * stripped, and has none of its symbols exported. It is told by a text of CPython among its constants, which all
 * versions from 3.6 on have, at 3.15 still (Objects/genobject.c or Python/ceval.c). A tool for Python may have
 * it as well, so it shows no more than that its memory is worth a search (`runtime-search.ts`).
 */
const mark = "cannot 'yield from' a coroutine object in a non-coroutine generator\0";

/** The smallest CPython, without its documentation, takes twice as much. */
const smallestPython = 1 << 20;
const chunk = 1 << 20;

/** A file that has CPython in it, where no symbol says so. */
export interface HiddenPython {
  readonly segments: readonly LoadSegment[];
  /** The file's first page: in memory it is the same, unless another file has come in its place. */
  readonly firstPage: Uint8Array;
}

const pageSize = 4096;

/** What an ELF file for x86-64 has of CPython by its constants; `undefined`: nothing. */
export function hiddenPythonIn(source: ByteSource): HiddenPython | undefined {
  const head = readElfHead(source);
  if (head?.machine !== x86_64) return undefined;
  const constants = head.segments.filter(({ flags }) => (flags & segmentFlags.write) === 0);
  const size = constants.reduce((sum, { fileSize }) => sum + fileSize, 0);
  if (!(size >= smallestPython)) return undefined;
  // Older linkers put constants before or behind the code, in one segment with it.
  const executes = ({ flags }: LoadSegment) => flags & segmentFlags.execute;
  const inOrder = [...constants].sort((a, b) => executes(a) - executes(b));
  if (!inOrder.some(({ offset, fileSize }) => hasMark(source, offset, fileSize))) return undefined;
  return { segments: head.segments, firstPage: source.read(0, pageSize) ?? new Uint8Array(0) };
}

const wanted = Uint8Array.from(mark, (character) => character.charCodeAt(0));
/** By byte, how far a search may go on when the last byte of a window is this one (Horspool). */
const skips = new Uint8Array(256).fill(wanted.length);
for (let at = 0; at < wanted.length - 1; at++) skips[wanted[at]!] = wanted.length - 1 - at;

function hasMark(source: ByteSource, offset: number, length: number): boolean {
  const overlap = wanted.length - 1;
  for (let done = 0; done + wanted.length <= length; done += chunk) {
    const bytes = source.read(offset + done, Math.min(chunk + overlap, length - done));
    if (!bytes) return false;
    if (contains(bytes)) return true;
  }
  return false;
}

function contains(bytes: Uint8Array): boolean {
  const last = wanted.length - 1;
  for (let end = last; end < bytes.length; end += skips[bytes[end]!]!) {
    let at = 0;
    while (at <= last && bytes[end - at] === wanted[last - at]) at++;
    if (at > last) return true;
  }
  return false;
}
