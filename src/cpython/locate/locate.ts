import type { ByteSource } from '../../binary/byte-source.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import { readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { PyglassError } from '../../model/error.js';
import { debugOffsetsHeaderSize, debugOffsetsVersion, layoutFromDebugOffsets } from '../debug-offsets.js';
import type { Layout } from '../layout.js';
import { knownLayout, supportedPythons } from '../layouts/layouts.js';
import { type PythonFile, readPythonFile } from './python-file.js';

/** A file that the target has mapped. */
export interface MappedImage {
  readonly path: string;
  /** Lowest address it is mapped at. */
  readonly start: number;
  open(): ByteSource | undefined;
}

export interface RuntimeLocation {
  /** Address of `_PyRuntime`. */
  readonly runtime: number;
  /** Such as `3.11.7`. */
  readonly version: string;
  readonly layout: Layout;
  readonly image: string;
}

/** What the file behind a mapping tells of CPython; `undefined` when it holds none or cannot be opened. */
export function pythonIn(image: MappedImage): PythonFile | undefined {
  const source = image.open();
  return source && readPythonFile(source, image.path);
}

/**
 * Finds the interpreter among the mapped files, those with `python` in the name first: the runtime by the section `.PyRuntime` or the symbol
 * `_PyRuntime`, the version by what each Python offers. `undefined`: no Python (yet). Throws `python-unsupported`, `free-threaded-unsupported`.
 * `read` is for those who look at many processes, to read each file once.
 */
export function locateRuntime<Image extends MappedImage>(
  images: readonly Image[],
  memory: TargetMemory,
  read: (image: Image) => PythonFile | undefined = pythonIn,
): RuntimeLocation | undefined {
  const rank = ({ path }: MappedImage) => (/python/i.test(path.slice(path.lastIndexOf('/') + 1)) ? 0 : 1);
  for (const image of [...images].sort((a, b) => rank(a) - rank(b))) {
    const file = read(image);
    if (!file) continue;
    if (file.runtime === undefined) throw unsupported(file.writtenVersion() ?? 'an old version');
    return describe(memory, file, file.runtime, image);
  }
  return undefined;
}

function describe(
  memory: TargetMemory,
  file: PythonFile,
  runtimeBefore: number,
  image: MappedImage,
): RuntimeLocation | undefined {
  const bias = image.start - file.base;
  const runtime = runtimeBefore + bias;
  const head = memory.read(runtime, debugOffsetsHeaderSize);
  if (!head) return undefined;
  const offsets = debugOffsetsVersion(head);
  if (offsets) {
    const { major, minor, version } = fromHex(offsets.hex);
    if (offsets.freeThreaded)
      throw new PyglassError('free-threaded-unsupported', `this is a free-threaded Python ${version}`, {
        version,
      });
    const known = knownLayout(major, minor);
    if (!known?.debugOffsets) throw unsupported(version);
    const bytes = memory.read(runtime, known.debugOffsets['size'] ?? 0);
    return (
      bytes && {
        runtime,
        version,
        layout: layoutFromDebugOffsets(bytes, known.debugOffsets, known.layout),
        image: image.path,
      }
    );
  }
  const hex = file.versionSymbol === undefined ? undefined : memory.read(file.versionSymbol + bias, 4);
  const version = hex ? fromHex(new ByteReader(hex).u32(0)).version : file.writtenVersion();
  if (version === undefined) return undefined;
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const known = knownLayout(major, minor);
  if (!known) throw unsupported(version);
  // Before it is initialised the runtime lists no interpreter; a wrong guess of the version shows no plausible pointer.
  const first = readPointer(memory, runtime + known.layout.runtime.interpretersHead);
  return Number.isNaN(first) ? undefined : { runtime, version, layout: known.layout, image: image.path };
}

/** PY_VERSION_HEX: major, minor, micro, level (a, b, c, f) and serial. */
function fromHex(hex: number): { major: number; minor: number; version: string } {
  const major = hex >>> 24;
  const minor = (hex >>> 16) & 255;
  const level = { 10: 'a', 11: 'b', 12: 'rc' }[(hex >>> 4) & 15];
  return {
    major,
    minor,
    version: `${major}.${minor}.${(hex >>> 8) & 255}${level ? `${level}${hex & 15}` : ''}`,
  };
}

function unsupported(version: string): PyglassError {
  return new PyglassError(
    'python-unsupported',
    `this is Python ${version}; pyglass reads ${supportedPythons()}`,
    { version },
  );
}
