import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
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
import { zlibCompression } from './zlib-compression.js';

/**
 * Reads a recording, whole or cut short. Damaged blocks are passed over and counted in the profile. Throws a PyglassError when the
 * file cannot be read, is no recording, or is of a later format.
 */
export function readRecording(path: string): Profile {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw fileTrouble(error, 'read', path);
  }
  try {
    const { size } = fstatSync(file);
    const decoder = new RecordingDecoder();
    checkHeader(path, readAt(file, 0, fileHeaderSize));
    for (const payload of payloads(file, size)) {
      if (payload) decoder.feed(payload);
      else decoder.skipDamaged();
    }
    return decoder.snapshot();
  } catch (error) {
    throw error instanceof PyglassError ? error : fileTrouble(error, 'read', path);
  } finally {
    closeSync(file);
  }
}

function checkHeader(path: string, header: Uint8Array): void {
  if (header.length < fileHeaderSize || fileMagic.some((byte, at) => header[at] !== byte))
    throw new PyglassError('not-a-recording', `${path} is not a recording of pyglass`, { path });
  const version = header[fileMagic.length]!;
  if (version > formatVersion)
    throw new PyglassError(
      'recording-too-new',
      `${path} was recorded by a later pyglass (its format is ${version}, this one reads up to ${formatVersion})`,
      { path },
    );
}

/** Inflated payloads in order; `undefined` for a block that is damaged. A block that was never finished just ends the file. */
function* payloads(file: number, size: number): Iterable<Uint8Array | undefined> {
  let budget = maxBlockBytes + size * maxInflation;
  let at = fileHeaderSize;
  while (at + blockHeaderSize <= size) {
    const header = readAt(file, at, blockHeaderSize);
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const length = view.getUint32(4, true);
    const end = at + blockHeaderSize + length;
    const marked = blockMarker.every((byte, index) => header[index] === byte);
    if (marked && end > size && findMarker(file, at + 1, size) < 0) return;
    const packed =
      marked && length <= maxBlockBytes && end <= size
        ? readAt(file, at + blockHeaderSize, length)
        : undefined;
    const payload =
      packed && crc32(packed) === view.getUint32(8, true) ? inflated(packed, budget) : undefined;
    if (payload) {
      budget -= payload.length;
      at = end;
    } else {
      at = findMarker(file, at + 1, size);
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
function findMarker(file: number, from: number, size: number): number {
  const step = 1 << 16;
  for (let start = from; start < size; start += step) {
    const bytes = readAt(file, start, Math.min(step + blockMarker.length, size - start));
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(
      Uint8Array.from(blockMarker),
    );
    if (found >= 0) return start + found;
  }
  return -1;
}

/** Fewer bytes than asked for only at the end of the file. */
function readAt(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const count = readSync(file, bytes, read, length - read, offset + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}
