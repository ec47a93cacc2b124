import { type LoadSegment, segmentFlags } from '../../binary/elf/elf.js';

/** A part of a file in the memory of the target. */
export interface Mapping {
  readonly start: number;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  /** As in /proc/PID/maps: `r-xp`. */
  readonly permissions: string;
}

/** Pages of x86-64, and those that a kernel for aarch64 may have instead. */
const pageSizes = [4096, 16 << 10, 64 << 10];
/** A file is loaded once, or twice (dlmopen). */
const mostBiases = 8;

/**
 * What to add to the addresses of a file to have those in memory, the likeliest first. A loader maps each segment
 * where its page of the file begins, on a page that is at most as large as the segment is aligned to; a file may be
 * mapped in other ways besides (libffi maps a page of code again, for its trampolines), so each mapping that fits a
 * segment is a vote for its bias. What remains is for the caller to try.
 */
export function loadBiases(segments: readonly LoadSegment[], mappings: readonly Mapping[]): number[] {
  const votes = new Map<number, Map<number, number>>();
  const vote = (bias: number, segment: number, weight: number) => {
    const cast = votes.get(bias) ?? new Map<number, number>();
    cast.set(segment, Math.max(weight, cast.get(segment) ?? 0));
    votes.set(bias, cast);
  };
  for (const [index, segment] of segments.entries()) {
    for (const pageSize of pageSizes) {
      if ((segment.address - segment.offset) % pageSize !== 0) continue;
      const offset = pageOf(segment.offset, pageSize);
      for (const mapping of mappings)
        if (mapping.offset === offset)
          vote(
            mapping.start - pageOf(segment.address, pageSize),
            index,
            agree(segment.flags, mapping.permissions) ? 3 : 1,
          );
    }
  }
  const sum = (bias: number) => [...votes.get(bias)!.values()].reduce((all, weight) => all + weight, 0);
  return [...votes.keys()].sort((a, b) => sum(b) - sum(a)).slice(0, mostBiases);
}

function pageOf(address: number, pageSize: number): number {
  return Math.floor(address / pageSize) * pageSize;
}

/** Of a segment that may be written, the part that only the linker writes (RELRO) is closed afterwards. */
function agree(flags: number, permissions: string): boolean {
  const executes = (flags & segmentFlags.execute) !== 0;
  const writes = (flags & segmentFlags.write) !== 0;
  return executes === (permissions[2] === 'x') && (writes || permissions[1] !== 'w');
}
