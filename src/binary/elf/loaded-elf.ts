import { ByteReader } from '../../bytes/byte-reader.js';
import type { ByteSource } from '../byte-source.js';
import { dynamicSymbols, type Elf, type ElfHead, type ElfSection, segmentFlags } from './elf.js';
import { gnuHash } from './exported-symbol.js';

/**
 * An ELF file as it lies in the memory of a process, for one that can no longer be opened. Section headers are not
 * mapped, but what the dynamic linker needs is: from PT_DYNAMIC (pairs of a tag and an address or size) the exported
 * symbols. The C library may have replaced these addresses by those after relocation, glibc has.
 */
const tags = { end: 0, strings: 5, symbols: 6, stringsSize: 10, gnuHash: 0x6fff_fef5 } as const;
const entrySize = 16;
const mostEntries = 256;

/**
 * `memory` is read at virtual addresses before relocation, `bias` bytes below the real ones. `undefined`: no dynamic
 * symbols.
 */
export function loadedElf(head: ElfHead, memory: ByteSource, bias: number): Elf | undefined {
  const { dynamic, segments } = head;
  const size = Math.min(dynamic?.size ?? 0, mostEntries * entrySize);
  const bytes = dynamic && memory.read(dynamic.address, size - (size % entrySize));
  if (!bytes) return undefined;
  const table = new ByteReader(bytes);
  const values = new Map<number, number>();
  for (let at = 0; at < table.length && table.u64(at) !== tags.end; at += entrySize)
    values.set(table.u64(at), table.u64(at + 8));
  const address = (tag: number) => {
    const value = values.get(tag) ?? Number.NaN;
    return bias > 0 && value >= bias ? value - bias : value;
  };
  const section = (type: number, at: number, length = 0, link = 0, name = ''): ElfSection => {
    return { name, type, address: at, offset: at, size: length, link };
  };
  const symbols = address(tags.symbols);
  const strings = address(tags.strings);
  const hash = address(tags.gnuHash);
  if (Number.isNaN(symbols) || Number.isNaN(strings) || Number.isNaN(hash)) return undefined;
  // Constants lie behind the code in a segment of their own, with older linkers in that of the code.
  const withoutWrite = segments.filter(({ flags }) => (flags & segmentFlags.write) === 0);
  const constants =
    withoutWrite.filter(({ flags }, index) => index > 0 && (flags & segmentFlags.execute) === 0).at(-1) ??
    withoutWrite.at(-1);
  return {
    ...head,
    source: memory,
    sections: [
      section(0, 0),
      section(dynamicSymbols, symbols, 0, 2),
      section(3, strings, values.get(tags.stringsSize)),
      section(gnuHash, hash),
      ...(constants ? [section(1, constants.address, constants.fileSize, 0, '.rodata')] : []),
    ],
  };
}
