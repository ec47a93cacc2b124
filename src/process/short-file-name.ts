import { dirname, join } from 'node:path';

const installed = /^.*\/(?:site-packages|dist-packages|lib(?:64)?\/python\d+\.\d+)\//;

/**
 * The end of a file's name by which it would be imported: `flask/app.py`. Code that is not installed is named from
 * the outermost folder that is a package; for that only, `hasFile` is asked whether there is a file, as the target
 * names it.
 */
export function shortFileName(fileName: string, hasFile: (path: string) => boolean): string {
  if (!fileName.startsWith('/')) return fileName;
  const match = installed.exec(fileName);
  if (match) return fileName.slice(match[0].length);
  let folder = dirname(fileName);
  while (folder !== '/' && hasFile(join(folder, '__init__.py'))) folder = dirname(folder);
  return fileName.slice(folder === '/' ? 1 : folder.length + 1);
}
