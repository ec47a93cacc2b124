import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the checkout, with a slash at its end. */
export const repository = new URL('../../../', import.meta.url).pathname;

/** Of a file of the checkout, by its path within. */
export function textOf(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

/** Paths of all files below a folder of the checkout. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repository.length))
    .sort();
}

/** Every Markdown document: those at the top, in docs/, and the README of each folder. */
export function documents(): string[] {
  const top = readdirSync(repository).filter((name) => name.endsWith('.md'));
  const below = ['docs', 'src', 'tests', 'tools', 'benchmarks', 'examples'].flatMap(filesBelow);
  return [...top, ...below.filter((path) => path.endsWith('.md'))].sort();
}
