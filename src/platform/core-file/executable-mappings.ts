import { type LoadSegment, readElfHead } from '../../binary/elf/elf.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import { PyglassError } from '../../model/error.js';
import type { FindFiles } from './core-files.js';
import type { SizedSource } from './core-headers.js';
import type { CoreMapping } from './core-notes.js';

const pageSize = 4096;
const pageOf = (address: number) => Math.floor(address / pageSize) * pageSize;

/**
 * Where the executable is mapped of a core file that does not say so, as those of qemu's user mode: its program headers
 * are known to be at
 * `programHeaders` (AT_PHDR). Only a file that a person names is taken for it. Without one there is a mapping of its
 * first page, so that it is missing. `path`: as the program names it (AT_EXECFN).
 */
export function executableMappings(path: string, programHeaders: number, find: FindFiles): CoreMapping[] {
  if (!(programHeaders > 0)) return [];
  const start = pageOf(programHeaders);
  for (const { source, isNamed } of find({ path, buildId: undefined, isExecutable: true })) {
    const mappings = isNamed ? mappingsOf(source, path, programHeaders) : undefined;
    source.close?.();
    if (mappings) return mappings;
  }
  return [{ start, end: start + pageSize, offset: 0, path }];
}

function mappingsOf(source: SizedSource, path: string, programHeaders: number): CoreMapping[] | undefined {
  const segments = segmentsOf(source);
  const header = source.read(32, 8);
  const table = header && new ByteReader(header).u64(0);
  const first = segments.find(
    ({ offset, fileSize }) => table !== undefined && table >= offset && table < offset + fileSize,
  );
  if (!first || table === undefined) return undefined;
  const bias = programHeaders - (first.address + table - first.offset);
  return segments.map(({ address, offset, fileSize }) => ({
    start: bias + pageOf(address),
    end: bias + pageOf(address + fileSize + pageSize - 1),
    offset: pageOf(offset),
    path,
  }));
}

function segmentsOf(source: SizedSource): readonly LoadSegment[] {
  try {
    return readElfHead(source)?.segments ?? [];
  } catch (error) {
    if (error instanceof PyglassError) return [];
    throw error;
  }
}
