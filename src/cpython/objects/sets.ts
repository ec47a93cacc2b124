import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';

const entrySize = 16;
/** The hash of a removed entry, -1, as `pointerAt` gives it. */
const removed = 0xffff_ffff * 0x1_0000_0000 + 0xffff_ffff;

/**
 * Addresses of the first `most` members of the set at `address`; `undefined` when it cannot be read, or its table, in
 * which up to five times as many find room, has more than `largestTable` entries.
 */
export function setMembers(
  memory: TargetMemory,
  { set }: Layout,
  address: number,
  { most, largestTable }: { readonly most: number; readonly largestTable: number },
): number[] | undefined {
  if (readPointer(memory, address + set.used) === 0) return [];
  const mask = readPointer(memory, address + set.mask);
  const table = readPointer(memory, address + set.table);
  const bytes =
    mask < largestTable && isPointer(table) ? memory.read(table, (mask + 1) * entrySize) : undefined;
  if (!bytes) return undefined;
  const entries = new Uint32Array(bytes.slice().buffer);
  const members: number[] = [];
  for (let at = 0; at < bytes.length && members.length < most; at += entrySize) {
    const key = pointerAt(entries, at + set.entryKey);
    if (isPointer(key) && pointerAt(entries, at + set.entryHash) !== removed) members.push(key);
  }
  return members;
}
