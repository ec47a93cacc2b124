import { ByteReader } from '../../bytes/byte-reader.js';
import { decodeUtf8, encodeUtf8 } from '../../bytes/text.js';
import { pageSize } from '../../memory/paged-memory.js';
import { PyglassError } from '../../model/error.js';
import type { TargetFacts, ThreadActivity } from '../target.js';
import { readImageHead } from './image-head.js';

/**
 * A memory image: what was read of a stopped or idle process, so that the same can be read again without it.
 * Who makes one may fill what was not read, within a page, with zeros: to look elsewhere than when it was made can find
 * what never was.
 *
 *     file:     | 'PYGLIMG' | version u8 | payload, a zlib stream |
 *     payload:  | length u32 | head: JSON, UTF-8, `length` bytes | parts of files | pages of 4096 bytes |
 *
 * Numbers are little-endian. The head says what follows it, in this order and without gaps:
 *
 *     facts     pid, parentPid, commandLine, executable
 *     files     path, mappings (start, offset, permissions), parts ([offset, length] pairs; absent: the file could not
 *               be opened)
 *     existing  names of files that exist
 *     threads   id, activity (system calls by their numbers on x86-64), waitingFor
 *     pages     [number of the first page (address / 4096), how many] pairs
 */
export interface MemoryImage {
  readonly facts: TargetFacts;
  readonly files: readonly ImageFile[];
  readonly existing: readonly string[];
  readonly threads: readonly ImageThread[];
  /** By address / 4096. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
}

export interface ImageFile {
  readonly path: string;
  readonly mappings: readonly {
    readonly start: number;
    readonly offset: number;
    readonly permissions: string;
  }[];
  /** `undefined`: it could not be opened. */
  readonly parts: readonly FilePart[] | undefined;
}

export interface FilePart {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface ImageThread {
  readonly id: number;
  readonly activity: ThreadActivity;
  readonly waitingFor: string;
}

const magic = encodeUtf8('PYGLIMG');
const version = 1;
/** Images of whole programs' relevant memory are a few megabytes. */
const mostBytes = 256 << 20;

/** zlib streams, given from outside because nothing here knows the platform. */
export interface ZlibStreams {
  deflate(bytes: Uint8Array): Uint8Array;
  /** Throws when `bytes` are no whole stream or hold more than `mostBytes`. */
  inflate(bytes: Uint8Array, mostBytes: number): Uint8Array;
}

export function writeImage(image: MemoryImage, { deflate }: Pick<ZlibStreams, 'deflate'>): Uint8Array {
  const packed = deflate(imagePayload(image));
  return joined([magic, Uint8Array.of(version), packed]);
}

/**
 * Throws `image-damaged` when it is no image, or not a whole one, and `image-version` when it is one of another
 * version.
 */
export function readImage(file: Uint8Array, { inflate }: Pick<ZlibStreams, 'inflate'>): MemoryImage {
  if (magic.some((byte, at) => file[at] !== byte)) throw damaged('it does not begin like one');
  if (file[magic.length] !== version)
    throw new PyglassError('image-version', `the memory image has version ${file[magic.length]}`, {});
  let payload: Uint8Array;
  try {
    payload = inflate(file.subarray(magic.length + 1), mostBytes);
  } catch (error) {
    throw damaged('it is not whole', error);
  }
  // Parts of a Buffer of Node are Buffers, which are slow to make.
  return imageOf(new Uint8Array(payload.buffer, payload.byteOffset, payload.length));
}

export function imagePayload({ facts, files, existing, threads, pages }: MemoryImage): Uint8Array {
  const sorted = [...pages].sort(([a], [b]) => a - b);
  const runs: [number, number][] = [];
  for (const [number] of sorted) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === number) last[1]++;
    else runs.push([number, 1]);
  }
  const head = {
    facts,
    files: files.map(({ parts, ...file }) => ({
      ...file,
      ...(parts ? { parts: parts.map(({ offset, bytes }) => [offset, bytes.length]) } : {}),
    })),
    existing,
    threads,
    pages: runs,
  };
  const text = encodeUtf8(JSON.stringify(head));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  const parts = files.flatMap((file) => (file.parts ?? []).map(({ bytes }) => bytes));
  return joined([length, text, ...parts, ...sorted.map(([, bytes]) => bytes)]);
}

/** The image's bytes are those of the payload, not copies. Throws `image-damaged`. */
export function imageOf(payload: Uint8Array): MemoryImage {
  try {
    const reader = new ByteReader(payload);
    const headLength = reader.u32(0);
    let at = 4 + headLength;
    const next = (length: number) => {
      const bytes = reader.slice(at, length);
      at += length;
      return bytes;
    };
    const head = readImageHead(JSON.parse(decodeUtf8(reader.slice(4, headLength))));
    const files = head.files.map(({ path, mappings, parts }) => ({
      ...{ path, mappings },
      parts: parts?.map(([offset, length]) => ({ offset, bytes: next(length) })),
    }));
    const pages = new Map<number, Uint8Array>();
    // What does not fit into the payload ends in an error before there are many.
    for (const [first, count] of head.pages)
      for (let number = first; number < first + count; number++) pages.set(number, next(pageSize));
    const { facts, existing, threads } = head;
    return { facts, files, existing, threads, pages };
  } catch (error) {
    if (error instanceof PyglassError || error instanceof SyntaxError)
      throw damaged('its parts do not fit together', error);
    throw error;
  }
}

function damaged(how: string, cause?: unknown): PyglassError {
  return new PyglassError('image-damaged', `this is no memory image that can be read: ${how}`, {}, cause);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
