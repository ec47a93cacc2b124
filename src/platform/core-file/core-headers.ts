import type { ByteSource } from '../../binary/byte-source.js';
import { elfIdentity } from '../../binary/elf/elf.js';
import { type Machine, machineName, machineOf, machinesThatAreRead } from '../../binary/elf/machines.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import { addressLimit } from '../../memory/pointers.js';
import { PyglassError } from '../../model/error.js';
import { compressionOf } from './compressions.js';

/** A file, or what was kept of a pipe, that is read where it lies. */
export interface SizedSource extends ByteSource {
  /** Bytes. */
  readonly size: number;
}

/** A part of memory that a core file describes (PT_LOAD). */
export interface CoreSegment {
  readonly start: number;
  readonly end: number;
  /** The first bytes of it are in the core file, from `offset` to `offset + fileSize`; the others are not. */
  readonly offset: number;
  readonly fileSize: number;
  /** Bits of `segmentFlags`. */
  readonly flags: number;
}

export interface CoreHeaders {
  readonly machine: Machine;
  /** By address, without overlaps. */
  readonly segments: readonly CoreSegment[];
  readonly notes: readonly { readonly offset: number; readonly size: number }[];
  /** Bytes of memory that the file should have and has not: it was cut short. */
  readonly missingBytes: number;
}

const coreType = 4;
const types: Readonly<Record<number, string>> = {
  1: 'an object file',
  2: 'an executable',
  3: 'an executable or a library',
};
const headerSize = 56;
const [loadSegment, noteSegment] = [1, 4];
/** In place of the number of program headers when there are more; then section header 0 has it (PN_XNUM). */
const countElsewhere = 0xffff;
/** Linux allows 65,530 mappings, unless it is told otherwise. */
const mostSegments = 1 << 18;
const headersAtOnce = 4096;
const mostNoteSegments = 16;

/**
 * What an ELF64 core file for x86-64 or aarch64 says that it holds. Throws `not-a-core`, `core-compressed`,
 * `machine-unsupported` or
 * `core-damaged`. `path`: for messages, and in their detail.
 */
export function readCoreHeaders(source: SizedSource, path: string): CoreHeaders {
  const fail = (reason: string) =>
    new PyglassError('core-damaged', `cannot read ${path}: ${reason}`, { path });
  const machine = checkKind(source, path);
  const start = source.read(0, 64);
  if (!start) throw fail('the core file is cut short');
  const header = new ByteReader(start);
  const offset = header.u64(32);
  let count = header.u16(56);
  if (count === countElsewhere) {
    const section = source.read(header.u64(40), 64);
    count = section ? new ByteReader(section).u32(44) : 0;
  }
  if (header.u16(54) !== headerSize || count === 0)
    throw fail('the core file is damaged: it has no table of its memory');
  if (count > mostSegments)
    throw fail(`the core file says that it has ${count} parts of memory; at most ${mostSegments} are read`);
  if (!(offset + count * headerSize <= source.size))
    throw fail('the core file is cut short, within the table of its memory');
  const segments: CoreSegment[] = [];
  const notes: { offset: number; size: number }[] = [];
  for (const table of tables(source, offset, count))
    for (let at = 0; at < table.length; at += headerSize) addHeader(table, at, segments, notes);
  let missingBytes = 0;
  for (const { offset: from, fileSize } of [...segments, ...notes.map(asSegment)])
    missingBytes += Math.max(0, Math.min(fileSize, from + fileSize - source.size));
  return { machine, segments: withoutOverlaps(segments), notes, missingBytes };
}

const asSegment = ({ offset, size }: { offset: number; size: number }) => ({ offset, fileSize: size });

function* tables(source: ByteSource, offset: number, count: number): Generator<ByteReader> {
  for (let first = 0; first < count; first += headersAtOnce) {
    const length = Math.min(headersAtOnce, count - first) * headerSize;
    const bytes = source.read(offset + first * headerSize, length);
    if (bytes) yield new ByteReader(bytes);
  }
}

/** One that makes no sense is left out: what it describes cannot be read then. */
function addHeader(
  table: ByteReader,
  at: number,
  segments: CoreSegment[],
  notes: { offset: number; size: number }[],
): void {
  const type = table.u32(at);
  const [offset, start, fileSize, size] = [8, 16, 32, 40].map((field) => table.u64(at + field)) as [
    number,
    number,
    number,
    number,
  ];
  if (type === noteSegment && offset + fileSize > 0 && notes.length < mostNoteSegments)
    notes.push({ offset, size: fileSize });
  const end = start + size;
  if (type !== loadSegment || !(size > 0 && end <= addressLimit && offset + fileSize >= 0)) return;
  segments.push({ start, end, offset, fileSize: Math.min(fileSize, size), flags: table.u32(at + 4) });
}

/** Only a damaged file has parts that overlap: the one that begins first counts. */
function withoutOverlaps(segments: CoreSegment[]): CoreSegment[] {
  segments.sort((a, b) => a.start - b.start);
  const kept: CoreSegment[] = [];
  for (const segment of segments) if (segment.start >= (kept.at(-1)?.end ?? 0)) kept.push(segment);
  return kept;
}

function checkKind(source: SizedSource, path: string): Machine {
  const notCore = (what: string) =>
    new PyglassError('not-a-core', `${path} is no core file: ${what}`, { path });
  if (source.size === 0) throw notCore('it is empty');
  const compression = compressionOf(source);
  if (compression)
    throw new PyglassError('core-compressed', `${path} is compressed with ${compression.name}`, {
      path,
      command: compression.command,
    });
  const identity = elfIdentity(source);
  if (!identity) throw notCore('it does not begin like one');
  const bytes = source.read(16, 2)!;
  const type = identity.isLittleEndian ? bytes[0]! + bytes[1]! * 256 : bytes[1]! + bytes[0]! * 256;
  if (type !== coreType) throw notCore(`it is ${types[type] ?? 'another kind of ELF file'}`);
  const known = identity.is64Bit && identity.isLittleEndian ? machineOf(identity) : undefined;
  if (known) return known;
  const machine = `${identity.is64Bit ? '' : '32-bit '}${machineName(identity.machine)}`;
  throw new PyglassError(
    'machine-unsupported',
    `${path} is of a program for ${machine}; pyglass reads those for ${machinesThatAreRead}`,
    { machine, core: path },
  );
}
