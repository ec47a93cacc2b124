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

/** The int at `address`; `undefined` when there is none or a double cannot hold it exactly. */
export function readInt(memory: TargetMemory, layout: Layout, address: number): number | undefined {
  if (!isPointer(address) || !isInstance(memory, layout, address, TypeFlag.int)) return undefined;
  const tagBytes = memory.read(address + layout.long.tag, 8);
  if (!tagBytes) return undefined;
  const tag = Number(BigInt.asIntN(64, new ByteReader(tagBytes).bigU64(0)));
  const tagged = layout.minor >= 12;
  const count = tagged ? Math.floor(tag / 8) : Math.abs(tag);
  const negative = tagged ? (tag & 3) === 2 : tag < 0;
  if (count === 0 || (tagged && (tag & 3) === 1)) return 0;
  if (!(count > 0 && count <= mostDigits)) return undefined;
  const bytes = memory.read(address + layout.long.digits, 4 * count);
  if (!bytes) return undefined;
  const digits = new ByteReader(bytes);
  let value = 0;
  for (let index = count - 1; index >= 0; index--) value = value * 2 ** 30 + digits.u32(4 * index);
  if (!Number.isSafeInteger(value)) return undefined;
  return negative ? -value : value;
}
