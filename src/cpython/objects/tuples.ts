import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { isInstance, TypeFlag } from './type-flags.js';

/** Addresses of the first `most` items of the tuple at `address`; empty when it is not one that can be read. */
export function tupleItems(memory: TargetMemory, layout: Layout, address: number, most: number): number[] {
  return readTuple(memory, layout, address, most) ?? [];
}

/** The same; `undefined` when they cannot be read, or that is no tuple. */
export function readTuple(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  most: number,
): number[] | undefined {
  if (!isPointer(address) || !isInstance(memory, layout, address, TypeFlag.tuple)) return undefined;
  const size = readPointer(memory, address + layout.tuple.size);
  const items = pointersAt(memory, address + layout.tuple.items, size, most);
  return items.length === Math.min(size, most) ? items : undefined;
}

/** The first `most` of `count` pointers from `address` on; what is no pointer comes out as 0. */
export function pointersAt(memory: TargetMemory, address: number, count: number, most: number): number[] {
  const wanted = Math.min(count, most);
  const bytes = wanted > 0 && isPointer(address) ? memory.read(address, wanted * 8) : undefined;
  if (!bytes) return [];
  const reader = new ByteReader(bytes);
  return Array.from({ length: wanted }, (_, at) => {
    const pointer = reader.u64(at * 8);
    return isPointer(pointer) ? pointer : 0;
  });
}
