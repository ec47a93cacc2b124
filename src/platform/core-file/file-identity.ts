import type { ByteSource } from '../../binary/byte-source.js';
import { readElfHead } from '../../binary/elf/elf.js';
import { buildIdAmong } from '../../binary/elf/notes.js';
import { PyglassError } from '../../model/error.js';

/** By what an executable or library is recognised: one in memory, or a file that may be the same. */
export interface FileIdentity {
  /** In hexadecimal, as `file` and `readelf -n` show it; `undefined` when it has none. */
  readonly buildId: string | undefined;
  /** The first page; its headers give the sizes and addresses of all that is in the file. */
  readonly firstPage: Uint8Array;
}

const pageSize = 4096;

/** Read from the beginning of the file, or of its first mapping. `undefined`: it is no ELF file. */
export function identityOf(source: ByteSource): FileIdentity | undefined {
  try {
    const head = readElfHead(source);
    const firstPage = head && source.read(0, pageSize);
    return firstPage && { buildId: buildIdAmong(source, head.notes), firstPage };
  } catch (error) {
    if (error instanceof PyglassError) return undefined;
    throw error;
  }
}

/** Without build ids the first pages must be equal. */
export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  if (one.buildId !== undefined && other.buildId !== undefined) return one.buildId === other.buildId;
  return one.firstPage.every((byte, at) => byte === other.firstPage[at]);
}
