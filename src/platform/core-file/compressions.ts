import type { ByteSource } from '../../binary/byte-source.js';

export interface Compression {
  readonly name: string;
  /** Writes the content of the file that is named after it to standard output. */
  readonly command: string;
}

/** What systemd-coredump and scripts compress core files with, by the first bytes of the file. */
const compressions: readonly (Compression & { readonly magic: readonly number[] })[] = [
  { name: 'zstd', command: 'zstd -dc', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'lz4', command: 'lz4 -dc', magic: [0x04, 0x22, 0x4d, 0x18] },
  { name: 'xz', command: 'xz -dc', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'gzip', command: 'gzip -dc', magic: [0x1f, 0x8b] },
  { name: 'bzip2', command: 'bzip2 -dc', magic: [0x42, 0x5a, 0x68] },
];

export function compressionOf(source: ByteSource): Compression | undefined {
  return compressions.find(({ magic }) => {
    const bytes = source.read(0, magic.length);
    return bytes !== undefined && magic.every((byte, at) => bytes[at] === byte);
  });
}
