import { ByteBudget, type ByteSource, withByteBudget } from '../../binary/byte-source.js';
import { type LoadSegment, readElfHead, segmentFlags } from '../../binary/elf/elf.js';
import { machineOf } from '../../binary/elf/machines.js';

/**
 * CPython in a file in which no symbol or section shows it: one that was linked with the static library and stripped.
 * It is recognised by a text among its constants, which all versions from 3.6 to 3.15 have (Objects/genobject.c or
 * Python/ceval.c). A tool for Python may have it as well, so it shows no more than that the memory of who runs it is
 * worth a look (`find-runtime.ts`).
 */
const mark = "cannot 'yield from' a coroutine object in a non-coroutine generator\0";

/** The smallest CPython, without its documentation, takes twice as much. */
const smallestPython = 1 << 20;
const chunk = 1 << 20;

/** Constants that are searched of one file, 0.3 ms a MB: those of a browser are 60 MB. */
const mostConstants = 64 << 20;

/** Whether an ELF file for x86-64 has CPython in it by its constants. */
export function hasHiddenPython(file: ByteSource): boolean {
  const source = withByteBudget(file, new ByteBudget(mostConstants));
  const head = readElfHead(source);
  if (!head || machineOf(head) !== 'x86-64') return false;
  const constants = head.segments.filter(({ flags }) => (flags & segmentFlags.write) === 0);
  const size = constants.reduce((sum, { fileSize }) => sum + fileSize, 0);
  if (!(size >= smallestPython)) return false;
  // Older linkers put constants before or behind the code, in one segment with it.
  const executes = ({ flags }: LoadSegment) => flags & segmentFlags.execute;
  const inOrder = [...constants].sort((a, b) => executes(a) - executes(b));
  return inOrder.some(({ offset, fileSize }) => hasMark(source, offset, fileSize));
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
