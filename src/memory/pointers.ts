import type { TargetMemory } from './target-memory.js';

/**
 * Anything above is not an address of the target: user space ends there on aarch64, at 2^47 on x86-64, unless a program
 * asks for more (larger page tables).
 */
export const addressLimit = 2 ** 48;
/** The same for the high half of an address. */
export const highHalfLimit = 0x1_0000;

/** Whether `value` can be the address of an object: in user space, past the zero page. */
export function isPointer(value: number): boolean {
  return value >= 4096 && value < addressLimit;
}

/**
 * The 8-byte little-endian number at `address`, NaN when it cannot be read or is 2^53 or more. 0 is a null pointer.
 */
export function readPointer(memory: TargetMemory, address: number): number {
  const bytes = isPointer(address) ? memory.read(address, 8) : undefined;
  if (!bytes) return Number.NaN;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const top = view.getUint32(4, true);
  return top >= 0x20_0000 ? Number.NaN : top * 0x1_0000_0000 + view.getUint32(0, true);
}

/**
 * The pointer at byte `offset` of a copy; anything that is not one comes out above 2^48 and fails every later check.
 */
export function pointerAt(words: Uint32Array, offset: number): number {
  return words[(offset >> 2) + 1]! * 0x1_0000_0000 + words[offset >> 2]!;
}
