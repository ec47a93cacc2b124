import { pageSize } from './paged-memory.js';
import type { TargetMemory } from './target-memory.js';

/** Pages that are kept for later, 1 MB: more than a moment needs as a rule. */
const mostKept = 256;

const free: Uint8Array[] = [];

/**
 * A page of memory, to be given back once nothing refers to it any more; `undefined` when it cannot be read. To begin
 * with a process takes 40 of them, which were more than half of the bytes outside of V8's heap that it left behind.
 */
export function takePage(memory: TargetMemory, number: number): Uint8Array | undefined {
  if (!memory.readInto) return memory.read(number * pageSize, pageSize);
  const page = free.pop() ?? new Uint8Array(pageSize);
  if (memory.readInto(number * pageSize, page)) return page;
  givePage(page);
  return undefined;
}

export function givePage(page: Uint8Array): void {
  if (free.length < mostKept) free.push(page);
}
