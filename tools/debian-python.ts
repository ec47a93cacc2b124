// Unpacks a Python of Debian's unstable suite below .cache/, beside the system and without touching it, for the tests
// of versions that the machine does not have. Needs root (it is run by chroot), apt-get and the network. Austin, to
// compare with, comes the same way.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const cache = new URL('../../.cache/debian/', import.meta.url).pathname;

const libraries = [
  ...['libc6', 'libssl3t64', 'libffi8', 'zlib1g', 'libexpat1', 'libbz2-1.0', 'liblzma5', 'libsqlite3-0'],
  ...['libuuid1', 'libzstd1', 'libgcc-s1', 'libstdc++6'],
];

export type DebianPython = { readonly root: string } | { readonly reason: string };

/** The root of a small system with `/usr/bin/python3.MINOR` in it, or why there is none. */
export function debianPython(minor: number): DebianPython {
  const root = join(cache, `python3.${minor}`);
  const complete = join(root, 'complete');
  if (existsSync(complete)) return { root };
  if (process.getuid?.() !== 0) return { reason: 'only root can unpack and run one of Debian' };
  const mirror = debianMirror();
  if (!mirror) return { reason: 'this is no Debian whose mirror could be asked' };
  try {
    const ofPython = ['python3.$-minimal', 'libpython3.$-minimal', 'libpython3.$-stdlib'];
    const names = ofPython.map((name) => name.replace('$', String(minor)));
    unpack(mirror, `packages-3.${minor}`, [...names, ...libraries], root);
    completeSystem(root);
    writeFileSync(complete, '');
    return { root };
  } catch (error) {
    return { reason: couldNotFetch(error) };
  }
}

export type DebianAustin = { readonly file: string; readonly version: string } | { readonly reason: string };

/** Debian's Austin, to be started with the loader of an unpacked Python, or why there is none. */
export function debianAustin(): DebianAustin {
  const root = join(cache, 'austin');
  const packages = join(cache, 'apt/packages-austin');
  const file = join(root, 'usr/bin/austin');
  if (!existsSync(file)) {
    const mirror = debianMirror();
    if (!mirror) return { reason: 'this is no Debian whose mirror could be asked' };
    try {
      unpack(mirror, 'packages-austin', ['austin'], root);
    } catch (error) {
      return { reason: couldNotFetch(error) };
    }
  }
  const version = listed(packages).flatMap((name) => /austin_([^-_]+)/.exec(name)?.[1] ?? [])[0];
  return { file, version: version ?? 'unknown' };
}

/** Of which Debian packages are: by default those of its unstable suite, for the machine that we are on. */
export interface DebianSource {
  readonly suite: string;
  readonly architecture?: string;
  /** What of the packages is unpacked; by default everything. */
  readonly only?: string;
}

/** Unpacks packages of Debian into `root`; `folder`: where they are kept. Throws when they cannot be had. */
export function unpackDebianPackages(
  folder: string,
  names: readonly string[],
  root: string,
  source?: DebianSource,
): void {
  const mirror = debianMirror();
  if (!mirror) throw new Error('this is no Debian whose mirror could be asked');
  unpack(mirror, folder, names, root, source);
}

export function couldNotFetch(error: unknown): string {
  return `Debian's could not be fetched: ${String((error as Error).message).split('\n')[0]}`;
}

function unpack(
  mirror: string,
  folder: string,
  names: readonly string[],
  root: string,
  { suite, architecture, only }: DebianSource = { suite: 'sid' },
): void {
  const apt = join(cache, architecture === undefined ? 'apt' : `apt-${architecture}-${suite}`);
  const packages = join(apt, folder);
  for (const path of [join(apt, 'lists/partial'), join(apt, 'cache/archives/partial'), packages])
    mkdirSync(path, { recursive: true });
  writeFileSync(join(apt, 'sources.list'), `deb [trusted=yes] ${mirror} ${suite} main\n`);
  writeFileSync(join(apt, 'status'), '');
  const options = [
    `Dir::Etc::sourcelist=${apt}/sources.list`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${apt}/lists`,
    `Dir::State::status=${apt}/status`,
    `Dir::Cache=${apt}/cache`,
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    ...(architecture === undefined
      ? []
      : [`APT::Architecture=${architecture}`, `APT::Architectures::=${architecture}`]),
  ].flatMap((option) => ['-o', option]);
  const run = (words: string[]) =>
    execFileSync('apt-get', [...options, '-qq', ...words], {
      cwd: packages,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  run(['update']);
  run(['download', ...names]);
  mkdirSync(root, { recursive: true });
  for (const file of readdirSync(packages)) unpackFile(join(packages, file), root, only);
}

function unpackFile(file: string, root: string, only: string | undefined): void {
  if (only === undefined) {
    execFileSync('dpkg', ['-x', file, root]);
    return;
  }
  const unpackOne = 'dpkg --fsys-tarfile "$1" | tar -x -C "$2" "$3"';
  execFileSync('sh', ['-c', unpackOne, 'sh', file, root, only]);
}

/** What base-files and a running system would add. */
function completeSystem(root: string): void {
  for (const name of ['lib', 'lib64'])
    if (!existsSync(join(root, name))) symlinkSync(`usr/${name}`, join(root, name));
  for (const folder of ['proc', 'dev/shm', 'tmp', 'work']) mkdirSync(join(root, folder), { recursive: true });
  for (const [name, number] of [
    ['null', '3'],
    ['urandom', '9'],
  ] as const)
    execFileSync('mknod', ['-m', '666', join(root, 'dev', name), 'c', '1', number]);
  if (existsSync('/etc/hosts')) copyFileSync('/etc/hosts', join(root, 'etc/hosts'));
}

/** Where the system's own packages come from. */
function debianMirror(): string | undefined {
  const files = ['/etc/apt/sources.list', ...listed('/etc/apt/sources.list.d')];
  for (const file of files) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    for (const line of text.split('\n')) {
      const address = /^(?:URIs:|deb\s+(?:\[[^\]]*\]\s*)?)\s*(https?:\S+\/debian)\/?(?:\s|$)/.exec(line)?.[1];
      if (address && !/security/.test(address)) return address;
    }
  }
  return undefined;
}

function listed(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
