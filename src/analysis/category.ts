import type { FunctionInfo } from '../model/profile.js';

/** Whose code a function is: what colours stand for. */
export type Category = 'application' | 'library' | 'stdlib' | 'c' | 'synthetic';

/** Installed packages: virtual environments, user and system sites, Debian's own, and unpacked eggs. */
const installed = /(?:^|\/)(?:site-packages|dist-packages)\/|\.egg\//;
/** `/usr/lib/python3.12/`, `/opt/lib64/python3.13t/`, and the standard library in a zip file. */
const standardLibrary = /(?:^|\/)lib(?:32|64)?\/python\d+(?:\.\d+t?)?(?:\/|\.zip\/)|(?:^|\/)python\d+\.zip\//;

export function categoryOf(fn: FunctionInfo): Category {
  if (fn.kind === 'c') return 'c';
  if (fn.kind === 'synthetic') return 'synthetic';
  if (fn.file.startsWith('<frozen ')) return 'stdlib';
  // Asked first: site-packages lies inside lib/pythonX.Y.
  if (installed.test(fn.file)) return 'library';
  return standardLibrary.test(fn.file) ? 'stdlib' : 'application';
}
