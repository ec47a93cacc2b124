import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { isInstance, TypeFlag } from './type-flags.js';

/*
 * An int is its size and sign, then digits of 30 bits in u32s, the lowest first:
 *
 *   up to 3.11   ob_size i64: how many digits, negative for a negative number
 *   from 3.12    lv_tag u64:  how many digits << 3 | 0 positive, 1 zero, 2 negative (bit 2: immortal, from 3.14)
 *
 * In Python 2 that is a `long`, in some builds with digits of 15 bits in u16s; an `int` is an i64, ob_ival.
 *
 * CPython Include/cpython/longintrepr.h and Include/internal/pycore_long.h.
 */

/** Digits that a number below 2^53 needs. */
const mostDigits = 2;
const digitBits = 30;
const narrowDigitBits = 15;
/** Bytes that they take. */
const wideDigit = 4;
const narrowDigit = 2;

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
  const small = layout.python2 && smallInt(memory, layout, address, layout.python2.smallInt);
  if (small !== undefined) return small;
  const size = sizeOf(memory, layout, address);
  if (!size) return undefined;
  const { count, negative } = size;
  if (count === 0) return 0n;
  const width = digitWidth(memory, layout, address);
  if (!(count * width <= most * wideDigit)) return undefined;
  const bytes = memory.read(address + layout.long.digits, width * count);
  if (!bytes) return undefined;
  const digits = new ByteReader(bytes);
  let value = 0n;
  for (let index = count - 1; index >= 0; index--) {
    const digit = width === wideDigit ? digits.u32(4 * index) : digits.u16(2 * index);
    value = (value << BigInt(width === wideDigit ? digitBits : narrowDigitBits)) | BigInt(digit);
  }
  return negative ? -value : value;
}

/** The `int` of Python 2 at `address`, or bool, which is one. */
function smallInt(memory: TargetMemory, layout: Layout, address: number, at: number): bigint | undefined {
  if (!isPointer(address) || !isInstance(memory, layout, address, TypeFlag.smallInt)) return undefined;
  const bytes = memory.read(address + at, 8);
  return bytes && BigInt.asIntN(64, new ByteReader(bytes).bigU64(0));
}

/** Bytes of a digit, which the type of Python 2 gives as the size of its items. */
function digitWidth(memory: TargetMemory, layout: Layout, address: number): number {
  if (!layout.python2) return wideDigit;
  const type = readPointer(memory, address + layout.object.type);
  return readPointer(memory, type + layout.type.itemSize) === narrowDigit ? narrowDigit : wideDigit;
}

/** Bits that the int at `address` takes, in whole digits; 0 when there is none. */
export function intBits(memory: TargetMemory, layout: Layout, address: number): number {
  const bits = digitWidth(memory, layout, address) === wideDigit ? digitBits : narrowDigitBits;
  return (sizeOf(memory, layout, address)?.count ?? 0) * bits;
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
