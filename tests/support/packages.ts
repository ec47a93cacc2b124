import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythons, type TestPython } from './pythons.js';

const cache = new URL('../../../.cache/', import.meta.url).pathname;

/** What is installed here counts as libraries, not as application code. */
const libraries = 'site-packages';

/** A Python that can import packages from a folder of their own; made at first use. */
export interface PythonWithPackages {
  readonly python: TestPython;
  readonly env: NodeJS.ProcessEnv;
}

/** Throws with pip's own words when the packages cannot be had. */
export function withPackages(python: TestPython, packages: readonly string[]): PythonWithPackages {
  const inside = python.root === '/' ? cache : '/';
  const folder = `${packages.join('-')}-${python.version}${python.isFreeThreaded ? 't' : ''}`;
  const outside = join(python.root === '/' ? cache : python.root, folder);
  if (!existsSync(outside)) {
    // Made under another name first, so that an interrupted installation is never taken for a whole one.
    const part = `${outside}.part-${process.pid}`;
    try {
      install(python, packages, join(part, libraries));
      renameSync(part, outside);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
  }
  return { python, env: { ...process.env, PYTHONPATH: join(inside, folder, libraries) } };
}

export function flaskPython(python: TestPython): PythonWithPackages {
  return withPackages(python, ['flask']);
}

function install(python: TestPython, packages: readonly string[], target: string): void {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', target];
  const own = python.root === '/' && !python.isFreeThreaded;
  // Neither an unpacked Python nor one that was put together has pip; that of another one can install for it.
  const installer = own ? python : [...pythons().values()].reverse().find((other) => isOutside(other));
  if (!installer || typeof installer === 'string') throw new Error('no Python with pip');
  const abi = python.isFreeThreaded ? ['--abi', `cp3${python.minor}t`] : [];
  const forOther = own ? [] : ['--python-version', `3.${python.minor}`, ...abi, '--only-binary=:all:'];
  const [file, ...words] = installer.command;
  execFileSync(file, [...words, ...pip, ...forOther, ...packages], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function isOutside(python: TestPython | string): boolean {
  return typeof python !== 'string' && python.root === '/';
}
