import { ByteReader } from '../../bytes/byte-reader.js';
import { decodeCharacters } from '../../bytes/text.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';

/**
 * `str` objects. The state word says how the characters lie (CPython Include/cpython/unicodeobject.h):
 *
 *   up to 3.11   interned:2 kind:3 compact:1 ascii:1 ready:1
 *   3.12, 3.13   interned:2 kind:3 compact:1 ascii:1 (statically_allocated:1 in 3.12.3 and later)
 *   3.14         interned:16 kind:3 compact:1 ascii:1
 */
const longestString = 2 ** 40;

/** The text of the `str` at `address`, cut to `most` characters with `…`; `undefined` when there is no such object. */
export function readString(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  most: number,
): string | undefined {
  const { unicode } = layout;
  if (!isPointer(address)) return undefined;
  const bytes = memory.read(address, unicode.asciiSize);
  if (!bytes) return undefined;
  const fields = new ByteReader(bytes);
  const length = fields.u64(unicode.length);
  const state = fields.u32(unicode.state) >>> (layout.minor >= 14 ? 16 : 2);
  const kind = state & 7;
  const compact = (state >> 3) & 1;
  const ascii = (state >> 4) & 1;
  if (!(length <= longestString) || compact === 0 || (kind !== 1 && kind !== 2 && kind !== 4))
    return undefined;
  const kept = Math.min(length, most);
  if (kept === 0) return '';
  const characters = memory.read(address + (ascii ? unicode.asciiSize : unicode.compactSize), kept * kind);
  if (!characters) return undefined;
  return decodeCharacters(characters, kind) + (kept < length ? '…' : '');
}
