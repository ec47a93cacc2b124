import type { ByteSource } from '../../binary/byte-source.js';
import { dynamicSymbols, type Elf, findSymbols, occurrences, readElf } from '../../binary/elf/elf.js';
import { exportedSymbol } from '../../binary/elf/exported-symbol.js';

/** What an executable or library that holds CPython tells of it. Addresses are those before relocation. */
export interface PythonFile {
  /** Virtual address that the start of its mapping corresponds to. */
  readonly base: number;
  /** Of `_PyRuntime`; `undefined` up to Python 3.6, which had none. */
  readonly runtime: number | undefined;
  /** Of `Py_Version`, which is there from 3.11. */
  readonly versionSymbol: number | undefined;
  /** PY_VERSION as it stands among the constants of the file, or the version in the file's name. */
  writtenVersion(): string | undefined;
}

/** Reads a file as one that holds CPython; `undefined` when it does not. */
export function readPythonFile(source: ByteSource, path: string): PythonFile | undefined {
  const elf = readElf(source);
  if (!elf) return undefined;
  const section = runtimeSection(elf);
  // CPython exports its symbols; one that hides them, being built into a program, may still have them in the other table.
  let symbol = (name: string) => exportedSymbol(elf, name);
  if (section === undefined && symbol('_PyRuntime') === undefined) {
    const found = findSymbols(elf, ['_PyRuntime', 'Py_Version', 'Py_GetVersion']);
    symbol = (name) => found.get(name);
  }
  const runtime = section ?? symbol('_PyRuntime');
  if (runtime === undefined && symbol('Py_GetVersion') === undefined) return undefined;
  let version: { readonly written: string | undefined } | undefined;
  return {
    base: elf.base,
    runtime,
    versionSymbol: symbol('Py_Version'),
    writtenVersion: () => {
      version ??= { written: versionInFile(elf, path) };
      return version.written;
    },
  };
}

/** Whether a file looks as if it held CPython, for a look at files of any kind: half a millisecond. */
export function mayHoldPython(source: ByteSource): boolean {
  const elf = readElf(source);
  return (
    elf !== undefined &&
    (runtimeSection(elf) !== undefined || exportedSymbol(elf, 'Py_GetVersion') !== undefined)
  );
}

/** Whether a file is the `python` command without the library: little more than a call of CPython's own main function. */
export function callsPython(source: ByteSource): boolean {
  const elf = readElf(source);
  const symbols = elf?.sections.find(({ type }) => type === dynamicSymbols);
  const strings = symbols && elf?.sections[symbols.link];
  // Programs that only embed Python use more of their libraries than that.
  if (!strings || strings.size > smallStrings) return false;
  const names = source.read(strings.offset, strings.size);
  return (
    names !== undefined &&
    ['Py_BytesMain', 'Py_Main'].some((name) => occurrences(names, name).next().done === false)
  );
}

const smallStrings = 4096;

function runtimeSection(elf: Elf): number | undefined {
  return elf.sections.find(({ name }) => name === '.PyRuntime')?.address;
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
