import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { python2 } from './pythons.js';

/** A Python that says it is of a version that pyglass does not read. */
export interface UnsupportedPython {
  readonly version: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Python 2.7 made to look like 2.6 in a folder, by its names and its version as it stands in its library; or why there
 * is none.
 */
export function unsupportedPython(folder: string): UnsupportedPython | string {
  const python = python2();
  if (typeof python === 'string') return python;
  const [file] = python.command;
  const code = 'import os, sys; print(os.path.realpath(sys.executable)); print(sys.prefix)';
  const [executable, prefix] = execFileSync(file, ['-c', code], { encoding: 'utf8' }).split('\n') as [
    string,
    string,
  ];
  const library = execFileSync('ldd', [executable], { encoding: 'utf8' }).match(
    /=> (.*libpython2\.7\S*)/,
  )?.[1];
  if (library === undefined) return 'Python 2.7 has no library of its own here';
  const version = python.version.replace('2.7', '2.6');
  const made = `${folder}/python2.6`;
  writeFileSync(made, patched(executable, 'libpython2.7', 'libpython2.6'));
  chmodSync(made, 0o755);
  const name = library.slice(library.lastIndexOf('/') + 1).replace('2.7', '2.6');
  writeFileSync(`${folder}/${name}`, patched(library, python.version, version));
  return { version, file: made, env: { ...process.env, LD_LIBRARY_PATH: dirname(made), PYTHONHOME: prefix } };
}

/** A file with another text of the same length. */
function patched(file: string, text: string, other: string): Buffer {
  return Buffer.from(readFileSync(file, 'latin1').replaceAll(text, other), 'latin1');
}
