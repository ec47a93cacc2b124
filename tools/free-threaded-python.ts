// Puts together a free-threaded Python below .cache/, for tests. No package of Debian has one. One that makes executables of
// programs, on PyPI, has the interpreter itself, as an executable that starts a packed program: `_start` is made to call
// `Py_BytesMain` instead of its own `main`, which makes it a usual Python. The standard library of that version is Debian's.
// Needs apt-get, python3 with pip and the network.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readElf } from '../src/binary/elf/elf.js';
import { exportedSymbol } from '../src/binary/elf/exported-symbol.js';
import { unpackDebianPackages } from './debian-python.js';

const cache = new URL('../../.cache/free-threaded/', import.meta.url).pathname;

/** Which release of the package has an interpreter of that version. */
const releases: ReadonlyMap<number, string> = new Map([
  [13, '0.6.1'],
  [14, '0.8.1'],
  [15, '0.8.1'],
]);

export type FreeThreadedPython = { readonly file: string } | { readonly reason: string };

/** The executable of a free-threaded Python 3.`minor`, or why there is none. */
export function freeThreadedPython(minor: number): FreeThreadedPython {
  const root = join(cache, `3.${minor}`);
  const file = join(root, `bin/python3.${minor}t`);
  const complete = join(root, 'complete');
  if (existsSync(complete)) return { file };
  const release = releases.get(minor);
  if (release === undefined) return { reason: 'there is no release of it' };
  try {
    putTogether(minor, release, root, file);
    writeFileSync(complete, '');
    return { file };
  } catch (error) {
    return { reason: `it could not be put together: ${String((error as Error).message).split('\n')[0]}` };
  }
}

function putTogether(minor: number, release: string, root: string, file: string): void {
  rmSync(root, { recursive: true, force: true });
  const parts = join(root, 'parts');
  const interpreter = join(parts, 'interpreter');
  download(minor, release, parts, interpreter);
  const debian = join(parts, 'debian');
  const names = ['minimal', 'stdlib'].map((part) => `libpython3.${minor}-${part}`);
  unpackDebianPackages(`packages-3.${minor}t`, names, debian);
  const library = join(root, `lib/python3.${minor}t`);
  cpSync(join(debian, `usr/lib/python3.${minor}`), library, { recursive: true });
  rmSync(join(library, 'lib-dynload'), { recursive: true, force: true });
  cpSync(join(interpreter, 'freeze_core/lib'), join(library, 'lib-dynload'), { recursive: true });
  // What the modules written in C need, where their run path expects it.
  cpSync(join(interpreter, 'freeze_core.libs'), join(root, 'lib/freeze_core.libs'), { recursive: true });
  mkdirSync(join(root, 'bin'), { recursive: true });
  const bases = join(interpreter, 'freeze_core/bases');
  const base = readdirSync(bases).find((name) => name.startsWith('console-'));
  if (base === undefined) throw new Error('the package has no interpreter');
  writeFileSync(file, startingPython(readFileSync(join(bases, base))));
  chmodSync(file, 0o755);
  rmSync(parts, { recursive: true });
}

function download(minor: number, release: string, folder: string, into: string): void {
  mkdirSync(into, { recursive: true });
  const python = (words: string[]) => execFileSync('python3', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const target = [
    '--python-version',
    `3.${minor}`,
    '--abi',
    `cp3${minor}t`,
    '--platform',
    'manylinux2014_x86_64',
  ];
  python([
    ...[
      '-m',
      'pip',
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary=:all:',
    ],
    ...[...target, '--dest', folder, `freeze-core==${release}`],
  ]);
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip brought no wheel');
  python(['-m', 'zipfile', '-e', join(folder, wheel), into]);
}

/** `mov $main, %rdi`, followed by the call of `__libc_start_main`. */
const loadMain = [0x48, 0xc7, 0xc7] as const;
const startBytes = 64;

/** The executable with the address of `Py_BytesMain` in the place of that of `main`. It is of a fixed address. */
function startingPython(executable: Buffer): Buffer {
  const source = { read: (offset: number, length: number) => executable.subarray(offset, offset + length) };
  const elf = readElf(source);
  const main = elf && exportedSymbol(elf, 'Py_BytesMain');
  const entry = Number(executable.readBigUInt64LE(24));
  const code = elf?.segments.find(({ address, fileSize }) => entry >= address && entry < address + fileSize);
  if (main === undefined || !code) throw new Error('the executable has no Py_BytesMain');
  const start = code.offset + entry - code.address;
  const at = executable.indexOf(Buffer.from(loadMain), start);
  if (at < 0 || at >= start + startBytes) throw new Error('the executable does not start as expected');
  executable.writeUInt32LE(main, at + loadMain.length);
  return executable;
}
