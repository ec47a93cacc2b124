import { ByteReader } from '../../bytes/byte-reader.js';
import { asciiUntilNul } from '../../bytes/text.js';
import type { ByteSource } from '../byte-source.js';

/**
 * Sections and symbols of an ELF64 little-endian file, as far as finding CPython needs them (System V ABI, ELF-64
 * Object File Format 1.5). Files may hold anything: what does not fit is left out.
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

/** A part of the file that is mapped when it runs (PT_LOAD). */
export interface LoadSegment {
  /** Bits of `segmentFlags`. */
  readonly flags: number;
  readonly offset: number;
  /** Virtual address, before relocation. */
  readonly address: number;
  readonly fileSize: number;
  /** Bytes in memory: what the file does not have of them is zeros at first. */
  readonly memorySize: number;
}

export const segmentFlags = { execute: 1, write: 2, read: 4 } as const;

/** What the program headers hold, which lie in the first page of nearly every file and stay there when it is mapped. */
export interface ElfHead {
  /** e_machine. */
  readonly machine: number;
  readonly segments: readonly LoadSegment[];
  /** Of PT_DYNAMIC, before relocation. */
  readonly dynamic: { readonly address: number; readonly size: number } | undefined;
  /** PT_NOTE: parts of the file with notes, such as its build id. */
  readonly notes: readonly { readonly offset: number; readonly address: number; readonly size: number }[];
}

export interface Elf extends ElfHead {
  readonly source: ByteSource;
  readonly sections: readonly ElfSection[];
}

const loadSegment = 1;
const dynamicSegment = 2;
const noteSegment = 4;
/** Linkers make one or two. */
const mostNotes = 8;
/** Linkers make up to a dozen. */
const mostSegments = 64;
const programHeaderSize = 56;
export const symbolTable = 2;
export const dynamicSymbols = 11;
const mostHeaders = 4096;
const largestStrings = 64 << 20;
/** A name stands among the strings of a file once, or a few times as the end of others. */
const mostOccurrences = 1000;

/** The identity of any ELF file, also of other kinds than are read here: `undefined` when it is none. */
export function elfIdentity(
  source: ByteSource,
): { readonly machine: number; readonly is64Bit: boolean; readonly isLittleEndian: boolean } | undefined {
  const ident = source.read(0, 20);
  if (ident?.[0] !== 0x7f || ident[1] !== 0x45 || ident[2] !== 0x4c || ident[3] !== 0x46) return undefined;
  const isLittleEndian = ident[5] === 1;
  const [low, high] = isLittleEndian ? [18, 19] : [19, 18];
  return { machine: ident[low]! + ident[high]! * 256, is64Bit: ident[4] === 2, isLittleEndian };
}

/** The file's program headers; `undefined` when it is no such file, or has nothing to load. */
export function readElfHead(source: ByteSource): ElfHead | undefined {
  const identity = elfIdentity(source);
  const start = identity?.is64Bit && identity.isLittleEndian ? source.read(0, 64) : undefined;
  if (!identity || !start) return undefined;
  const header = new ByteReader(start);
  const table = tableOf(source, header.u64(32), header.u16(54), header.u16(56), programHeaderSize);
  const segments: LoadSegment[] = [];
  const notes: ElfHead['notes'][number][] = [];
  let dynamic: ElfHead['dynamic'];
  for (let at = 0; table && at < table.length; at += programHeaderSize) {
    const type = table.u32(at);
    const address = table.u64(at + 16);
    if (type === dynamicSegment) dynamic ??= { address, size: table.u64(at + 40) };
    const [offset, fileSize] = [table.u64(at + 8), table.u64(at + 32)];
    if (type === noteSegment && notes.length < mostNotes) notes.push({ offset, address, size: fileSize });
    if (type !== loadSegment || segments.length >= mostSegments) continue;
    segments.push({ flags: table.u32(at + 4), offset, address, fileSize, memorySize: table.u64(at + 40) });
  }
  return segments.length === 0 ? undefined : { machine: identity.machine, segments, dynamic, notes };
}

/** The file's segments and sections; `undefined` when it is not such a file. */
export function readElf(source: ByteSource): Elf | undefined {
  const head = readElfHead(source);
  const start = head && source.read(0, 64);
  if (!head || !start) return undefined;
  const header = new ByteReader(start);
  const sectionTable = tableOf(source, header.u64(40), header.u16(58), header.u16(60), 64);
  if (!sectionTable) return undefined;
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
  return { ...head, source, sections };
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

/**
 * Virtual address (before relocation) of each wanted symbol that the file defines; none where several have the name.
 * `tables`: the types of the sections that are read.
 */
export function findSymbols(
  elf: Elf,
  wanted: readonly string[],
  tables: readonly number[] = [dynamicSymbols, symbolTable],
): Map<string, number> {
  const found = new Map<string, number>();
  for (const type of tables) {
    for (const section of elf.sections) {
      if (section.type === type && found.size < wanted.length) searchSymbols(elf, section, wanted, found);
    }
  }
  for (const [name, address] of found) if (Number.isNaN(address)) found.delete(name);
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
    if (name === undefined || !defined) continue;
    const address = view.u64(at + 8);
    found.set(name, found.has(name) && found.get(name) !== address ? Number.NaN : address);
  }
}

/** Where `name` stands among strings that end in NUL, also as the end of a longer one. */
export function* occurrences(strings: Uint8Array, name: string): Generator<number> {
  const first = name.charCodeAt(0);
  let found = 0;
  for (let at = strings.indexOf(first); at >= 0; at = strings.indexOf(first, at + 1)) {
    let length = 1;
    while (length < name.length && strings[at + length] === name.charCodeAt(length)) length++;
    if (length === name.length && strings[at + length] === 0) {
      yield at;
      if (++found >= mostOccurrences) return;
    }
  }
}
