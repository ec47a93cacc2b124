import { debianPython } from '../../tools/debian-python.js';

/**
 * Starts a program with the loader and the libraries of an unpacked Debian, for programs that are newer than the
 * system.
 */
export function loadedBy(root: string, program: string): [string, ...string[]] {
  const libraries = `${root}/usr/lib/x86_64-linux-gnu`;
  return [`${libraries}/ld-linux-x86-64.so.2`, '--library-path', libraries, program];
}

/** The root of an unpacked Debian that has these, or why there is none. */
export function debianLibraries(): { readonly root: string } | string {
  const debian = debianPython(15);
  return 'reason' in debian ? debian.reason : debian;
}
