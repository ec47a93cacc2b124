import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { PyglassError } from '../model/error.js';
import {
  blockHeaderSize,
  blockMarker,
  fileHeaderSize,
  fileMagic,
  formatVersion,
} from '../recording/format.js';
import { fileError } from './file-error.js';
import { tryLock } from './file-lock.js';
import { removeIfAbandoned } from './part-file.js';
import { isAbandoned, privateFolder, recordingName } from './private-folder.js';
import { type RecordingSource, sourceOf } from './recording-source.js';
import { zlibCompression } from './zlib-compression.js';

const header = Uint8Array.from([...fileMagic, formatVersion]);

/**
 * A recording as it grows on disk. Every block goes to the kernel at once, so that our own death, of whatever kind,
 * loses only what was not handed over yet. It is locked while it grows, and read through the file that is open here:
 * whatever becomes of its name meanwhile, what was recorded is not lost.
 */
export class RecordingFile {
  readonly path: string;
  readonly #file: number;
  readonly #isNew: boolean;
  /** One of its own that goes with it. */
  #folder: string | undefined;
  #bytes = 0;
  #open = true;

  /**
   * `replace`: what is in the file is replaced by the first block. Without it the file is a new one, with `mode`, and
   * EEXIST comes out as it is where there is one already. Throws `recording-in-use` when another process records into
   * it.
   */
  constructor(path: string, replace: boolean, mode = 0o666) {
    this.path = path;
    this.#isNew = !replace;
    try {
      this.#file = replace ? openedToReplace(path) : openSync(path, 'wx+', mode);
    } catch (error) {
      if (!replace && (error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      throw fileError(error, 'write', path);
    }
    const inUse = tryLock(this.#file) === 'in use';
    if (inUse && replace) {
      this.close();
      throw new PyglassError('recording-in-use', `cannot write ${path}: another pyglass records into it`, {
        path,
      });
    }
  }

  /** A new one in a folder that nobody else can look into. `purpose` is a part of the folder's name. */
  static temporary(purpose: string): RecordingFile {
    const folder = privateFolder(purpose);
    const file = new RecordingFile(join(folder, recordingName), false, 0o600);
    file.#folder = folder;
    return file;
  }

  /** The same, but it has lost its name already: however we end, nothing of it stays. */
  static nameless(purpose: string): RecordingFile {
    const file = RecordingFile.temporary(purpose);
    rmSync(file.#folder!, { recursive: true, force: true });
    return file;
  }

  /** How much is in it that can be read. */
  get bytes(): number {
    return this.#bytes;
  }

  get holdsSamples(): boolean {
    return this.#bytes > fileHeaderSize;
  }

  /** Appends a payload. Throws `disk-full` and other file errors; what was appended before stays readable. */
  append(payload: Uint8Array): void {
    try {
      if (this.#bytes === 0) {
        ftruncateSync(this.#file);
        this.#write(header);
      }
      this.#write(blockOf(payload));
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }

  /** Appends all that is in another one. */
  appendCopyOf(other: RecordingFile): void {
    try {
      for (const bytes of other.copy()) this.#write(bytes);
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }

  /** All of it so far, to be read while it is open. */
  source(): RecordingSource {
    // Somebody may have emptied the file; what came afterwards is found all the same.
    if (this.#bytes > 0) writeSync(this.#file, header, 0, header.length, 0);
    return sourceOf(this.#file, Math.min(this.#bytes, fstatSync(this.#file).size));
  }

  /** All of it so far, and one payload more where one is given, as the bytes of a recording of its own. */
  *copy(last?: Uint8Array): Iterable<Uint8Array> {
    const { size, readAt } = this.source();
    for (let at = 0; at < size; at += copyStep) yield readAt(at, Math.min(copyStep, size - at));
    if (last) yield blockOf(last);
  }

  /** Whether the file still has its name: somebody may have removed or moved it, or put another in its place. */
  get isInPlace(): boolean {
    const there = statSync(this.path, { throwIfNoEntry: false });
    const { dev, ino } = fstatSync(this.#file);
    return there !== undefined && there.dev === dev && there.ino === ino;
  }

  /** At its own place in the file, wherever others have left its end. */
  #write(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length; )
      written += writeSync(this.#file, bytes, written, bytes.length - written, this.#bytes + written);
    this.#bytes += bytes.length;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#file);
  }

  /** Closes and removes it, when it was made here: what was in it is in the output now. */
  remove(): void {
    try {
      if (this.#open && this.#isNew && this.isInPlace) unlinkSync(this.path);
    } catch {
      // Somebody else has cleaned up before us.
    }
    this.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

const copyStep = 1 << 18;

/** Never made here: a link that leads to nothing would say where. */
function openedToReplace(path: string): number {
  const { O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
  return openSync(realpathSync(path), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
}

/** A payload as it stands in a file. */
export function blockOf(payload: Uint8Array): Uint8Array {
  const packed = zlibCompression.deflate(payload);
  const block = new Uint8Array(blockHeaderSize + packed.length);
  block.set(blockMarker);
  const head = new DataView(block.buffer);
  head.setUint32(4, packed.length, true);
  head.setUint32(8, crc32(packed), true);
  block.set(packed, blockHeaderSize);
  return block;
}

export interface RecordingBeside {
  readonly file: RecordingFile;
  /** Recordings of the same output that earlier runs have left behind. */
  readonly abandoned: readonly string[];
}

/**
 * A recording beside `output` that replaces nothing: one that is already there may be all that is left of an earlier
 * run.
 */
export function recordingBeside(output: string, mode?: number): RecordingBeside {
  const abandoned: string[] = [];
  for (let number = 1; ; number++) {
    const path = besideName(output, number);
    try {
      const file = new RecordingFile(path, false, mode);
      if (file.isInPlace) return { file, abandoned };
      // Taken for one without samples, in the moment before it was locked.
      file.close();
      number--;
      continue;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    // Nothing was sampled into it, so that nobody misses it.
    const { size = 0 } = lstatSync(path, { throwIfNoEntry: false }) ?? {};
    if (size <= fileHeaderSize && removeIfAbandoned(path)) number--;
    else if (isAbandoned(path)) abandoned.push(path);
  }
}

/** A name may have as many bytes. */
const longestName = 255;
const longestNumber = 6;

/** The name of a recording beside `output`; `number` where others are there already. */
export function besideName(output: string, number = 1): string {
  const end = `${number === 1 ? '' : `.${number}`}.pyglass`;
  const room = longestName - longestNumber - '.pyglass'.length;
  let name = basename(output);
  while (Buffer.byteLength(name) > room) name = [...name].slice(0, -1).join('');
  return join(dirname(output), `${name}${end}`);
}
