import { ByteBudget, type ByteSource } from '../../binary/byte-source.js';
import { type LoadSegment, readElfHead, segmentFlags } from '../../binary/elf/elf.js';
import { machineOf } from '../../binary/elf/machines.js';
import { ReadBudget, withReadBudget } from '../../memory/read-budget.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { PyglassError } from '../../model/error.js';
import { debugOffsetsHeaderSize, debugOffsetsVersion } from '../debug-offsets.js';
import { supportedVersions } from '../versions.js';
import { loadBiases } from './load-bias.js';
import {
  describedByTable,
  early,
  type FileContent,
  type FileMachine,
  fileContent,
  isEarly,
  isSameFile,
  lastWithStatics,
  layoutOf,
  locateRuntime,
  type MappedImage,
  type RuntimeLocation,
  runs,
  withoutErrors,
} from './locate.js';
import { checkRuntime, type OwnThreadIds } from './runtime-check.js';
import { type LoadedFile, type RuntimeTrace, runtimeTraces } from './runtime-search.js';
import { fromHex } from './version-number.js';

/** How mapped files are read; those who look at many processes read each file once. */
export interface FileReads<Image extends MappedImage = MappedImage> {
  content(image: Image, budget: ByteBudget): FileContent;
  /** Asked of files whose symbols show no Python. */
  head(image: Image): HeadContent;
}

/** What `loadedData` needs of a file. `unopened`: it cannot be opened, but may lie in memory. */
export type HeadContent = FileHead | 'unopened' | undefined;

export interface FileHead {
  readonly segments: readonly LoadSegment[];
  /** The file's first page: in memory it is the same, unless another file has come in its place. */
  readonly firstPage: Uint8Array;
}

/** Each file as often as it is asked for. */
export const fileReads: FileReads = { content: fileContent, head: fileHead };

/**
 * What a search may cost that finds nothing: data, some 2 ms a MB, of which CPython has 0.4 MB (3.9) to 2 MB (3.12) and
 * a large program 10 (who has more holds arrays); and regions of memory to look at what was found, 2 µs each. In
 * CPython itself 1 (3.9) to 14 places (3.12) look like a runtime at first.
 */
const mostData = 128 << 20;
const mostReads = 500_000;
/** Once one is found, so much more data is searched for another. */
const dataAfterwards = 16 << 20;
const pageSize = 4096;
/** The smallest CPython takes twice as much. */
const smallestPython = 1 << 20;

const unknownThreadIds: OwnThreadIds = () => new Set();

/**
 * `locateRuntime`, and where no file has symbols of a Python that runs, the runtime that is found by its structure in
 * the data of one. `undefined`: no Python. Throws what `locateRuntime` throws, and `build-unsupported` where several
 * are found in this way.
 */
export function findRuntime<Image extends MappedImage>(
  images: readonly Image[],
  memory: TargetMemory,
  reads: FileReads<Image> = fileReads,
  threadIds: OwnThreadIds = unknownThreadIds,
): RuntimeLocation | undefined {
  const found = locateRuntime(images, memory, (image, budget) => reads.content(image, budget));
  if (found && runs(memory, found)) return found;
  // A program with its own may have loaded a library with another, in which nothing runs: for a module that needs it.
  const others = found ? images.filter(({ path }) => path !== found.image) : images;
  return locateHidden(others, memory, reads, threadIds) ?? found;
}

export function fileHead(image: MappedImage): HeadContent {
  const source = image.open();
  if (!source) return 'unopened';
  try {
    return withoutErrors(() => headOf(source));
  } finally {
    source.close?.();
  }
}

function headOf(source: ByteSource): FileHead | undefined {
  const head = readElfHead(source);
  // What is searched for is known of no other machine.
  if (!head || machineOf(head) !== 'x86-64') return undefined;
  return { segments: head.segments, firstPage: source.read(0, pageSize) ?? new Uint8Array(0) };
}

/** The one runtime that is found by its structure in the data of programs and libraries. */
function locateHidden<Image extends MappedImage>(
  images: readonly Image[],
  memory: TargetMemory,
  reads: FileReads<Image>,
  threadIds: OwnThreadIds,
): RuntimeLocation | undefined {
  const found = new Map<number, RuntimeLocation | PyglassError>();
  const data = new ByteBudget(mostData);
  const checks = new ReadBudget(mostReads);
  const checked = withReadBudget(memory, checks);
  for (const image of images)
    for (const loaded of loadedFiles(memory, image, reads.head(image)))
      for (const trace of runtimeTraces(memory, loaded, data))
        for (const one of describedByTrace(checked, trace, image.path, threadIds)) {
          found.set(one instanceof PyglassError ? Number.NaN : one.runtime, one);
          data.left = Math.min(data.left, dataAfterwards);
        }
  // There may be others.
  if (checks.left <= 0) return undefined;
  const [first, ...others] = found.values();
  if (others.length > 0) {
    const message =
      'what looks like several Pythons without symbols was found in it; which one runs is not known';
    throw new PyglassError('build-unsupported', message);
  }
  if (first instanceof PyglassError) throw first;
  return first;
}

/** Where a file is loaded that is large enough: as it was opened, or else as it lies in memory. */
function* loadedFiles(memory: TargetMemory, image: MappedImage, inFile: HeadContent): Generator<LoadedFile> {
  if (inFile === undefined) return;
  if (inFile !== 'unopened') {
    const { segments } = inFile;
    if (!isLarge(segments)) return;
    const bias = loadBiases(segments, image.mappings).find((one) => isSameFile(memory, inFile, one));
    if (bias !== undefined) return yield loadedFile(segments, bias);
  }
  for (const { start, offset } of image.mappings) {
    if (offset !== 0) continue;
    const head = withoutErrors(() => headOf({ read: (at, length) => memory.read(start + at, length) }));
    const bias = head && loadBiases(head.segments, [{ start, offset, permissions: 'r--p' }])[0];
    if (head && bias !== undefined && isLarge(head.segments)) yield loadedFile(head.segments, bias);
  }
}

function isLarge(segments: readonly LoadSegment[]): boolean {
  return segments.reduce((sum, { fileSize }) => sum + fileSize, 0) >= smallestPython;
}

function loadedFile(segments: readonly LoadSegment[], bias: number): LoadedFile {
  const ends = segments.map(({ address, memorySize }) => address + memorySize);
  return {
    start: bias + Math.min(...segments.map(({ address }) => address)),
    end: bias + Math.max(...ends),
    data: segments
      .filter(({ flags }) => (flags & segmentFlags.write) !== 0)
      .map(({ address, memorySize }) => ({ start: bias + address, length: memorySize })),
  };
}

function* describedByTrace(
  memory: TargetMemory,
  { kind, address }: RuntimeTrace,
  image: string,
  threadIds: OwnThreadIds,
): Generator<RuntimeLocation | PyglassError> {
  if (kind === 'offsets') {
    const head = memory.read(address, debugOffsetsHeaderSize);
    const offsets = head && debugOffsetsVersion(head);
    const file: FileMachine = { machine: 'x86-64', cLibrary: () => undefined };
    const found = offsets && describedByTable(memory, offsets, { runtime: address, image, file });
    if (found && !(found instanceof PyglassError) && runs(memory, found)) yield found;
    return;
  }
  for (const known of supportedVersions) {
    if (known.debugOffsets || known.minor <= lastWithStatics) continue;
    const runtime = address - known.layout.runtime.interpretersHead;
    const hex = checkRuntime(memory, known.layout, runtime, threadIds);
    const version = hex === undefined ? undefined : fromHex(hex)?.version;
    if (version === undefined) continue;
    if (isEarly.test(version)) yield early(version);
    else yield { runtime, layout: layoutOf(memory, runtime, known), version, image };
  }
}
