import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { isInstance, TypeFlag } from './type-flags.js';

/** What the `bytes` object at `address` holds; `undefined` when it holds more than `most` or cannot be read. */
export function readBytes(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  most: number,
): Uint8Array | undefined {
  if (!isPointer(address) || !isInstance(memory, layout, address, TypeFlag.bytes)) return undefined;
  const size = readPointer(memory, address + layout.bytes.size);
  if (!(size <= most)) return undefined;
  return size === 0 ? new Uint8Array(0) : memory.read(address + layout.bytes.data, size);
}
