import { readEach, type TargetMemory } from './target-memory.js';

export const pageSize = 4096;

/** Memory of which whole pages are given by their numbers (address / 4096); `undefined`: that one cannot be read. */
export function pagedMemory(page: (number: number) => Uint8Array | undefined): TargetMemory {
  const read = (address: number, length: number): Uint8Array | undefined => {
    if (!(length >= 0)) return undefined;
    const first = Math.floor(address / pageSize);
    const offset = address - first * pageSize;
    if (offset + length <= pageSize) return page(first)?.subarray(offset, offset + length);
    const last = Math.floor((address + length - 1) / pageSize);
    // Before there is room for them: a length that makes no sense ends at a page that is not there.
    for (let number = first; number <= last; number++) if (!page(number)) return undefined;
    const bytes = new Uint8Array(length);
    for (let filled = 0, number = first; filled < length; number++) {
      const from = number === first ? offset : 0;
      const part = page(number)?.subarray(from, from + length - filled);
      if (!part) return undefined;
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  };
  return {
    read,
    readMany: (plan, into) => readEach(plan, into, read),
  };
}
