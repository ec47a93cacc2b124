import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const cache = new URL('../../../.cache/peers/', import.meta.url).pathname;

export interface InstalledPackage {
  readonly version: string;
  /** The whole path of one of its files. */
  file(path: string): string;
}

/** A package of PyPI in a folder of its own below .cache/, installed at first use; else why it cannot be had. */
export function fromPyPi(name: string, files: readonly string[]): InstalledPackage | string {
  const folder = join(cache, name);
  if (!existsSync(folder)) {
    // Made under another name first, so that an interrupted installation is never taken for a whole one.
    const part = `${folder}.part-${process.pid}`;
    try {
      const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
      execFileSync('python3', [...words, '--target', part, name], { stdio: ['ignore', 'ignore', 'pipe'] });
      renameSync(part, folder);
    } catch (error) {
      return `pip could not install ${name}: ${String((error as Error).message).split('\n')[0]}`;
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
  }
  const missing = files.find((file) => !existsSync(join(folder, file)));
  if (missing !== undefined) return `${name} of PyPI has no ${missing}`;
  const facts = new RegExp(`^${name.replace('-', '[-_]')}-(.*)\\.dist-info$`);
  const version = readdirSync(folder).flatMap((file) => facts.exec(file)?.[1] ?? [])[0] ?? 'unknown';
  return { version, file: (path) => join(folder, path) };
}
