import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const installed = /^.*\/(?:site-packages|dist-packages|lib(?:64)?\/python\d+\.\d+)\//;

/**
 * The end of a file's name by which it would be imported: `flask/app.py`. `root` gives where the target's files are seen
 * from here (`/proc/PID/root`), and is asked only when they must be looked at. Own code is named from the outermost folder that is a package.
 */
export function shortFileName(fileName: string, root: () => string): string {
  if (!fileName.startsWith('/')) return fileName;
  const match = installed.exec(fileName);
  if (match) return fileName.slice(match[0].length);
  const files = root();
  let folder = dirname(fileName);
  while (folder !== '/' && existsSync(join(files, folder, '__init__.py'))) folder = dirname(folder);
  return fileName.slice(folder === '/' ? 1 : folder.length + 1);
}
