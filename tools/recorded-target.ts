import type { ByteSource } from '../src/binary/byte-source.js';
import type { MappedImage } from '../src/cpython/locate/locate.js';
import { cLibraryNames } from '../src/cpython/locate/python-file.js';
import { exportedParts, hiddenParts } from '../src/cpython/locate/static-runtime.js';
import { pagedMemory, pageSize } from '../src/memory/paged-memory.js';
import type { FilePart, MemoryImage } from '../src/platform/image/memory-image.js';
import type { Target } from '../src/platform/target.js';

/** A longer read of a file is a search through constants or symbols, of which only versions are kept. */
const longRead = 16 << 10;
const kept = 64;
/** What the rest is filled with: nothing that ends a string, so that a search does not stop at each byte. */
const filler = 0xff;

/**
 * The same target, of which it is noted which pages of memory and parts of files are read. `rename` gives the names by
 * which files appear in the image. The process must not run, since each page is read once.
 */
export class RecordedTarget<File extends MappedImage> {
  readonly target: Target;
  /** Whether of a page that is read as a whole no more counts as read than is looked at later. */
  notesWithinPages = false;
  readonly #behind: Target<File>;
  readonly #rename: (path: string) => string;
  readonly #pages = new Map<number, NotedPage | undefined>();
  readonly #parts = new Map<string, FilePart[] | undefined>();
  readonly #existing = new Set<string>();

  constructor(behind: Target<File>, rename: (path: string) => string) {
    this.#behind = behind;
    this.#rename = rename;
    const memory = pagedMemory((number) => this.#page(number));
    this.target = {
      ...behind,
      // Who keeps whole pages and reads within them (`cachedMemory`) gets a page that notes it.
      memory: {
        ...memory,
        read: (address, length) =>
          this.notesWithinPages && length === pageSize && address % pageSize === 0
            ? this.#page(address / pageSize)
            : memory.read(address, length)?.slice(),
      },
      files: () => behind.files().map((file) => ({ ...file, open: () => this.#open(file) })),
      hasFile: (path) => {
        const exists = behind.hasFile(path);
        if (exists) this.#existing.add(path);
        return exists;
      },
    };
  }

  /** What was read so far, and the threads as they are now. */
  image(): MemoryImage {
    const { facts, threads } = this.#behind;
    if (!threads || threads.ids.areRenumbered)
      throw new Error('only a process of this system can be recorded');
    const pages = [...this.#pages].flatMap(([number, page]) =>
      page ? [[number, page.noted()] as const] : [],
    );
    return {
      facts: { ...facts, parentPid: 1, executable: this.#rename(facts.executable) },
      files: this.#behind.files().map(({ path, mappings }) => ({
        ...{ path: this.#rename(path), mappings },
        parts: thinned(this.#parts.get(path)),
      })),
      existing: [...this.#existing],
      threads: threads.ids.all().map((id) => {
        const activity = threads.activity(id);
        return { id, activity, waitingFor: threads.waitingFor(activity) };
      }),
      pages: new Map(pages),
    };
  }

  #page(number: number): NotedPage | undefined {
    if (!this.#pages.has(number)) {
      const bytes = this.#behind.memory.read(number * pageSize, pageSize);
      this.#pages.set(number, bytes && new NotedPage(bytes));
    }
    return this.#pages.get(number);
  }

  #open(file: File): ByteSource | undefined {
    const source = file.open();
    const parts = this.#parts.get(file.path) ?? [];
    this.#parts.set(file.path, source && parts);
    return (
      source && {
        read(offset, length) {
          const bytes = source.read(offset, length);
          if (bytes && !parts.some((part) => part.offset === offset && part.bytes.length >= length))
            parts.push({ offset, bytes });
          return bytes;
        },
      }
    );
  }
}

/**
 * What is kept of a page is blocks of so many bytes. A later pyglass may read neighbours of what is read now, so large
 * blocks are recorded again less often; but the image of one Python takes 150 kB with 32 bytes, 185 kB with 128, 660 kB
 * with whole pages.
 */
const block = 128;

/** A page of which it is noted what is taken out of it. */
class NotedPage extends Uint8Array {
  static get [Symbol.species]() {
    return Uint8Array;
  }

  readonly #blocks = new Uint8Array(pageSize / block);

  override subarray(begin = 0, end = this.length): Uint8Array<ArrayBuffer> {
    this.#blocks.fill(1, Math.floor(begin / block), Math.ceil(end / block));
    return new Uint8Array(
      this.buffer as ArrayBuffer,
      this.byteOffset + begin,
      Math.max(0, Math.min(end, this.length) - begin),
    );
  }

  /** The same with zeros where nothing was taken. */
  noted(): Uint8Array {
    return Uint8Array.from(this, (byte, at) => (this.#blocks[Math.floor(at / block)] ? byte : 0));
  }
}

/**
 * Of long parts, only the lines of 64 bytes that hold a version are kept, and the symbols by which Pythons without a
 * runtime are found.
 */
function thinned(parts: readonly FilePart[] | undefined): FilePart[] | undefined {
  const names = new Set(parts?.flatMap(({ bytes }) => (bytes.length > longRead ? symbolNames(bytes) : [])));
  // Short reads within a long one were of what it does not keep, and are looked for first.
  const ordered =
    parts && [...parts].sort((a, b) => Number(a.bytes.length > longRead) - Number(b.bytes.length > longRead));
  return ordered?.map(({ offset, bytes }) => {
    if (bytes.length <= longRead) return { offset, bytes };
    const thin = new Uint8Array(bytes.length).fill(filler);
    const keep = (begin: number, end: number) => thin.set(bytes.subarray(begin, end), begin);
    const text = Buffer.from(bytes).toString('latin1');
    for (const { index } of text.matchAll(/[23]\.\d+\.\d+[\w+]*\0/g))
      keep(Math.max(0, index - kept), index + kept);
    for (const at of symbolNames(bytes)) keep(at, bytes.indexOf(0, at) + 1);
    const view = Buffer.from(bytes);
    for (let at = 0; bytes.length % symbolSize === 0 && at < bytes.length; at += symbolSize)
      if (names.has(view.readUInt32LE(at))) keep(at, at + symbolSize);
    return { offset, bytes: thin };
  });
}

const symbolSize = 24;

/** Where the names of those symbols stand, if these bytes are strings. */
function symbolNames(bytes: Uint8Array): number[] {
  const text = Buffer.from(bytes).toString('latin1');
  const names = [...cLibraryNames.map(([name]) => name), ...exportedParts, ...hiddenParts];
  return ['Py_GetVersion', ...names].flatMap((name) =>
    [...text.matchAll(new RegExp(`${name}\\0`, 'g'))].map(({ index }) => index),
  );
}
