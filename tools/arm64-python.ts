// Unpacks Pythons of Debian for arm64 below .cache/, and the emulator that runs them here (qemu-user, as a program of
// one file). Neither touches the system nor needs root. Needs apt-get, dpkg and the network.
import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { couldNotFetch, unpackDebianPackages } from './debian-python.js';

const cache = new URL('../../.cache/arm64/', import.meta.url).pathname;

/** The suite that has a version, and what its libraries are called there. */
const suites: ReadonlyMap<number, { readonly suite: string; readonly libraries: readonly string[] }> =
  new Map([
    [9, { suite: 'bullseye', libraries: ['libssl1.1', 'libffi7'] }],
    [11, { suite: 'bookworm', libraries: ['libssl3', 'libffi8', 'libzstd1'] }],
    [13, { suite: 'trixie', libraries: ['libssl3t64', 'libffi8', 'libzstd1'] }],
    [14, { suite: 'sid', libraries: ['libssl3t64', 'libffi8', 'libzstd1'] }],
    [15, { suite: 'sid', libraries: ['libssl3t64', 'libffi8', 'libzstd1'] }],
  ]);
const libraries = [
  ...['libc6', 'zlib1g', 'libexpat1', 'libbz2-1.0', 'liblzma5', 'libsqlite3-0', 'libuuid1', 'libgcc-s1'],
  'libstdc++6',
];

/** Minor versions of the Pythons that there are for arm64. */
export const arm64Minors: readonly number[] = [...suites.keys()];

export interface Arm64Python {
  /** The emulator, the root below which the libraries lie, and the executable. */
  readonly command: readonly [string, ...string[]];
  /** The folders of the emulator and of the Python. */
  readonly emulator: { readonly folder: string; readonly root: string };
}

/** How to run Python 3.`minor` for arm64, or why that is not possible. */
export function arm64Python(minor: number): Arm64Python | { readonly reason: string } {
  if (process.arch === 'arm64') return { reason: 'this machine needs no emulator for it' };
  const source = suites.get(minor);
  if (!source) return { reason: 'no suite of Debian has it for arm64' };
  const root = join(cache, `python3.${minor}`);
  const folder = join(cache, 'qemu');
  try {
    unpackOnce(folder, () => unpackEmulator(folder));
    unpackOnce(root, () => {
      const names = ['python3.$-minimal', 'libpython3.$-minimal', 'libpython3.$-stdlib'].map((name) =>
        name.replace('$', String(minor)),
      );
      const { suite } = source;
      const all = [...names, ...libraries, ...source.libraries];
      unpackDebianPackages(`packages-3.${minor}`, all, root, { suite, architecture: 'arm64' });
      if (!existsSync(join(root, 'lib'))) symlinkSync('usr/lib', join(root, 'lib'));
    });
  } catch (error) {
    return { reason: couldNotFetch(error) };
  }
  const python = join(root, `usr/bin/python3.${minor}`);
  return { command: [join(folder, emulator), '-L', root, python], emulator: { folder, root } };
}

const emulator = './usr/bin/qemu-aarch64';

function unpackEmulator(folder: string): void {
  unpackDebianPackages('packages-qemu', ['qemu-user'], folder, { suite: 'sid', only: emulator });
}

function unpackOnce(root: string, unpack: () => void): void {
  const complete = join(root, 'complete');
  if (existsSync(complete)) return;
  rmSync(root, { recursive: true, force: true });
  unpack();
  writeFileSync(complete, '');
}
