import type { ByteSource } from '../../binary/byte-source.js';
import { type Elf, findSymbols, readElf } from '../../binary/elf/elf.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import { readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { PyglassError } from '../../model/error.js';
import { debugOffsetsHeaderSize, debugOffsetsVersion, layoutFromDebugOffsets } from '../debug-offsets.js';
import type { Layout } from '../layout.js';
import { knownLayout, supportedPythons } from '../layouts/layouts.js';

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

/**
 * Finds the interpreter among the mapped files, those with `python` in the name first: the runtime by the section `.PyRuntime` or the symbol
 * `_PyRuntime`, the version by what each Python offers. `undefined`: no Python (yet). Throws `python-unsupported`, `free-threaded-unsupported`.
 */
export function locateRuntime(
  images: readonly MappedImage[],
  memory: TargetMemory,
): RuntimeLocation | undefined {
  const rank = ({ path }: MappedImage) => (/python/i.test(path.slice(path.lastIndexOf('/') + 1)) ? 0 : 1);
  for (const image of [...images].sort((a, b) => rank(a) - rank(b))) {
    const source = image.open();
    const elf = source && readElf(source);
    if (!elf) continue;
    const bias = image.start - elf.base;
    const symbols = findSymbols(elf, ['_PyRuntime', 'Py_Version', 'Py_GetVersion']);
    const section = elf.sections.find(({ name }) => name === '.PyRuntime');
    const address = section?.address ?? symbols.get('_PyRuntime');
    if (address === undefined) {
      if (symbols.has('Py_GetVersion')) throw unsupported(versionInFile(elf, image.path) ?? 'an old version');
      continue;
    }
    return describe(memory, elf, image.path, address + bias, symbols.get('Py_Version'), bias);
  }
  return undefined;
}

function describe(
  memory: TargetMemory,
  elf: Elf,
  path: string,
  runtime: number,
  versionSymbol: number | undefined,
  bias: number,
): RuntimeLocation | undefined {
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
        image: path,
      }
    );
  }
  const hex = versionSymbol === undefined ? undefined : memory.read(versionSymbol + bias, 4);
  const version = hex ? fromHex(new ByteReader(hex).u32(0)).version : versionInFile(elf, path);
  if (version === undefined) return undefined;
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const known = knownLayout(major, minor);
  if (!known) throw unsupported(version);
  // Before it is initialised the runtime lists no interpreter; a wrong guess of the version shows no plausible pointer.
  const first = readPointer(memory, runtime + known.layout.runtime.interpretersHead);
  return Number.isNaN(first) ? undefined : { runtime, version, layout: known.layout, image: path };
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

/** PY_VERSION as it stands among the constants of the file, or the version in the file's name. */
function versionInFile(elf: Elf, path: string): string | undefined {
  const constants = elf.sections.find(({ name }) => name === '.rodata');
  const bytes =
    constants && constants.size < 64 << 20 ? elf.source.read(constants.offset, constants.size) : undefined;
  const named = /python(\d\.\d+)/.exec(path.slice(path.lastIndexOf('/') + 1))?.[1];
  let first: string | undefined;
  // The linker may keep the constant only as the end of a longer string, so what comes before it does not count.
  for (let end = bytes ? bytes.indexOf(0) : -1; bytes && end >= 0; end = bytes.indexOf(0, end + 1)) {
    const last = bytes[end - 1]!;
    if (!((last >= 0x30 && last <= 0x39) || last === 0x2b)) continue;
    const version = /[23]\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?$/.exec(
      String.fromCharCode(...bytes.subarray(Math.max(0, end - 16), end)),
    )?.[0];
    if (version === undefined) continue;
    if (named !== undefined && version.startsWith(`${named}.`)) return version;
    first ??= version;
  }
  return named ?? first;
}

function unsupported(version: string): PyglassError {
  return new PyglassError(
    'python-unsupported',
    `this is Python ${version}; pyglass reads ${supportedPythons()}`,
    { version },
  );
}
