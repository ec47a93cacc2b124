import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { isInstance, TypeFlag } from './type-flags.js';

/*
 * An int is its size and sign, then digits of 30 bits in u32s, the lowest first:
 *
 *   up to 3.11   ob_size i64: how many digits, negative for a negative number
 *   from 3.12    lv_tag u64:  how many digits << 3 | 0 positive, 1 zero, 2 negative (bit 2: immortal, from 3.14)
 *
 * CPython Include/cpython/longintrepr.h and Include/internal/pycore_long.h.
 */

/** Digits that a number below 2^53 needs. */
const mostDigits = 2;
const digitBits = 30;

/** The int at `address`; `undefined` when there is none or a double cannot hold it exactly. */
export function readInt(memory: TargetMemory, layout: Layout, address: number): number | undefined {
  const value = readBigInt(memory, layout, address, mostDigits);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The int at `address`; `undefined` when there is none or it has more than `most` digits of 30 bits. */
export function readBigInt(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  most: number,
): bigint | undefined {
  const size = sizeOf(memory, layout, address);
  if (!size) return undefined;
  const { count, negative } = size;
  if (count === 0) return 0n;
  const bytes = count <= most ? memory.read(address + layout.long.digits, 4 * count) : undefined;
  if (!bytes) return undefined;
  const digits = new ByteReader(bytes);
  let value = 0n;
  for (let index = count - 1; index >= 0; index--)
    value = (value << BigInt(digitBits)) | BigInt(digits.u32(4 * index));
  return negative ? -value : value;
}

/** Bits that the int at `address` takes, in whole digits; 0 when there is none. */
export function intBits(memory: TargetMemory, layout: Layout, address: number): number {
  return (sizeOf(memory, layout, address)?.count ?? 0) * digitBits;
}

function sizeOf(
  memory: TargetMemory,
  layout: Layout,
  address: number,
): { count: number; negative: boolean } | undefined {
  if (!isPointer(address) || !isInstance(memory, layout, address, TypeFlag.int)) return undefined;
  const tagBytes = memory.read(address + layout.long.tag, 8);
  if (!tagBytes) return undefined;
  const tag = Number(BigInt.asIntN(64, new ByteReader(tagBytes).bigU64(0)));
  if (layout.minor < 12) return { count: Math.abs(tag), negative: tag < 0 };
  const count = Math.floor(tag / 8);
  return { count: (tag & 3) === 1 ? 0 : count, negative: (tag & 3) === 2 };
}
