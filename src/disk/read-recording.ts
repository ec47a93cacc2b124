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
import { fileError } from './file-error.js';
import { openSource, type RecordingSource } from './recording-source.js';
import { zlibCompression } from './zlib-compression.js';

/**
 * Reads a recording, whole or cut short. Damaged blocks are passed over and counted in the profile. Throws a
 * PyglassError when the file cannot be read, is no recording, or is of a later format.
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
    for (const block of blocks(source)) {
      if (block) decoder.feed(block.payload, block.stored);
      else decoder.skipDamaged();
    }
    return decoder.snapshot();
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

function checkHeader(path: string, header: Uint8Array): void {
  if (header.length < fileHeaderSize || fileMagic.some((byte, at) => header[at] !== byte))
    throw new PyglassError(
      'not-a-recording',
      `${path === '-' ? 'standard input' : path} is not a pyglass recording`,
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

interface Block {
  readonly payload: Uint8Array;
  /** Bytes that it takes in the file. */
  readonly stored: number;
}

/**
 * Blocks in order, inflated; `undefined` for one that is damaged. A block that was never finished just ends the file.
 * What takes much work to find nothing, markers that no block follows again and again, ends it too.
 */
function* blocks(source: RecordingSource): Iterable<Block | undefined> {
  const { size } = source;
  const window = new FileWindow(source);
  let budget = maxBlockBytes + size * maxInflation;
  // Bytes read in vain: a true recording has some damaged blocks, each of them read once.
  let patience = maxBlockBytes + 4 * size;
  let at = fileHeaderSize;
  while (at + blockHeaderSize <= size) {
    const header = window.at(at, blockHeaderSize);
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const length = view.getUint32(4, true);
    const checksum = view.getUint32(8, true);
    const end = at + blockHeaderSize + length;
    const marked = blockMarker.every((byte, index) => header[index] === byte);
    if (marked && end > size && findMarker(window, at + 1, size) < 0) return;
    const packed =
      marked && length <= maxBlockBytes && end <= size && length <= patience
        ? source.readAt(at + blockHeaderSize, length)
        : undefined;
    const payload = packed && crc32(packed) === checksum ? inflated(packed, budget) : undefined;
    if (payload) {
      budget -= payload.length;
      at = end;
      yield { payload, stored: blockHeaderSize + length };
      continue;
    }
    patience -= packed?.length ?? 0;
    at = findMarker(window, at + 1, size);
    yield undefined;
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
function findMarker(window: FileWindow, from: number, size: number): number {
  const marker = Uint8Array.from(blockMarker);
  for (let start = from; start < size; ) {
    const bytes = window.from(start);
    if (bytes.length < marker.length) return -1;
    const found = bytes.indexOf(marker);
    if (found >= 0) return start + found;
    start += bytes.length - marker.length + 1;
  }
  return -1;
}

/** The stretch of a file that was read last: who looks at each of its bytes in turn reads them once. */
class FileWindow {
  readonly #source: RecordingSource;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(source: RecordingSource) {
    this.#source = source;
  }

  /** Fewer bytes than asked for only at the end of the file. `length` is small. */
  at(offset: number, length: number): Uint8Array {
    return this.from(offset, length).subarray(0, length);
  }

  /** What is known of the file from `offset` on: at least `length` bytes, unless it ends before. */
  from(offset: number, length = blockMarker.length): Buffer {
    const end = this.#start + this.#bytes.length;
    if (offset < this.#start || offset + length > end) {
      const bytes = this.#source.readAt(offset, windowBytes);
      this.#start = offset;
      this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#bytes.subarray(offset - this.#start);
  }
}

const windowBytes = 1 << 16;
