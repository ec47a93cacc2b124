import { ByteBudget, type ByteSource, withByteBudget } from '../../binary/byte-source.js';
import { readElfHead } from '../../binary/elf/elf.js';
import { loadedElf } from '../../binary/elf/loaded-elf.js';
import { machinesThatAreRead } from '../../binary/elf/machines.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { PyglassError } from '../../model/error.js';
import { freeThreadedVersion } from '../../model/python-version.js';
import { debugOffsetsHeaderSize, debugOffsetsVersion, layoutFromDebugOffsets } from '../debug-offsets.js';
import type { Layout } from '../layout.js';
import { layoutOnMachine } from '../machine-layout.js';
import { type SupportedVersion, supportedPythons, supportedVersion } from '../versions.js';
import { loadBiases, type Mapping } from './load-bias.js';
import { type PythonFile, pythonIn, readPythonFile } from './python-file.js';
import { staticRuntime } from './static-runtime.js';
import { fromHex } from './version-number.js';

/** A file that the target has mapped. */
export interface MappedImage {
  readonly path: string;
  readonly mappings: readonly Mapping[];
  open(): ByteSource | undefined;
}

export interface RuntimeLocation {
  /** Address of `_PyRuntime`; up to 3.6 of the first of the variables that were put together in it later. */
  readonly runtime: number;
  /** Such as `3.11.7`; `3.14.2t`: free-threaded. */
  readonly version: string;
  readonly layout: Layout;
  readonly image: string;
}

/**
 * What a file has of CPython, `undefined` when it holds none, `unopened` when it cannot be opened: then it may lie in
 * memory.
 */
export type FileContent = PythonFile | 'unopened' | undefined;

/**
 * Bytes of files read to find one Python, since a process may map any number of files of any size: the symbols of one
 * file and their names, 64 MiB each at most, and half as much for all others.
 */
const mostBytes = 192 << 20;

export function searchBudget(): ByteBudget {
  return new ByteBudget(mostBytes);
}

/**
 * Finds the interpreter among the mapped files, those with `python` in the name first: the runtime by the section
 * `.PyRuntime` or the symbol `_PyRuntime`, the version by what each Python offers. One in which an interpreter runs
 * comes before one in which none does (yet). `undefined`: no Python. Throws `python-unsupported`,
 * `machine-unsupported`, `build-unsupported`, `layout-implausible` when all that is
 * found is one that cannot be read. `read` is for those who look at many processes, to read each file once.
 */
export function locateRuntime<Image extends MappedImage>(
  images: readonly Image[],
  memory: TargetMemory,
  read: (image: Image, budget: ByteBudget) => FileContent = fileContent,
): RuntimeLocation | undefined {
  const rank = ({ path }: MappedImage) => (/python/i.test(path.slice(path.lastIndexOf('/') + 1)) ? 0 : 1);
  const budget = searchBudget();
  let first: RuntimeLocation | PyglassError | undefined;
  for (const image of [...images].sort((a, b) => rank(a) - rank(b))) {
    for (const found of foundIn(memory, image, read(image, budget), budget)) {
      if (!(found instanceof PyglassError) && runs(memory, found)) return found;
      first ??= found;
    }
  }
  if (first instanceof PyglassError) throw first;
  return first;
}

export function fileContent(image: MappedImage, budget: ByteBudget): FileContent {
  const source = image.open();
  if (!source) return 'unopened';
  const file = withoutErrors(() => readPythonFile(withByteBudget(source, budget), image.path));
  // A process is looked at hundreds of times a second while its Python is about to start.
  if (!file) source.close?.();
  return file;
}

/** A file that only begins like an executable, or a search that came to its bound, is one without Python. */
export function withoutErrors<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PyglassError) return undefined;
    throw error;
  }
}

/** Runtimes at the addresses where the image may be loaded, or why they cannot be read. */
function* foundIn(
  memory: TargetMemory,
  image: MappedImage,
  content: FileContent,
  budget: ByteBudget,
): Generator<RuntimeLocation | PyglassError> {
  if (content === undefined) return;
  if (content !== 'unopened') {
    let same = false;
    if (content.segments.length === 0) yield otherMachine(content);
    for (const bias of loadBiases(content.segments, image.mappings)) {
      if (!isSameFile(memory, content, bias)) continue;
      same = true;
      const found = describe(memory, content, bias, image.path);
      if (found) yield found;
    }
    if (same) return;
  }
  for (const { file, bias } of loadedPythons(memory, image, budget)) {
    const found = describe(memory, file, bias, image.path);
    if (found) yield found;
  }
}

/** The file as it lies in memory: it was deleted, or another one has come in its place, as by an upgrade. */
function* loadedPythons(
  memory: TargetMemory,
  image: MappedImage,
  budget: ByteBudget,
): Generator<{ readonly file: PythonFile; readonly bias: number }> {
  const readAt = (base: number) =>
    withByteBudget({ read: (offset, length) => memory.read(base + offset, length) }, budget);
  for (const { start, offset } of image.mappings) {
    const head = offset === 0 ? readElfHead(readAt(start)) : undefined;
    const bias = head && loadBiases(head.segments, [{ start, offset, permissions: 'r--p' }])[0];
    if (head === undefined || bias === undefined) continue;
    const elf = loadedElf(head, readAt(bias), bias);
    const file = elf && withoutErrors(() => pythonIn(elf, image.path));
    if (file) yield { file, bias };
  }
}

/** Whether the file that was opened is the one in memory. */
export function isSameFile(
  memory: TargetMemory,
  { segments, firstPage }: Pick<PythonFile, 'segments' | 'firstPage'>,
  bias: number,
): boolean {
  const head = segments.find(({ offset }) => offset === 0);
  const loaded = head && memory.read(bias + head.address, firstPage.length);
  if (!loaded) return true;
  // `every` took a tenth of the time in which a Python is found.
  for (let at = 0; at < loaded.length; at++) if (loaded[at] !== firstPage[at]) return false;
  return true;
}

/** Whether it has an interpreter with a thread. */
export function runs(memory: TargetMemory, { runtime, layout }: RuntimeLocation): boolean {
  const interpreter = readPointer(memory, runtime + layout.runtime.interpretersHead);
  const thread = readPointer(memory, interpreter + layout.interpreter.threadsHead);
  return readPointer(memory, thread + layout.threadState.interpreter) === interpreter;
}

function describe(
  memory: TargetMemory,
  file: PythonFile,
  bias: number,
  image: string,
): RuntimeLocation | PyglassError | undefined {
  if (file.machine === undefined) return otherMachine(file);
  const found = described(memory, file, bias, image);
  return found && !(found instanceof PyglassError) && isElsewhere(memory, found, file, bias)
    ? elsewhere(found)
    : found;
}

/** The same, where the addresses in its memory are its own. */
function described(
  memory: TargetMemory,
  file: PythonFile,
  bias: number,
  image: string,
): RuntimeLocation | PyglassError | undefined {
  if (file.runtime === undefined) return describedByStatics(memory, file, bias, image);
  const runtime = file.runtime + bias;
  const head = memory.read(runtime, debugOffsetsHeaderSize);
  if (!head) return undefined;
  const offsets = debugOffsetsVersion(head);
  if (offsets) return describedByTable(memory, offsets, { runtime, image, file });
  const hex = file.versionSymbol === undefined ? undefined : memory.read(file.versionSymbol + bias, 4);
  const version = hex ? fromHex(new ByteReader(hex).u32(0))?.version : file.writtenVersion();
  if (version === undefined) return undefined;
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const known = supportedVersion(major, minor);
  if (!known) return unsupported(version);
  const refused = otherBuild(file, version);
  if (refused) return refused;
  const layout = layoutOn(file, layoutOf(memory, runtime, known));
  if (!layout) return unknownLibrary(version);
  const found = { runtime, layout, version, image };
  return listsInterpreters(memory, found) || isElsewhere(memory, found, file, bias) ? found : undefined;
}

/**
 * Whether a program's own addresses are others than those at which its memory lies: an emulator may put it anywhere.
 * The type of
 * `PyType_Type` is itself, so it has its own address, and does since before there was an interpreter.
 */
function isElsewhere(
  memory: TargetMemory,
  { runtime, layout }: RuntimeLocation,
  { typeSymbol }: PythonFile,
  bias: number,
): boolean {
  if (typeSymbol === undefined || !isPointer(readPointer(memory, runtime + layout.runtime.interpretersHead)))
    return false;
  const address = typeSymbol + bias;
  const own = readPointer(memory, address + layout.object.type);
  return isPointer(own) && own !== address && (own - address) % 4096 === 0;
}

function elsewhere({ version }: RuntimeLocation): PyglassError {
  const message = `this Python ${version} runs in an emulator that keeps its memory at other addresses than its own`;
  return new PyglassError('machine-unsupported', message, { version, isElsewhere: true });
}

/**
 * Before it is initialised the runtime lists no interpreter; a wrong guess of the version or the address shows no
 * plausible pointer.
 */
function listsInterpreters(
  memory: TargetMemory,
  { runtime, layout }: Pick<RuntimeLocation, 'runtime' | 'layout'>,
): boolean {
  const first = readPointer(memory, runtime + layout.runtime.interpretersHead);
  return first === 0 || (isPointer(first) && memory.read(first, 8) !== undefined);
}

/**
 * The layout of an early release (up to 3.7.3) where the runtime is of one: its collector has a pointer to its own
 * generations, which is there before the first interpreter.
 */
export function layoutOf(memory: TargetMemory, runtime: number, { layout, early }: SupportedVersion): Layout {
  if (!early) return layout;
  const { gc } = early;
  const collector = runtime + early.runtime.gc;
  const isEarlyRelease = readPointer(memory, collector + gc.firstGeneration) === collector + gc.generations;
  return isEarlyRelease ? { ...layout, ...early } : layout;
}

/** For which machine a file is. */
export type FileMachine = Pick<PythonFile, 'machine' | 'cLibrary'>;

/** The layout on the machine that the file is for. */
function layoutOn({ machine, cLibrary }: FileMachine, layout: Layout): Layout | undefined {
  return machine && layoutOnMachine(layout, machine, cLibrary);
}

function unknownLibrary(version: string): PyglassError {
  const message = `which C library this Python ${version} for aarch64 has is not known, and so where it keeps its threads`;
  return new PyglassError('build-unsupported', message, { version });
}

/** Up to 3.6: the runtime is a number of static variables. */
function describedByStatics(
  memory: TargetMemory,
  file: PythonFile,
  bias: number,
  image: string,
): RuntimeLocation | PyglassError | undefined {
  const version = file.writtenVersion() ?? 'an old version';
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const known = supportedVersion(major, minor);
  // Later ones have a runtime.
  if (!known || known.minor > lastWithStatics) return unsupported(version);
  const refused = otherBuild(file, version);
  if (refused) return refused;
  const { machine = 'x86-64', statics } = file;
  const found = staticRuntime(memory, known.layout, { machine, statics }, bias);
  if (!found) {
    const message = `where this Python ${version} keeps its interpreter is not known, since its file has no symbols`;
    return new PyglassError('build-unsupported', message, { version });
  }
  return listsInterpreters(memory, found) ? { ...found, version, image } : undefined;
}

export const lastWithStatics = 6;

/** From 3.13 on: the runtime begins with a table of its own offsets. */
export function describedByTable(
  memory: TargetMemory,
  offsets: { readonly hex: number; readonly freeThreaded: boolean },
  { runtime, image, file }: { readonly runtime: number; readonly image: string; readonly file: FileMachine },
): RuntimeLocation | PyglassError | undefined {
  const parsed = fromHex(offsets.hex);
  if (!parsed) return undefined;
  const { major, minor } = parsed;
  const version = offsets.freeThreaded ? freeThreadedVersion(parsed.version) : parsed.version;
  const known = supportedVersion(major, minor, offsets.freeThreaded ? 't' : undefined);
  if (!known?.debugOffsets) return unsupported(version);
  if (isEarly.test(parsed.version)) return early(version);
  const bytes = memory.read(runtime, known.debugOffsets['size'] ?? 0);
  const base = layoutOn(file, known.layout);
  if (!base) return unknownLibrary(version);
  return bytes && withLayout(bytes, known.debugOffsets, base, { runtime, version, image });
}

function withLayout(
  bytes: Uint8Array,
  table: Readonly<Record<string, number>>,
  base: Layout,
  rest: Omit<RuntimeLocation, 'layout'>,
): RuntimeLocation | PyglassError {
  try {
    return { ...rest, layout: layoutFromDebugOffsets(bytes, table, base) };
  } catch (error) {
    if (error instanceof PyglassError) return error;
    throw error;
  }
}

function otherMachine({ machineName: machine, writtenVersion }: PythonFile): PyglassError {
  const version = writtenVersion();
  return new PyglassError(
    'machine-unsupported',
    `this Python is for ${machine}; pyglass reads those for ${machinesThatAreRead}`,
    version === undefined ? { machine } : { machine, version },
  );
}

/** What the version alone does not say: `undefined` for a usual build. */
function otherBuild({ tracesReferences }: PythonFile, version: string): PyglassError | undefined {
  if (isEarly.test(version)) return early(version);
  if (!tracesReferences) return undefined;
  const message = `this Python ${version} was built with --with-trace-refs; pyglass cannot read such builds`;
  return new PyglassError('build-unsupported', message, { version });
}

/** Alphas and betas: structs and the table of offsets still change until the first release candidate. */
export const isEarly = /\d[ab]\d+\+?$/;

export function early(version: string): PyglassError {
  const message = `this is Python ${version}, a pre-release; pyglass reads ${supportedPythons()}, from their release candidates on`;
  return new PyglassError('python-unsupported', message, { version });
}

function unsupported(version: string): PyglassError {
  return new PyglassError(
    'python-unsupported',
    `this is Python ${version}; pyglass reads ${supportedPythons()}`,
    { version },
  );
}
