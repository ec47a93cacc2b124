import type { ByteSource } from '../../binary/byte-source.js';
import { pagedMemory, pageSize } from '../../memory/paged-memory.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Target, ThreadActivity } from '../target.js';
import type { FilePart, MemoryImage } from './memory-image.js';

/** A memory image as a target. What the image does not have cannot be read. */
export function imageTarget({ facts, files, existing, threads, pages }: MemoryImage): Target {
  const memory = pagedMemory((number) => pages.get(number));
  // What is read is the caller's. What is no whole page is in a buffer of its own, which may be viewed as 32-bit
  // numbers; of several pages it is a copy anyhow.
  const read: TargetMemory['read'] = (address, length) => {
    const number = Math.floor(address / pageSize);
    const offset = address - number * pageSize;
    if (length === pageSize && offset === 0) return copyPage(pages.get(number));
    return length >= 0 && offset + length <= pageSize
      ? pages.get(number)?.slice(offset, offset + length)
      : memory.read(address, length);
  };
  const copyPage = pageCopies();
  const names = new Set(existing);
  const byId = new Map(threads.map((thread) => [thread.id, thread]));
  const gone: ThreadActivity = { state: '?', waitChannel: '' };
  return {
    facts,
    memory: { ...memory, read },
    files: () =>
      files.map(({ path, mappings, parts }) => ({
        ...{ path, mappings },
        open: () => parts && sourceOf(parts),
      })),
    hasFile: (path) => names.has(path),
    threads: {
      ids: {
        all: () => [...byId.keys()],
        has: (id) => byId.has(id),
        inner: (id) => id,
        areRenumbered: false,
      },
      activity: (id) => byId.get(id)?.activity ?? gone,
      waitingFor: (activity) => threads.find((thread) => thread.activity === activity)?.waitingFor ?? '',
    },
  };
}

/**
 * Copies of whole pages, 64 in one buffer: a dump reads thousands of them, and a buffer for each took three times as
 * long.
 */
function pageCopies(): (page: Uint8Array | undefined) => Uint8Array | undefined {
  let copies = new Uint8Array(0);
  let used = 0;
  return (page) => {
    if (!page) return undefined;
    if (used === copies.length) {
      copies = new Uint8Array(64 * pageSize);
      used = 0;
    }
    const copy = copies.subarray(used, used + pageSize);
    copy.set(page);
    used += pageSize;
    return copy;
  };
}

function sourceOf(parts: readonly FilePart[]): ByteSource {
  return {
    read(offset, length) {
      for (const part of parts) {
        const at = offset - part.offset;
        if (at >= 0 && length >= 0 && at + length <= part.bytes.length)
          return part.bytes.subarray(at, at + length);
      }
      return undefined;
    },
  };
}
