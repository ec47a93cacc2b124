import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withPackages } from './packages.js';
import type { TestPython } from './pythons.js';

const cache = new URL('../../../.cache/', import.meta.url).pathname;

export interface ExtensionOptions {
  /** Version of Cython, for a source that is Cython's. */
  readonly cython?: string;
  /** Of the C compiler. */
  readonly flags?: readonly string[];
}

/** A process that can import the extension module, or why there is none. */
export type Extension = { readonly env: NodeJS.ProcessEnv } | { readonly reason: string };

/** Compiles a module written in C or Cython for a Python, at first use. */
export function extensionOf(
  python: TestPython,
  source: string,
  { cython, flags = [] }: ExtensionOptions = {},
): Extension {
  if (python.root !== '/') return { reason: 'an unpacked Python has no headers' };
  const [module] = basename(source).split('.') as [string];
  const folder = join(
    cache,
    [module, python.version, cython ?? '', ...flags].join(' ').replace(/[ =]+/g, '-'),
  );
  const env = { ...process.env, PYTHONPATH: folder };
  if (existsSync(folder)) return { env };
  // Made under another name first, so that an interrupted compilation is never taken for a whole one.
  const part = `${folder}.part-${process.pid}`;
  try {
    mkdirSync(part, { recursive: true });
    const [file, ...words] = python.command;
    const run = (of: NodeJS.ProcessEnv, ...args: string[]) =>
      execFileSync(file, [...words, ...args], {
        encoding: 'utf8',
        env: of,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    const copy = join(part, basename(source));
    copyFileSync(source, copy);
    const c = join(part, `${module}.c`);
    if (cython !== undefined)
      run(withPackages(python, [`cython==${cython}`]).env, '-m', 'cython', '-3', copy, '-o', c);
    const headers = run(
      process.env,
      '-c',
      'import sysconfig; print(sysconfig.get_paths()["include"])',
    ).trim();
    const what = [
      '-shared',
      '-fPIC',
      '-O0',
      '-w',
      `-I${headers}`,
      ...flags,
      c,
      '-o',
      join(part, `${module}.so`),
    ];
    execFileSync('cc', what, { stdio: ['ignore', 'ignore', 'pipe'] });
    renameSync(part, folder);
    return { env };
  } catch (error) {
    return { reason: `${basename(source)} could not be compiled: ${String(error).split('\n')[0]}` };
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
