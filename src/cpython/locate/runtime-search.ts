import type { ByteBudget } from '../../binary/byte-source.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';

/** A program or library in the target's memory, by addresses. */
export interface LoadedFile {
  readonly start: number;
  readonly end: number;
  /** What it can write to. Lengths in bytes. */
  readonly data: readonly { readonly start: number; readonly length: number }[];
}

/** What may be part of a runtime, by what lies there alone. */
export interface RuntimeTrace {
  /**
   * `interpreters`: where the pointer to the first interpreter lies, of 3.7 to 3.12. `offsets`: the table that begins
   * the runtime from 3.13 on.
   */
  readonly kind: 'interpreters' | 'offsets';
  readonly address: number;
}

const chunk = 1 << 20;
const pageSize = 4096;
const wordSize = 8;
/** Words of a trace beside that at which it begins: one before it, two behind it. */
const before = 1;
const behind = 2;
/** No program makes more interpreters one after the other. */
const mostMade = 1 << 24;
/** `xdebugpy`, as two words of four bytes. */
const cookie = [0x6265_6478, 0x7970_6775] as const;

/**
 * Traces of a runtime in the data of a program. From 3.7 to 3.12 (Include/internal/pycore_runtime.h, pycore_pystate.h)
 *
 *     struct pyinterpreters { mutex   head   main   next_id }
 *
 * is three pointers and a small number. Tables of C functions are as well, but their pointers lead into the file, that
 * of the mutex to the heap. From 3.13 on the runtime begins with a cookie. The last data comes first: arrays of the
 * program, which may be large, lie before the data of libraries.
 */
export function* runtimeTraces(
  memory: TargetMemory,
  { data, start, end }: LoadedFile,
  budget: ByteBudget,
): Generator<RuntimeTrace> {
  const isInFile = (address: number) => address >= start && address < end;
  for (const range of [...data].reverse()) {
    const rangeEnd = range.start + range.length;
    for (let done = 0; done < range.length && budget.left > 0; done += chunk) {
      budget.left -= Math.min(chunk, range.length - done);
      const from = Math.max(range.start, rangeEnd - done - chunk - (before + behind) * wordSize);
      for (const piece of readable(memory, from, rangeEnd - done - from))
        yield* tracesIn(piece.bytes, piece.start, isInFile);
    }
  }
}

/** All of a part of memory, or those of its pages that can be read. */
function* readable(
  memory: TargetMemory,
  start: number,
  length: number,
): Generator<{ readonly start: number; readonly bytes: Uint8Array }> {
  const bytes = memory.read(start, length);
  if (bytes) return yield { start, bytes };
  for (let at = start; at < start + length; ) {
    const next = Math.min(start + length, at - (at % pageSize) + pageSize);
    const page = memory.read(at, next - at);
    if (page) yield { start: at, bytes: page };
    at = next;
  }
}

function* tracesIn(
  bytes: Uint8Array,
  start: number,
  isInFile: (address: number) => boolean,
): Generator<RuntimeTrace> {
  const first = (wordSize - (start % wordSize)) % wordSize;
  // A copy of its own, since the bytes may lie anywhere in theirs.
  const words = new Uint32Array(bytes.slice(first, first + ((bytes.length - first) & ~7)).buffer);
  const valueAt = (at: number) => words[at + 1]! * 0x1_0000_0000 + words[at]!;
  const isPointerAt = (at: number) => (words[at]! & 7) === 0 && isPointer(valueAt(at));
  const last = words.length - 2 * behind;
  for (let at = 0; at < words.length; at += 2) {
    const address = start + first + at * 4;
    if (words[at] === cookie[0] && words[at + 1] === cookie[1]) yield { kind: 'offsets', address };
    if (at < 2 * before || at >= last || words[at + 5] !== 0) continue;
    const made = words[at + 4]!;
    if (made === 0 || made > mostMade) continue;
    if (!isPointerAt(at) || !isPointerAt(at + 2) || !isPointerAt(at - 2)) continue;
    if (!isInFile(valueAt(at - 2))) yield { kind: 'interpreters', address };
  }
}
