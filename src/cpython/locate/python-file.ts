import type { ByteSource } from '../../binary/byte-source.js';
import {
  dynamicSymbols,
  type Elf,
  elfIdentity,
  findSymbols,
  type LoadSegment,
  occurrences,
  readElf,
  symbolTable,
} from '../../binary/elf/elf.js';
import { exportedSymbol, gnuHash } from '../../binary/elf/exported-symbol.js';
import { type Machine, machineName, machineOf } from '../../binary/elf/machines.js';
import type { CLibrary } from '../machine-layout.js';
import { exportedParts, hiddenParts } from './static-runtime.js';

/** What the file of an executable or library with CPython holds about it. Addresses are those before relocation. */
export interface PythonFile {
  readonly segments: readonly LoadSegment[];
  /** The file's first page: in memory it is the same, unless another file has come in its place. */
  readonly firstPage: Uint8Array;
  /** The processor that it is for; `undefined`: another one, of which no Python is read. */
  readonly machine: Machine | undefined;
  readonly machineName: string;
  /** Of `_PyRuntime`; `undefined` up to Python 3.6, which had none. */
  readonly runtime: number | undefined;
  /** Up to Python 3.6: by name what `static-runtime.ts` makes a runtime of. */
  readonly statics: ReadonlyMap<string, number>;
  /** Of `Py_Version`, which is there from 3.11. */
  readonly versionSymbol: number | undefined;
  /** Of `PyType_Type`, whose type is itself. */
  readonly typeSymbol: number | undefined;
  /** Up to 3.12: built with --with-trace-refs, which puts two pointers in front of every object. */
  readonly tracesReferences: boolean;
  /** PY_VERSION as it stands among the constants of the file, or the version in the file's name. */
  writtenVersion(): string | undefined;
  /** The C library that it is linked with; `undefined`: none that is known here, or it is part of the file. */
  cLibrary(): CLibrary | undefined;
}

const pageSize = 4096;

/** Reads a file as one that holds CPython; `undefined` when it does not. */
export function readPythonFile(source: ByteSource, path: string): PythonFile | undefined {
  const elf = readElf(source);
  return elf ? pythonIn(elf, path) : pythonOfOtherKind(source, path);
}

/** The same of a file that is in memory, or of which the tables are known. */
export function pythonIn(elf: Elf, path: string): PythonFile | undefined {
  const section = runtimeSection(elf);
  // CPython exports its symbols; one that hides them, being built into a program, may still have them in the other
  // table.
  let symbol = (name: string) => exportedSymbol(elf, name);
  if (section === undefined && symbol('_PyRuntime') === undefined) {
    // What the table of the dynamic linker has was just asked for.
    const hasHash = elf.sections.some(({ type }) => type === gnuHash);
    const tables = hasHash ? [symbolTable] : [dynamicSymbols, symbolTable];
    const found = findSymbols(elf, ['_PyRuntime', 'Py_Version', 'Py_GetVersion'], tables);
    symbol = (name) => found.get(name) ?? exportedSymbol(elf, name);
  }
  const runtime = section ?? symbol('_PyRuntime');
  if (runtime === undefined && symbol('Py_GetVersion') === undefined) return undefined;
  let version: { readonly written: string | undefined } | undefined;
  const head = elf.segments.find(({ offset }) => offset < pageSize);
  return {
    segments: elf.segments,
    firstPage: elf.source.read(0, Math.min(pageSize, head?.fileSize ?? 0)) ?? new Uint8Array(0),
    machine: machineOf(elf),
    machineName: machineName(elf.machine),
    runtime,
    statics: runtime === undefined ? staticsIn(elf) : new Map(),
    versionSymbol: symbol('Py_Version'),
    typeSymbol: symbol('PyType_Type'),
    // Include/object.h: a function of its own only there, and from 3.13 on exported nowhere.
    tracesReferences: symbol('_Py_ForgetReference') !== undefined,
    writtenVersion: () => {
      version ??= { written: versionInFile(elf, path) };
      return version.written;
    },
    cLibrary: () => cLibraryOf(elf),
  };
}

/** By the name of the library that is to be loaded with it (DT_NEEDED), which stands among the names of symbols. */
function cLibraryOf(elf: Elf): CLibrary | undefined {
  const symbols = elf.sections.find(({ type }) => type === dynamicSymbols);
  const strings = symbols && elf.sections[symbols.link];
  const names =
    strings && strings.size < largestNames ? elf.source.read(strings.offset, strings.size) : undefined;
  if (!names) return undefined;
  return cLibraryNames.find(([name]) => occurrences(names, name).next().done === false)?.[1];
}

/** What C libraries are called on aarch64, the only machine for which that matters. */
export const cLibraryNames: readonly (readonly [string, CLibrary])[] = [
  ['libc.so.6', 'glibc'],
  ['libc.musl-aarch64.so.1', 'musl'],
];

/** CPython's are 100 kB. */
const largestNames = 16 << 20;

function staticsIn(elf: Elf): Map<string, number> {
  const found = findSymbols(elf, [...exportedParts, ...hiddenParts]);
  // What is in memory, or was stripped, has no more than the table of the dynamic linker.
  for (const name of exportedParts) {
    const address = found.get(name) ?? exportedSymbol(elf, name);
    if (address !== undefined) found.set(name, address);
  }
  return found;
}

/** A Python of 32 bits or of the other byte order is known by its name only: its tables have another form. */
function pythonOfOtherKind(source: ByteSource, path: string): PythonFile | undefined {
  const identity = elfIdentity(source);
  if (!identity || !isOtherKind(source)) return undefined;
  // A virtual environment may have a copy that is called `python` alone.
  if (!/^(?:python$|(?:lib)?python\d)/.test(path.slice(path.lastIndexOf('/') + 1))) return undefined;
  const bits = identity.is64Bit ? '' : '32-bit ';
  return {
    ...{ segments: [], firstPage: new Uint8Array(0), runtime: undefined, versionSymbol: undefined },
    typeSymbol: undefined,
    statics: new Map(),
    tracesReferences: false,
    machine: undefined,
    machineName: `${bits}${machineName(identity.machine)}`,
    cLibrary: () => undefined,
    writtenVersion: () => versionInName(path),
  };
}

/** Whether a file is an executable or library of 32 bits or of the other byte order. */
export function isOtherKind(source: ByteSource): boolean {
  const identity = elfIdentity(source);
  return identity !== undefined && !(identity.is64Bit && identity.isLittleEndian);
}

/** By what CPython is found in a file that has it, and whether it is a debug build; null: not known. */
export function pythonMarks(
  source: ByteSource,
): { readonly foundBy: string; readonly isDebugBuild: boolean | null } | undefined {
  const elf = readElf(source);
  if (!elf) return elfIdentity(source) && { foundBy: 'structure', isDebugBuild: null };
  const foundBy = foundIn(elf);
  if (foundBy === 'structure') return { foundBy, isDebugBuild: null };
  // Include/object.h: a function only with Py_REF_DEBUG, which debug builds have.
  return { foundBy, isDebugBuild: exportedSymbol(elf, '_Py_NegativeRefcount') !== undefined };
}

function foundIn(elf: Elf): string {
  if (runtimeSection(elf) !== undefined) return 'section';
  if (exportedSymbol(elf, '_PyRuntime') !== undefined) return 'exported symbol';
  if (exportedSymbol(elf, '_PyThreadState_Current') !== undefined) return 'static variables';
  const hasTable = elf.sections.some(({ type }) => type === symbolTable);
  return hasTable || exportedSymbol(elf, 'Py_GetVersion') !== undefined ? 'symbol table' : 'structure';
}

/** Whether a file looks as if it held CPython, for a look at files of any kind: half a millisecond. */
export function mayHoldPython(source: ByteSource): boolean {
  const elf = readElf(source);
  return (
    elf !== undefined &&
    (runtimeSection(elf) !== undefined || exportedSymbol(elf, 'Py_GetVersion') !== undefined)
  );
}

/**
 * Whether a file is the `python` command without the library: little more than a call of CPython's own main function.
 */
export function callsPython(source: ByteSource): boolean {
  const elf = readElf(source);
  const symbols = elf?.sections.find(({ type }) => type === dynamicSymbols);
  const strings = symbols && elf?.sections[symbols.link];
  // Programs that only embed Python use more of their libraries than that.
  if (!strings || strings.size > smallStrings) return false;
  const names = source.read(strings.offset, strings.size);
  return (
    names !== undefined &&
    ['Py_BytesMain', '_Py_UnixMain', 'Py_Main'].some((name) => occurrences(names, name).next().done === false)
  );
}

const smallStrings = 4096;

function runtimeSection(elf: Elf): number | undefined {
  return elf.sections.find(({ name }) => name === '.PyRuntime')?.address;
}

function versionInName(path: string): string | undefined {
  return /python(\d\.\d+)/.exec(path.slice(path.lastIndexOf('/') + 1))?.[1];
}

/** What looks like the beginning of a version; CPython has some hundreds. */
const mostTried = 200_000;
/** CPython has 2 MB. */
const mostConstants = 64 << 20;

/** PY_VERSION as it stands among the constants of the file, or the version in the file's name. */
function versionInFile(elf: Elf, path: string): string | undefined {
  const constants = elf.sections.find(({ name }) => name === '.rodata');
  const bytes =
    constants && constants.size < mostConstants
      ? elf.source.read(constants.offset, constants.size)
      : undefined;
  const named = versionInName(path);
  let first: string | undefined;
  let tried = 0;
  // The linker may keep the constant only as the end of a longer string, so what comes before it does not count.
  for (let dot = bytes ? bytes.indexOf(point) : -1; bytes && dot >= 0; dot = bytes.indexOf(point, dot + 1)) {
    const major = bytes[dot - 1];
    if ((major !== 0x32 && major !== 0x33) || !isDigit(bytes[dot + 1])) continue;
    if (++tried > mostTried) break;
    const text = String.fromCharCode(...bytes.subarray(dot - 1, dot + 15));
    const version = /^([23]\.\d+\.\d+(?:(?:a|b|rc)\d+)?\+?)\0/.exec(text)?.[1];
    if (version === undefined) continue;
    if (named !== undefined && version.startsWith(`${named}.`)) return version;
    first ??= version;
  }
  return named ?? first;
}

const point = 0x2e;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
