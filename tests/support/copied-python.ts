import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestPython } from './pythons.js';

/** A copy of the interpreter and of its library, if it has one. */
export interface Copy {
  readonly python: TestPython;
  readonly files: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly remove: () => void;
}

/** `name`: of the folder it lies in, with a few characters more. */
export function copyOf(python: TestPython, name = 'copied-'): Copy {
  const [file, ...words] = python.command;
  const code = [
    'import os, sys',
    'print(os.path.realpath(sys.executable)); print(sys.base_prefix)',
    'maps = open("/proc/self/maps") if os.path.exists("/proc/self/maps") else []',
    'libraries = [line.split()[-1] for line in maps if "libpython" in line]',
    'print((libraries + [""])[0])',
  ].join('\n');
  const lines = execFileSync(file, [...words, '-c', code], { encoding: 'utf8' }).split('\n');
  const [executable, prefix, library] = lines as [string, string, string];
  const folder = mkdtempSync(join(python.root, 'tmp', name));
  chmodSync(folder, 0o755);
  const inside = (path: string) =>
    python.root === '/' ? path : path.slice(realpathSync(python.root).length);
  const copy = (path: string, name: string) => {
    const to = join(folder, name);
    // The kernel gives the paths of a chroot as seen from outside.
    copyFileSync(existsSync(path) ? path : join(python.root, path), to);
    chmodSync(to, 0o755);
    return to;
  };
  const engine = copy(join(python.root, executable), 'engine');
  const files = [engine, ...(library === '' ? [] : [copy(library, basename(library))])];
  const command = [...python.command.slice(0, -1), inside(engine)] as unknown as TestPython['command'];
  const found = files[1] === undefined ? {} : { LD_LIBRARY_PATH: inside(folder) };
  return {
    python: { ...python, command },
    files,
    env: { ...process.env, PYTHONHOME: prefix, ...found },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
