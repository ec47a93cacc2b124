import { ByteReader } from '../../bytes/byte-reader.js';
import { asciiUntilNul } from '../../bytes/text.js';
import type { ByteSource } from '../byte-source.js';

/**
 * Sections and symbols of an ELF64 little-endian file, as far as finding CPython needs them (System V ABI, ELF-64 Object File
 * Format 1.5). Files may hold anything: what does not fit is left out.
 */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  /** Virtual address, before relocation. */
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  /** Number of the section that belongs to it: for symbols their strings. */
  readonly link: number;
}

export interface Elf {
  readonly source: ByteSource;
  /** Virtual address of the first loaded segment, rounded down to its page: what the mapping's start corresponds to. */
  readonly base: number;
  readonly sections: readonly ElfSection[];
}

const loadSegment = 1;
export const symbolTable = 2;
export const dynamicSymbols = 11;
const mostHeaders = 4096;
const largestStrings = 64 << 20;

/** The file's sections; `undefined` when it is not such a file. */
export function readElf(source: ByteSource): Elf | undefined {
  const ident = source.read(0, 64);
  if (ident?.[0] !== 0x7f || ident[1] !== 0x45 || ident[2] !== 0x4c || ident[3] !== 0x46) return undefined;
  if (ident[4] !== 2 || ident[5] !== 1) return undefined;
  const header = new ByteReader(ident);
  const segments = tableOf(source, header.u64(32), header.u16(54), header.u16(56), 56);
  const sectionTable = tableOf(source, header.u64(40), header.u16(58), header.u16(60), 64);
  let base = Number.NaN;
  for (let at = 0; segments && at < segments.length; at += 56) {
    if (segments.u32(at) !== loadSegment) continue;
    base = Math.floor(segments.u64(at + 16) / 4096) * 4096;
    break;
  }
  if (!sectionTable || Number.isNaN(base)) return undefined;
  const raw = [];
  for (let at = 0; at < sectionTable.length; at += 64) {
    raw.push({
      nameAt: sectionTable.u32(at),
      type: sectionTable.u32(at + 4),
      address: sectionTable.u64(at + 16),
      offset: sectionTable.u64(at + 24),
      size: sectionTable.u64(at + 32),
      link: sectionTable.u32(at + 40),
    });
  }
  const strings = raw[header.u16(62)];
  const names = strings && strings.size < 1 << 20 ? source.read(strings.offset, strings.size) : undefined;
  const sections = raw.map(({ nameAt, ...section }) => ({
    ...section,
    name: names ? asciiUntilNul(names, nameAt, 64) : '',
  }));
  return { source, base, sections };
}

function tableOf(
  source: ByteSource,
  offset: number,
  entrySize: number,
  count: number,
  wanted: number,
): ByteReader | undefined {
  if (entrySize !== wanted || count === 0 || count > mostHeaders || Number.isNaN(offset)) return undefined;
  const bytes = source.read(offset, entrySize * count);
  return bytes && new ByteReader(bytes);
}

/** Virtual address (before relocation) of each wanted symbol that the file defines. */
export function findSymbols(elf: Elf, wanted: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const type of [dynamicSymbols, symbolTable]) {
    for (const section of elf.sections) {
      if (section.type === type && found.size < wanted.length) searchSymbols(elf, section, wanted, found);
    }
  }
  return found;
}

function searchSymbols(
  elf: Elf,
  section: ElfSection,
  wanted: readonly string[],
  found: Map<string, number>,
): void {
  const strings = elf.sections[section.link];
  if (!strings || !(strings.size <= largestStrings) || !(section.size <= largestStrings)) return;
  const names = elf.source.read(strings.offset, strings.size);
  const bytes = elf.source.read(section.offset, section.size - (section.size % 24));
  if (!names || !bytes) return;
  // Where each wanted name stands among the strings: then a symbol is recognised by one comparison of numbers.
  const positions = new Map<number, string>();
  for (const name of wanted) {
    for (const position of occurrences(names, name)) positions.set(position, name);
  }
  const view = new ByteReader(bytes);
  for (let at = 0; at < bytes.length; at += 24) {
    const name = positions.get(view.u32(at));
    const defined = view.u16(at + 6) !== 0;
    if (name !== undefined && defined && !found.has(name)) found.set(name, view.u64(at + 8));
  }
}

/** Where `name` stands among strings that end in NUL, also as the end of a longer one. */
export function* occurrences(strings: Uint8Array, name: string): Generator<number> {
  const first = name.charCodeAt(0);
  for (let at = strings.indexOf(first); at >= 0; at = strings.indexOf(first, at + 1)) {
    let length = 1;
    while (length < name.length && strings[at + length] === name.charCodeAt(length)) length++;
    if (length === name.length && strings[at + length] === 0) yield at;
  }
}
