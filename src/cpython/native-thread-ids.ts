import { ByteReader } from '../bytes/byte-reader.js';
import type { TargetMemory } from '../memory/target-memory.js';

/**
 * The kernel's thread ids where thread states have none (up to 3.10), or one that is stale: a fork() that Python does
 * not hear of leaves the parent's there. `pthread_self()` is the address of the C library's `struct pthread`, which
 * holds the id, kept right by the library itself, at an offset that depends on it.
 */
const searched = 2048;
/**
 * Where glibc has it on x86-64 and on aarch64, and musl on x86-64: first choice among offsets that hold as many ids,
 * since a small id may stand elsewhere too.
 */
const usual: readonly number[] = [720, 208, 48];
/** The kernel gives no id above it: `PID_MAX_LIMIT` of 64-bit Linux. */
const largestThreadId = 1 << 22;
/** Structs that are looked at: more of them do not make the offset more certain. */
const mostStructs = 64;

/**
 * Offset of the id in `struct pthread`: where the structs at `idents` hold the most different ids of `threads`, the
 * process's threads as it numbers them itself. -1 when it was not found.
 */
export function findThreadIdOffset(
  memory: TargetMemory,
  idents: readonly number[],
  threads: ReadonlySet<number>,
): number {
  const found = new Map<number, Set<number>>();
  // The oldest come last, and are the surest to have begun.
  for (const ident of idents.slice(-mostStructs)) {
    const bytes = memory.read(ident, searched);
    if (!bytes) continue;
    const fields = new ByteReader(bytes);
    for (let offset = 0; offset < searched; offset += 4) {
      const id = fields.u32(offset);
      // Most words are none, which costs less to see than to look them up.
      if (id > 0 && id <= largestThreadId && threads.has(id))
        found.set(offset, (found.get(offset) ?? new Set()).add(id));
    }
  }
  let best = -1;
  for (const offset of [...usual, ...found.keys()])
    if ((found.get(offset)?.size ?? 0) > (found.get(best)?.size ?? 0)) best = offset;
  return best;
}

/** 0 when it cannot be read. */
export function readThreadId(memory: TargetMemory, ident: number, offset: number): number {
  const bytes = offset < 0 ? undefined : memory.read(ident + offset, 4);
  return bytes ? new ByteReader(bytes).u32(0) : 0;
}

/** `id`, or 0, which is not known: what stands in the target's memory may be anything. */
export function plausibleThreadId(id: number): number {
  return id > 0 && id <= largestThreadId ? id : 0;
}
