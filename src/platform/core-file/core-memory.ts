import type { ByteSource } from '../../binary/byte-source.js';
import { readEach, type TargetMemory } from '../../memory/target-memory.js';
import type { CoreSegment } from './core-headers.js';

/** Bytes that lie one after another in a file, or as many zeros where there is no source. */
export interface Piece {
  readonly source: ByteSource | undefined;
  readonly offset: number;
  readonly length: number;
}

/** Nothing of Python is as long: what asks for more has read a length that makes no sense. */
const longestRead = 256 << 20;

/**
 * Memory as a core file has it. What is not in the file is asked of `elsewhere`: up to `end` no part of the core file
 * follows.
 */
export function coreMemory(
  source: ByteSource,
  segments: readonly CoreSegment[],
  elsewhere?: (address: number, end: number) => Piece | undefined,
): TargetMemory {
  const pieceAt = (address: number): Piece | undefined => {
    const index = lastBefore(segments, address);
    const segment = segments[index];
    const next = segments[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    if (segment === undefined || address >= segment.end) return elsewhere?.(address, next);
    const at = address - segment.start;
    if (at >= segment.fileSize) return elsewhere?.(address, segment.end);
    return { source, offset: segment.offset + at, length: segment.fileSize - at };
  };
  const read = (address: number, length: number): Uint8Array | undefined => {
    if (!(address >= 0 && length >= 0 && length <= longestRead)) return undefined;
    const pieces: Piece[] = [];
    // Before there is room for them: most of a length that makes no sense is not there.
    for (let found = 0; found < length; ) {
      const piece = pieceAt(address + found);
      if (!piece || piece.length <= 0) return undefined;
      const part = { ...piece, length: Math.min(piece.length, length - found) };
      if (part.length === length && part.source) return part.source.read(part.offset, length);
      pieces.push(part);
      found += part.length;
    }
    return joined(pieces, length);
  };
  return {
    read,
    readMany: (plan, into) => readEach(plan, into, read),
  };
}

function joined(pieces: readonly Piece[], length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for (const { source, offset, length: size } of pieces) {
    const part = source ? source.read(offset, size) : undefined;
    if (source && !part) return undefined;
    if (part) bytes.set(part, filled);
    filled += size;
  }
  return bytes;
}

/** The index of the last one that begins at or before an address; -1 when none does. */
export function lastBefore(sorted: readonly { readonly start: number }[], address: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.start <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
