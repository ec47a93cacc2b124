import { ByteBudget, withByteBudget } from '../../binary/byte-source.js';
import { type LoadSegment, readElfHead, segmentFlags } from '../../binary/elf/elf.js';
import { loadedFile } from '../../binary/elf/loaded-elf.js';
import { ReadBudget, withReadBudget } from '../../memory/read-budget.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { PyglassError } from '../../model/error.js';
import { debugOffsetsHeaderSize, debugOffsetsVersion } from '../debug-offsets.js';
import { supportedVersions } from '../versions.js';
import { type HiddenPython, hiddenPythonIn } from './hidden-python.js';
import { loadBiases } from './load-bias.js';
import {
  describedByTable,
  early,
  type FileContent,
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
import { type RuntimeTrace, runtimeTraces } from './runtime-search.js';
import { fromHex } from './version-number.js';

/** How mapped files are read; those who look at many processes read each file once. */
export interface FileReads<Image extends MappedImage = MappedImage> {
  content(image: Image, budget: ByteBudget): FileContent;
  /** Asked of files whose symbols show no Python. */
  hidden(image: Image, budget: ByteBudget): HiddenContent;
}

/** `unopened`: it cannot be opened, but may lie in memory. */
export type HiddenContent = HiddenPython | 'unopened' | undefined;

/** Each file as often as it is asked for. */
export const fileReads: FileReads = { content: fileContent, hidden: hiddenContent };

/**
 * What a search may cost that finds nothing: constants of files, some 0.3 ms a MB; data, 3 ms a MB (CPython has 2 MB,
 * a large program 10; who has more holds arrays); and regions of memory to look at what was found, 2 µs each. Real
 * programs have a few hundred traces that end at the first look.
 */
const mostConstants = 256 << 20;
const mostData = 64 << 20;
const mostReads = 500_000;

/** For `FileReads.hidden`. */
export function constantsBudget(): ByteBudget {
  return new ByteBudget(mostConstants);
}

const unknownThreadIds: OwnThreadIds = () => new Set();

/**
 * `locateRuntime`, and where no file has symbols of Python, the runtime that is found by its structure in the data of
 * those that have CPython in them all the same. `undefined`: no Python, or none that runs in such a file. Throws
 * what `locateRuntime` throws, and `build-unsupported` where several are found in this way.
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

export function hiddenContent(image: MappedImage, budget: ByteBudget): HiddenContent {
  const source = image.open();
  if (!source) return 'unopened';
  try {
    return withoutErrors(() => hiddenPythonIn(withByteBudget(source, budget)));
  } finally {
    source.close?.();
  }
}

/** The one runtime that is found by its structure in the data of files that have CPython in them without symbols. */
function locateHidden<Image extends MappedImage>(
  images: readonly Image[],
  memory: TargetMemory,
  reads: FileReads<Image>,
  threadIds: OwnThreadIds,
): RuntimeLocation | undefined {
  const found = new Map<number, RuntimeLocation | PyglassError>();
  const constants = constantsBudget();
  const data = new ByteBudget(mostData);
  const checks = new ReadBudget(mostReads);
  const checked = withReadBudget(memory, checks);
  for (const image of images) {
    const inFile = reads.hidden(image, constants);
    for (const { segments, bias } of loadedHidden(memory, image, inFile, constants)) {
      const ranges = segments
        .filter(({ flags }) => (flags & segmentFlags.write) !== 0)
        .map(({ address, memorySize }) => ({ start: bias + address, length: memorySize }));
      for (const trace of runtimeTraces(memory, ranges, data))
        for (const one of describedByTrace(checked, trace, image.path, threadIds))
          found.set(one instanceof PyglassError ? Number.NaN : one.runtime, one);
    }
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

/** Where a file with a hidden Python is loaded: as it was opened, or else as it lies in memory. */
function* loadedHidden(
  memory: TargetMemory,
  image: MappedImage,
  inFile: HiddenContent,
  budget: ByteBudget,
): Generator<{ readonly segments: readonly LoadSegment[]; readonly bias: number }> {
  if (inFile === undefined) return;
  if (inFile !== 'unopened') {
    const { segments } = inFile;
    const bias = loadBiases(segments, image.mappings).find((one) => isSameFile(memory, inFile, one));
    if (bias !== undefined) return yield { segments, bias };
  }
  for (const { start, offset } of image.mappings) {
    if (offset !== 0) continue;
    const head = readElfHead(
      withByteBudget({ read: (at, length) => memory.read(start + at, length) }, budget),
    );
    const bias = head && loadBiases(head.segments, [{ start, offset, permissions: 'r--p' }])[0];
    if (head === undefined || bias === undefined) continue;
    const file = withoutErrors(() => hiddenPythonIn(withByteBudget(loadedFile(memory, head, bias), budget)));
    if (file) yield { segments: file.segments, bias };
  }
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
    const found = offsets && describedByTable(memory, offsets, address, image);
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
