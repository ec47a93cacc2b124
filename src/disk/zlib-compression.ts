import { deflateRawSync, gzipSync, inflateRawSync } from 'node:zlib';
import type { Compression } from '../bytes/compression.js';

/** zlib takes no smaller one. */
const smallestBuffer = 64;

/** By Node's zlib. */
export const zlibCompression: Compression = {
  // A buffer that holds the result as a rule: by default each block leaves 16 KB to the garbage collector, which is
  // in no hurry.
  deflate: (bytes) => deflateRawSync(bytes, { chunkSize: Math.max(smallestBuffer, bytes.length) }),
  inflate: (bytes, maxBytes) => inflateRawSync(bytes, { maxOutputLength: Math.max(1, maxBytes) }),
  gzip: (bytes) => gzipSync(bytes),
};
