import { segmentFlags } from '../../binary/elf/elf.js';
import type { MappedImage } from '../../cpython/locate/locate.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { MissingFile } from '../../model/snapshot.js';
import type { CoreSegment, SizedSource } from './core-headers.js';
import { lastBefore, type Piece } from './core-memory.js';
import type { CoreMapping } from './core-notes.js';
import { type FileIdentity, identityOf, isSameFile } from './file-identity.js';

/** A file that the program had mapped, as it is looked for. */
export interface WantedFile {
  /** As the program's own file system named it. */
  readonly path: string;
  /** `undefined` when the core file does not show it. */
  readonly buildId: string | undefined;
  readonly isExecutable: boolean;
}

export interface FileCandidate {
  readonly source: SizedSource;
  /** A person says that this is the one: it counts where nothing shows that it is another. */
  readonly isNamed: boolean;
}

/** Files that may be the wanted one, the likeliest first. Those that are not used are closed. */
export type FindFiles = (wanted: WantedFile) => Iterable<FileCandidate>;

export interface CorePlaces {
  readonly mappings: readonly CoreMapping[];
  /** An address within the executable, NaN when it is not known. */
  readonly inExecutable: number;
  /** Of the machine that ran it, bytes. */
  readonly pageSize: number;
}

interface CoreFile {
  readonly path: string;
  readonly mappings: CoreMapping[];
  found: SizedSource | undefined;
  /** `undefined` until it was looked for. */
  state: 'found' | 'no-program' | MissingFile['reason'] | undefined;
}

/** The beginning of a file by which it is recognised, bytes. */
const beginning = 4096;
/** Large programs have a thousand. Each may have to be looked for. */
const mostFiles = 1 << 14;
/** What the kernel adds to the path of a file that was deleted or replaced. */
const deletedMark = / \(deleted\)$/;

/**
 * The mapped files of a core. What a program never writes to is not in its core file, as it can be read from the
 * executables and libraries: each is looked for when it is needed, and counts only when it is the same file.
 */
export class CoreFiles {
  readonly #dumped: TargetMemory;
  readonly #segments: readonly CoreSegment[];
  readonly #find: FindFiles;
  readonly #pageSize: number;
  readonly #executable: CoreFile | undefined;
  readonly #files: readonly CoreFile[];
  readonly #mappings: readonly (CoreMapping & { readonly file: CoreFile })[];

  /** `dumped`: what the core file itself has. */
  constructor(
    dumped: TargetMemory,
    segments: readonly CoreSegment[],
    { mappings, inExecutable, pageSize }: CorePlaces,
    find: FindFiles,
  ) {
    this.#dumped = dumped;
    this.#segments = segments;
    this.#find = find;
    this.#pageSize = pageSize;
    const files = new Map<string, CoreFile>();
    const sorted = [...mappings].sort((a, b) => a.start - b.start);
    this.#mappings = sorted.flatMap((mapping) => {
      const path = mapping.path.replace(deletedMark, '');
      const file = files.get(path) ?? { path, mappings: [], found: undefined, state: undefined };
      if (files.size === mostFiles && file.mappings.length === 0) return [];
      files.set(path, file);
      file.mappings.push(mapping);
      return [{ ...mapping, file }];
    });
    this.#files = [...files.values()];
    this.#executable = this.#mappings[this.#indexAt(inExecutable)]?.file;
  }

  /** Empty when it is not known. */
  get executable(): string {
    return this.#executable?.path ?? '';
  }

  images(): MappedImage[] {
    return this.#files.map((file) => ({
      path: file.path,
      mappings: file.mappings.map(({ start, offset }) => ({
        ...{ start, offset },
        permissions: permissions(this.#segmentAt(start)?.flags),
      })),
      open: () => {
        const source = this.#sourceOf(file);
        // It is closed with all others.
        return source && { read: (offset, length) => source.read(offset, length) };
      },
    }));
  }

  /** What lies at an address that the core file does not have, up to `end` at most. */
  pieceAt(address: number, end: number): Piece | undefined {
    const mapping = this.#mappings[this.#indexAt(address)];
    if (!mapping) return undefined;
    // What may be written may differ from the file.
    const segment = this.#segmentAt(address);
    if (((segment?.flags ?? 0) & segmentFlags.write) !== 0) return undefined;
    const source = this.#sourceOf(mapping.file);
    if (!source) return undefined;
    const at = mapping.offset + address - mapping.start;
    const length = Math.min(mapping.end, end) - address;
    if (at < source.size) return { source, offset: at, length: Math.min(length, source.size - at) };
    // The last page of a file is filled up with zeros.
    const pageEnd = Math.ceil(source.size / this.#pageSize) * this.#pageSize;
    return { source: undefined, offset: 0, length: Math.min(length, pageEnd - at) };
  }

  /** Files that were needed, and are not there. */
  missing(): MissingFile[] {
    return this.#files.flatMap((file) => {
      const { path, state } = file;
      if (state === undefined || state === 'found' || state === 'no-program') return [];
      const buildId = this.#identity(file)?.buildId ?? '';
      return [{ path, buildId, reason: state }];
    });
  }

  /** Why the executable is not there; `undefined` when it is, or is not known. */
  missingExecutable(): MissingFile | undefined {
    if (!this.#executable) return undefined;
    this.#sourceOf(this.#executable);
    return this.missing().find(({ path }) => path === this.executable);
  }

  close(): void {
    for (const { found } of this.#files) found?.close?.();
  }

  #indexAt(address: number): number {
    const index = lastBefore(this.#mappings, address);
    return address < (this.#mappings[index]?.end ?? 0) ? index : -1;
  }

  #segmentAt(address: number): CoreSegment | undefined {
    const segment = this.#segments[lastBefore(this.#segments, address)];
    return segment && address < segment.end ? segment : undefined;
  }

  #sourceOf(file: CoreFile): SizedSource | undefined {
    if (file.state === undefined) this.#search(file);
    return file.found;
  }

  #search(file: CoreFile): void {
    const first = this.#firstPage(file);
    const identity = first ? this.#identity(file) : undefined;
    // A table of characters, a cache: what else was in memory of it cannot be known.
    if (first && !identity) {
      file.state = 'no-program';
      return;
    }
    file.state = 'not-found';
    const { path } = file;
    const isExecutable = file === this.#executable;
    for (const candidate of this.#find({ path, buildId: identity?.buildId, isExecutable })) {
      const verdict = verdictOn(candidate, identity);
      if (verdict === 'found') {
        file.found = candidate.source;
        file.state = verdict;
        return;
      }
      candidate.source.close?.();
      if (file.state === 'not-found') file.state = verdict;
    }
  }

  #firstPage(file: CoreFile): Uint8Array | undefined {
    const start = file.mappings.find(({ offset }) => offset === 0)?.start ?? Number.NaN;
    return this.#dumped.read(start, beginning);
  }

  #identity(file: CoreFile): FileIdentity | undefined {
    const start = file.mappings.find(({ offset }) => offset === 0)?.start ?? Number.NaN;
    return identityOf({ read: (offset, length) => this.#dumped.read(start + offset, length) });
  }
}

function verdictOn(
  { source, isNamed }: FileCandidate,
  wanted: FileIdentity | undefined,
): 'found' | 'differs' | 'unchecked' {
  const identity = identityOf(source);
  if (!identity) return 'differs';
  if (!wanted) return isNamed ? 'found' : 'unchecked';
  return isSameFile(identity, wanted) ? 'found' : 'differs';
}

function permissions(flags = 0): string {
  const letter = (flag: number, name: string) => ((flags & flag) === 0 ? '-' : name);
  const { read, write, execute } = segmentFlags;
  return `${letter(read, 'r')}${letter(write, 'w')}${letter(execute, 'x')}p`;
}
