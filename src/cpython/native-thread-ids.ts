import { ByteReader } from '../bytes/byte-reader.js';
import type { TargetMemory } from '../memory/target-memory.js';

/**
 * The kernel's thread ids on Pythons up to 3.10, whose thread states have none: `pthread_self()` is the address of the C
 * library's `struct pthread`, which holds the id at an offset that depends on the library. The main thread's id is
 * known (it is the process id), so the offset is where that number stands in the main thread's struct.
 */
const searched = 2048;

/** Offset of the id in `struct pthread`; -1 when it was not found. */
export function findThreadIdOffset(memory: TargetMemory, mainIdent: number, processId: number): number {
  const bytes = memory.read(mainIdent, searched);
  if (!bytes) return -1;
  const fields = new ByteReader(bytes);
  for (let offset = 0; offset < searched; offset += 4) if (fields.u32(offset) === processId) return offset;
  return -1;
}

export function readThreadId(memory: TargetMemory, ident: number, offset: number): number {
  const bytes = offset < 0 ? undefined : memory.read(ident + offset, 4);
  return bytes ? new ByteReader(bytes).u32(0) : 0;
}

/** The kernel gives no id above it: `PID_MAX_LIMIT` of 64-bit Linux. */
const largestThreadId = 1 << 22;

/** `id`, or 0, which is not known: what stands in the target's memory may be anything. */
export function plausibleThreadId(id: number): number {
  return id > 0 && id <= largestThreadId ? id : 0;
}
