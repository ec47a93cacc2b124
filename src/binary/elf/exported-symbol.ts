import { ByteReader } from '../../bytes/byte-reader.js';
import { asciiUntilNul } from '../../bytes/text.js';
import { dynamicSymbols, type Elf } from './elf.js';

/**
 * One symbol by the table that the dynamic linker uses (`.gnu.hash`), without reading the symbols of the whole file,
 * which takes 200 ms in a browser or in Node.
 *
 *     u32 buckets   u32 first hashed symbol   u32 words of the Bloom filter   u32 shift
 *     u64 filter[]  u32 bucket[]: first symbol of a chain   u32 chain[]: a hash a symbol, bit 0 ends the chain
 */
export const gnuHash = 0x6fff_fff6;
const mostBuckets = 1 << 24;
/** Real chains hold a few symbols. */
const longestChain = 4096;

/**
 * Virtual address (before relocation) of a symbol that the file exports; `undefined` when it does not, or has no such
 * table.
 */
export function exportedSymbol(elf: Elf, name: string): number | undefined {
  const table = elf.sections.find(({ type }) => type === gnuHash);
  const symbols = elf.sections.find(({ type }) => type === dynamicSymbols);
  const strings = symbols && elf.sections[symbols.link];
  const head = table && bytesAt(elf, table.offset, 16);
  if (!head || !symbols || !strings) return undefined;
  const buckets = head.u32(0);
  const firstSymbol = head.u32(4);
  if (buckets === 0 || buckets > mostBuckets) return undefined;
  const hash = hashOf(name);
  const bucketsAt = table.offset + 16 + head.u32(8) * 8;
  const chainAt = bucketsAt + buckets * 4;
  const start = bytesAt(elf, bucketsAt + (hash % buckets) * 4, 4)?.u32(0) ?? 0;
  if (start < firstSymbol) return undefined;
  for (let symbol = start; symbol < start + longestChain; symbol++) {
    const link = bytesAt(elf, chainAt + (symbol - firstSymbol) * 4, 4)?.u32(0);
    if (link === undefined) return undefined;
    if (link >>> 1 === hash >>> 1) {
      const entry = bytesAt(elf, symbols.offset + symbol * 24, 24);
      const text = entry && elf.source.read(strings.offset + entry.u32(0), name.length + 1);
      if (entry && text && asciiUntilNul(text, 0, text.length) === name && entry.u16(6) !== 0)
        return entry.u64(8);
    }
    if ((link & 1) === 1) return undefined;
  }
  return undefined;
}

function bytesAt(elf: Elf, offset: number, length: number): ByteReader | undefined {
  const bytes = elf.source.read(offset, length);
  return bytes && new ByteReader(bytes);
}

/** Bernstein's hash, as glibc's elf/dl-lookup.c computes it. */
function hashOf(name: string): number {
  let hash = 5381;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 33) + name.charCodeAt(at)) >>> 0;
  return hash;
}
