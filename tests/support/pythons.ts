import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  freeThreadedVersions,
  type SupportedVersion,
  supportedVersion,
  supportedVersions,
  versionName,
  versionNumber,
} from '../../src/cpython/versions.js';
import { arm64Minors, arm64Python } from '../../tools/arm64-python.js';
import { debianPython } from '../../tools/debian-python.js';
import { freeThreadedPython } from '../../tools/free-threaded-python.js';

/** A Python to test with. */
export interface TestPython {
  /** Such as `3.11.7`. */
  readonly version: string;
  /** As `versions.ts` numbers them. */
  readonly minor: number;
  /** A build without a GIL. */
  readonly isFreeThreaded?: true;
  /** What to put before its arguments. */
  readonly command: readonly [string, ...string[]];
  /** What runs it when it is one for another machine: the folders of the emulator, and of the Python. */
  readonly emulator?: { readonly folder: string; readonly root: string };
  /** The root of its file system. */
  readonly root: string;
  /** The name by which it finds a file of ours. */
  place(file: string): string;
}

/** The versions of Python 3 that pyglass reads. */
export const supportedMinors: readonly number[] = supportedVersions
  .map(({ minor }) => minor)
  .filter((minor) => minor >= 0);
const python2Number = versionNumber(2, 7);

/** What pyglass knows of the build. */
export function knownOf({ minor, isFreeThreaded }: TestPython): SupportedVersion {
  return minor < 0 ? supportedVersion(2, 7)! : supportedVersion(3, minor, isFreeThreaded && 't')!;
}

let found: Map<number, TestPython | string> | undefined;

/** Debian, from whose archive newer ones are unpacked, has none of before. */
const firstOfDebian = 8;

/**
 * One Python of each supported version of Python 3, or the reason why there is none. `PYGLASS_TEST_PYTHON=2.7,3.13`
 * narrows.
 */
export function pythons(): Map<number, TestPython | string> {
  found ??= new Map(supportedMinors.map((minor) => [minor, pythonOf(minor)]));
  return found;
}

let found2: TestPython | string | undefined;

/** The same of Python 2.7, which runs the programs of few tests. */
export function python2(): TestPython | string {
  found2 ??= pythonOf(python2Number);
  return found2;
}

function pythonOf(minor: number): TestPython | string {
  const wanted = process.env['PYGLASS_TEST_PYTHON']?.split(',');
  if (wanted && !wanted.includes(versionName(minor))) return 'left out by PYGLASS_TEST_PYTHON';
  return installed(minor) ?? unpacked(minor);
}

function installed(minor: number): TestPython | undefined {
  const versions = join(homedir(), '.pyenv/versions');
  const ofPyenv = (existsSync(versions) ? readdirSync(versions) : [])
    .filter((name) => name.startsWith(`${versionName(minor)}.`))
    .map((name) => join(versions, name, 'bin/python'));
  for (const file of [...ofPyenv, `python${versionName(minor)}`, 'python3']) {
    const version = versionOf([file]);
    if (version?.startsWith(`${versionName(minor)}.`))
      return { version, minor, command: [file], root: '/', place: (path) => path };
  }
  return undefined;
}

function unpacked(minor: number): TestPython | string {
  if (minor < firstOfDebian) return `no Python ${versionName(minor)} found`;
  const debian = debianPython(minor);
  if ('reason' in debian) return `no Python 3.${minor} found; ${debian.reason}`;
  const { root } = debian;
  const command = ['chroot', root, `/usr/bin/python3.${minor}`] as const;
  const version = versionOf(command);
  if (!version?.startsWith(`3.${minor}.`)) return `Debian's Python 3.${minor} does not start here`;
  const place = (file: string) => {
    mkdirSync(join(root, 'programs'), { recursive: true });
    copyFileSync(file, join(root, 'programs', basename(file)));
    return `/programs/${basename(file)}`;
  };
  return { version, minor, command, root, place };
}

let foundFreeThreaded: Map<string, TestPython | string> | undefined;

/** The same of the free-threaded builds, by `3.14t` and the like: one on the PATH, or put together from packages. */
export function freeThreadedPythons(): Map<string, TestPython | string> {
  if (foundFreeThreaded) return foundFreeThreaded;
  foundFreeThreaded = new Map();
  const wanted = process.env['PYGLASS_TEST_PYTHON']?.split(',');
  for (const { minor } of freeThreadedVersions) {
    const name = `3.${minor}t`;
    if (wanted && !wanted.includes(name)) foundFreeThreaded.set(name, 'left out by PYGLASS_TEST_PYTHON');
    else foundFreeThreaded.set(name, freeThreaded(minor));
  }
  return foundFreeThreaded;
}

function freeThreaded(minor: number): TestPython | string {
  const name = `3.${minor}t`;
  const made = versionOf([`python${name}`]) === undefined ? freeThreadedPython(minor) : undefined;
  if (made && 'reason' in made) return `no Python ${name} found; ${made.reason}`;
  const file = made?.file ?? `python${name}`;
  const version = versionOf([file]);
  if (!version?.startsWith(`3.${minor}.`)) return `the Python ${name} does not start here`;
  return { version, minor, isFreeThreaded: true, command: [file], root: '/', place: (path) => path };
}

function versionOf([file, ...words]: readonly [string, ...string[]]): string | undefined {
  try {
    return execFileSync(file, [...words, '-c', 'import platform; print(platform.python_version())'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

type OnPython = (python: TestPython, context: TestContext) => Promise<void> | void;

/** What the program of a test needs that older versions lack: the first version that has it (`TestPython.minor`). */
export interface Needs {
  readonly since: number;
  readonly what: string;
}

/**
 * A test for each supported version of Python 3; skipped, with the reason, where there is none or its program needs
 * more.
 */
export function eachPython(name: string, act: OnPython, needs?: Needs): void {
  for (const minor of pythons().keys()) testOn(minor, name, act, needs);
}

/** The same for Python 2 as well: for programs that run on both. */
export function everyPython(name: string, act: OnPython): void {
  onPython2(name, act);
  eachPython(name, act);
}

/** A test for Python 2 alone. */
export function onPython2(name: string, act: OnPython): void {
  testOn(python2Number, name, act);
}

function testOn(minor: number, name: string, act: OnPython, needs?: Needs): void {
  const python = minor < 0 ? python2() : pythons().get(minor)!;
  const title = `${name} on ${versionName(minor)}`;
  if (typeof python === 'string') test(title, { skip: python });
  else if (needs && minor < needs.since)
    test(title, { skip: `Python ${versionName(minor)} has no ${needs.what}` });
  else test(title, (context) => act(python, context));
}

/** A test for each free-threaded build; skipped, with the reason, where there is none or its program needs more. */
export function eachFreeThreadedPython(name: string, act: OnPython, needs?: Needs): void {
  for (const [version, python] of freeThreadedPythons()) {
    const title = `${name} on ${version}`;
    if (typeof python === 'string') test(title, { skip: python });
    else if (needs && python.minor < needs.since)
      test(title, { skip: `Python ${version} has no ${needs.what}` });
    else test(title, (context) => act(python, context));
  }
}

/**
 * A test for each version that is there for arm64, in an emulator; skipped, with the reason, where it or the emulator
 * cannot be had.
 */
export function eachArm64Python(name: string, act: OnPython): void {
  const wanted = process.env['PYGLASS_TEST_PYTHON']?.split(',');
  for (const minor of arm64Minors) {
    const title = `${name} on ${versionName(minor)} for aarch64`;
    const python =
      wanted && !wanted.includes(versionName(minor)) ? 'left out by PYGLASS_TEST_PYTHON' : emulated(minor);
    if (typeof python === 'string') test(title, { skip: python });
    else test(title, (context) => act(python, context));
  }
}

/** Python 3.`minor` for arm64 in an emulator, or why there is none. */
export function emulated(minor: number): TestPython | string {
  const found = arm64Python(minor);
  if ('reason' in found) return `no Python ${versionName(minor)} for arm64 found; ${found.reason}`;
  const { command, emulator } = found;
  const [file, ...words] = command;
  const printed = spawnSync(file, [...words, '--version'], { encoding: 'utf8' }).stdout ?? '';
  const version = /^Python (\S+)/.exec(printed)?.[1];
  if (!version) return `the Python ${versionName(minor)} for arm64 does not start here`;
  return { version, minor, command, emulator, root: '/', place: (path) => path };
}

/** A test for each supported version, and for each of its free-threaded builds. */
export function eachBuild(
  name: string,
  act: (python: TestPython, context: TestContext) => Promise<void> | void,
): void {
  eachPython(name, act);
  eachFreeThreadedPython(name, act);
}

/** The newest one that is there; for what does not differ between versions. */
export function anyPython(): TestPython {
  const found = [...pythons().values()].reverse().filter((one) => typeof one !== 'string');
  const python = found.find(({ root }) => root === '/') ?? found[0];
  if (!python) throw new Error('the tests need a Python that pyglass reads');
  return python;
}
