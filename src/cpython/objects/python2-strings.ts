import { ByteReader } from '../../bytes/byte-reader.js';
import { decodeCharacters, decodeUnknown } from '../../bytes/text.js';
import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { TypeFlag, typeFlags } from './type-flags.js';

/*
 * The two kinds of strings of Python 2 (Include/stringobject.h and unicodeobject.h of 2.7):
 *
 *   str      PyStringObject, within it the bytes, in whatever encoding the program or its source file has
 *   unicode  PyUnicodeObject │ pointer to characters of 2 or 4 bytes each, as Python was built
 */
const longestString = 2 ** 40;

/** The text of the `str` or `unicode` at `address`, cut to `most` characters (of a `str`, bytes) with `…`. */
export function readPython2String(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  most: number,
): string | undefined {
  const flags = isPointer(address) ? typeFlags(memory, layout, address) : 0;
  if ((flags & TypeFlag.bytes) !== 0) return readStr(memory, layout, address, most);
  return (flags & TypeFlag.str) === 0 ? undefined : readUnicode(memory, layout, address, most);
}

function readStr(memory: TargetMemory, { bytes }: Layout, address: number, most: number): string | undefined {
  const head = memory.read(address, bytes.size + 8);
  const size = head ? new ByteReader(head).u64(bytes.size) : Number.NaN;
  if (!(size <= longestString)) return undefined;
  const kept = Math.min(size, most);
  const text = kept === 0 ? new Uint8Array(0) : memory.read(address + bytes.data, kept);
  return text && decodeUnknown(text) + (kept < size ? '…' : '');
}

function readUnicode(
  memory: TargetMemory,
  { unicode, python2 }: Layout,
  address: number,
  most: number,
): string | undefined {
  const { characters = 0, characterWidth = 0 } = python2 ?? {};
  const head = memory.read(address, characters + 8);
  if (!head || (characterWidth !== 2 && characterWidth !== 4)) return undefined;
  const fields = new ByteReader(head);
  const length = fields.u64(unicode.length);
  if (!(length <= longestString)) return undefined;
  const kept = Math.min(length, most);
  const start = fields.u64(characters);
  const text =
    kept === 0 ? new Uint8Array(0) : isPointer(start) ? memory.read(start, kept * characterWidth) : undefined;
  return text && decodeCharacters(text, characterWidth) + (kept < length ? '…' : '');
}
