import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Compression } from '../recording/compression.js';

/** Raw deflate by Node's zlib. */
export const zlibCompression: Compression = {
  deflate: (bytes) => deflateRawSync(bytes),
  inflate: (bytes, maxBytes) => inflateRawSync(bytes, { maxOutputLength: Math.max(1, maxBytes) }),
};
