// Puts together a free-threaded Python below .cache/, for tests. No package of Debian has one. One that makes
// executables of programs, on PyPI, has the interpreter itself, as an executable that starts a packed program: `_start`
// is made to call `Py_BytesMain` instead of its own `main`, which makes it a usual Python. Where that is not in it
// (3.13t), the program that it starts runs what its arguments say. The standard library of that version is Debian's.
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
  symlinkSync,
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
  const executable = readFileSync(join(bases, base));
  const isUsual = startPython(executable);
  writeFileSync(file, executable);
  if (!isUsual) {
    // Its only place for modules.
    symlinkSync(`../lib/python3.${minor}t`, join(root, 'bin/lib'));
    writeFileSync(join(library, '__startup__.py'), startup);
  }
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

/** Imported by the executable of a packed program: a script, or what comes after -c or -m. */
const startup = `import os
import sys


def init():
    sys.path.append(os.path.join(sys.path[0], 'lib-dynload'))


def run():
    import __main__
    sys.argv.pop(0)
    sys.path[:0] = os.environ.get('PYTHONPATH', '').split(os.pathsep)
    if sys.argv[0] == '-m':
        import runpy
        runpy._run_module_as_main(sys.argv.pop(1))
    elif sys.argv[0] == '-c':
        exec(compile(sys.argv.pop(1), '<string>', 'exec'), __main__.__dict__)
    else:
        with open(sys.argv[0], 'rb') as file:
            code = compile(file.read(), sys.argv[0], 'exec')
        sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))
        __main__.__file__ = sys.argv[0]
        exec(code, __main__.__dict__)
`;

/**
 * Puts the address of `Py_BytesMain` in the place of that of `main`; the executable is of a fixed address. False when
 * it does not have that function.
 */
function startPython(executable: Buffer): boolean {
  const source = { read: (offset: number, length: number) => executable.subarray(offset, offset + length) };
  const elf = readElf(source);
  const main = elf && exportedSymbol(elf, 'Py_BytesMain');
  const entry = Number(executable.readBigUInt64LE(24));
  const code = elf?.segments.find(({ address, fileSize }) => entry >= address && entry < address + fileSize);
  if (main === undefined) return false;
  if (!code) throw new Error('the executable has no start');
  const start = code.offset + entry - code.address;
  const at = executable.indexOf(Buffer.from(loadMain), start);
  if (at < 0 || at >= start + startBytes) throw new Error('the executable does not start as expected');
  executable.writeUInt32LE(main, at + loadMain.length);
  return true;
}
