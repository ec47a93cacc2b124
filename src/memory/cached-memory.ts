import type { TargetMemory } from './target-memory.js';

const pageSize = 4096;
/** Longer reads are of big objects that nothing else shares a page with. */
const longestCached = 16 * pageSize;
const mostPages = 32_768;

/**
 * The same memory, each page of it copied once: for a look at one moment, in which small objects that lie close
 * together are followed from one to the next. What changes after its page was copied is not seen.
 */
export function cachedMemory(memory: TargetMemory): TargetMemory {
  const pages = new Map<number, Uint8Array | undefined>();
  const page = (number: number) => {
    if (pages.has(number)) return pages.get(number);
    if (pages.size >= mostPages) pages.clear();
    const bytes = memory.read(number * pageSize, pageSize);
    pages.set(number, bytes);
    return bytes;
  };
  const read = (address: number, length: number): Uint8Array | undefined => {
    if (!(length <= longestCached)) return memory.read(address, length);
    const first = Math.floor(address / pageSize);
    const offset = address - first * pageSize;
    if (offset + length <= pageSize) return page(first)?.subarray(offset, offset + length);
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const at = address + filled;
      const number = Math.floor(at / pageSize);
      const start = at - number * pageSize;
      const part = page(number)?.subarray(start, start + length - filled);
      if (!part) return undefined;
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  };
  return {
    read,
    readMany(plan, into) {
      let filled = 0;
      for (let region = 0; region < plan.count; region++) {
        const bytes = read(plan.addressOf(region), plan.lengthOf(region));
        if (!bytes) break;
        into.set(bytes, filled);
        filled += bytes.length;
      }
      return filled;
    },
  };
}
