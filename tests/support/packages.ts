import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythons, type TestPython } from './pythons.js';

const cache = new URL('../../../.cache/', import.meta.url).pathname;

/** What is installed here counts as libraries, not as the user's own code. */
const libraries = 'site-packages';

/** A Python that can import a package from PyPI, from a folder of its own. */
export interface PythonWithPackage {
  readonly python: TestPython;
  readonly env: NodeJS.ProcessEnv;
}

/** Installs the package at first use. Throws with pip's own words when it cannot be had. */
export function pythonWith(name: string, python: TestPython): PythonWithPackage {
  const inside = python.root === '/' ? cache : '/';
  const folder = `${name}-${python.version}`;
  const outside = join(python.root === '/' ? cache : python.root, folder);
  if (!existsSync(outside)) {
    // Made under another name first, so that an interrupted installation is never taken for a whole one.
    const part = `${outside}.part-${process.pid}`;
    try {
      install(name, python, join(part, libraries));
      renameSync(part, outside);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
  }
  return { python, env: { ...process.env, PYTHONPATH: join(inside, folder, libraries) } };
}

function install(name: string, python: TestPython, target: string): void {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', target];
  const own = python.root === '/';
  // An unpacked Python has no pip; that of another one can install for it.
  const installer = own ? python : [...pythons().values()].reverse().find((other) => isOutside(other));
  if (!installer || typeof installer === 'string') throw new Error('no Python with pip');
  const forOther = own ? [] : ['--python-version', `3.${python.minor}`, '--only-binary=:all:'];
  const [file, ...words] = installer.command;
  execFileSync(file, [...words, ...pip, ...forOther, name], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function isOutside(python: TestPython | string): boolean {
  return typeof python !== 'string' && python.root === '/';
}
