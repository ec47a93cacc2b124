import { pagedMemory, pageSize } from './paged-memory.js';
import type { TargetMemory } from './target-memory.js';

/** Longer reads are of big objects that nothing else shares a page with. */
const longestCached = 16 * pageSize;
const mostPages = 32_768;

/**
 * The same memory, each page of it copied once: for a look at one moment, in which small objects that lie close
 * together are followed from one to the next. What changes after its page was copied is not seen.
 */
export function cachedMemory(memory: TargetMemory): TargetMemory {
  const pages = new Map<number, Uint8Array | undefined>();
  const cached = pagedMemory((number) => {
    if (pages.has(number)) return pages.get(number);
    if (pages.size >= mostPages) pages.clear();
    const bytes = memory.read(number * pageSize, pageSize);
    pages.set(number, bytes);
    return bytes;
  });
  return {
    read: (address, length) =>
      length <= longestCached ? cached.read(address, length) : memory.read(address, length),
    readMany: cached.readMany,
  };
}
