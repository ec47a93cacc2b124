import { crc32 } from 'node:zlib';
import { PyglassError } from '../model/error.js';
import type { Profile } from '../model/profile.js';
import {
  blockHeaderSize,
  blockMarker,
  fileHeaderSize,
  fileMagic,
  formatVersion,
  maxBlockBytes,
  maxInflation,
} from '../recording/format.js';
import { RecordingDecoder } from '../recording/recording-decoder.js';
import { fileTrouble } from './file-trouble.js';
import { openSource, type RecordingSource } from './recording-source.js';
import { zlibCompression } from './zlib-compression.js';

/**
 * Reads a recording, whole or cut short. Damaged blocks are passed over and counted in the profile. Throws a PyglassError when the
 * file cannot be read, is no recording, or is of a later format.
 */
export function readRecording(path: string): Profile {
  const source = openSource(path);
  try {
    return readFrom(source, path);
  } finally {
    source.close();
  }
}

/** The same from bytes that are at hand. `path` is for what is said of errors. */
export function readFrom(source: RecordingSource, path: string): Profile {
  try {
    const decoder = new RecordingDecoder();
    checkHeader(path, source.readAt(0, fileHeaderSize));
    for (const payload of payloads(source)) {
      if (payload) decoder.feed(payload);
      else decoder.skipDamaged();
    }
    return decoder.snapshot();
  } catch (error) {
    throw fileTrouble(error, 'read', path);
  }
}

function checkHeader(path: string, header: Uint8Array): void {
  if (header.length < fileHeaderSize || fileMagic.some((byte, at) => header[at] !== byte))
    throw new PyglassError(
      'not-a-recording',
      `${path === '-' ? 'standard input' : path} is not a recording of pyglass`,
      { path },
    );
  const version = header[fileMagic.length]!;
  if (version > formatVersion)
    throw new PyglassError(
      'recording-too-new',
      `${path} was recorded by a later pyglass (its format is ${version}, this one reads up to ${formatVersion})`,
      { path },
    );
}

/** Inflated payloads in order; `undefined` for a block that is damaged. A block that was never finished just ends the file. */
function* payloads(source: RecordingSource): Iterable<Uint8Array | undefined> {
  const { size } = source;
  let budget = maxBlockBytes + size * maxInflation;
  let at = fileHeaderSize;
  while (at + blockHeaderSize <= size) {
    const header = source.readAt(at, blockHeaderSize);
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const length = view.getUint32(4, true);
    const end = at + blockHeaderSize + length;
    const marked = blockMarker.every((byte, index) => header[index] === byte);
    if (marked && end > size && findMarker(source, at + 1) < 0) return;
    const packed =
      marked && length <= maxBlockBytes && end <= size
        ? source.readAt(at + blockHeaderSize, length)
        : undefined;
    const payload =
      packed && crc32(packed) === view.getUint32(8, true) ? inflated(packed, budget) : undefined;
    if (payload) {
      budget -= payload.length;
      at = end;
    } else {
      at = findMarker(source, at + 1);
    }
    yield payload;
    if (at < 0) return;
  }
}

function inflated(packed: Uint8Array, budget: number): Uint8Array | undefined {
  try {
    return zlibCompression.inflate(packed, Math.min(maxBlockBytes, budget));
  } catch {
    return undefined;
  }
}

/** Where the next block begins at or after `from`; -1 when none does. */
function findMarker(source: RecordingSource, from: number): number {
  const { size } = source;
  const step = 1 << 16;
  for (let start = from; start < size; start += step) {
    const bytes = source.readAt(start, Math.min(step + blockMarker.length, size - start));
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(
      Uint8Array.from(blockMarker),
    );
    if (found >= 0) return start + found;
  }
  return -1;
}
