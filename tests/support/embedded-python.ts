import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestPython } from './pythons.js';
import { programFile } from './targets.js';

const cache = new URL('../../../.cache/', import.meta.url).pathname;

/** Programs with the static library in them and no symbol of it, or why there are none. */
export type EmbeddedPython =
  | {
      /** Without a symbol table, and without a table of sections besides. */
      readonly stripped: TestPython;
      readonly bare: TestPython;
      /** They only import what is built in: other modules need the symbols. */
      readonly env: NodeJS.ProcessEnv;
    }
  | { readonly reason: string };

interface Library {
  readonly include: string;
  readonly file: string;
  readonly prefix: string;
}

/** A Python's static library, or why it has none. */
function staticLibrary(python: TestPython): Library | { readonly reason: string } {
  if (python.root !== '/') return { reason: 'an unpacked Python has no static library' };
  const code = [
    'import sys, sysconfig',
    'get = sysconfig.get_config_var',
    'print(sysconfig.get_paths()["include"]); print(get("LIBPL")); print(get("LDVERSION")); print(sys.prefix)',
  ].join('\n');
  const [command, ...words] = python.command;
  const lines = execFileSync(command, [...words, '-c', code], { encoding: 'utf8' }).split('\n');
  const [include, folder, name, prefix] = lines as [string, string, string, string];
  const file = join(folder, `libpython${name}.a`);
  return existsSync(file) ? { include, file, prefix } : { reason: `there is no ${file}` };
}

/** Compiles `embedding.c` with a Python's static library, at first use. */
export function embeddedPython(python: TestPython): EmbeddedPython {
  const library = staticLibrary(python);
  if ('reason' in library) return library;
  const made = join(cache, `embedding-${python.version}`);
  const reason = existsSync(made) ? undefined : compileInto(made, library);
  if (reason !== undefined) return { reason };
  const of = (file: string): TestPython => ({ ...python, command: [join(made, file)] });
  return { stripped: of('stripped'), bare: of('bare'), env: { ...process.env, PYTHONHOME: library.prefix } };
}

/** The same program in a folder, stripped and with so many bytes of constants more. */
export function paddedPython(
  python: TestPython,
  folder: string,
  bytes: number,
): { readonly padded: TestPython; readonly env: NodeJS.ProcessEnv } | { readonly reason: string } {
  const library = staticLibrary(python);
  if ('reason' in library) return library;
  const padding = join(folder, 'padding.s');
  writeFileSync(padding, `.section .rodata\n.globl padding\npadding: .zero ${bytes}\n`);
  const file = join(folder, `padded-${python.version}`);
  compile(file, library, [padding, '-Wl,--undefined=padding']);
  return { padded: { ...python, command: [file] }, env: { ...process.env, PYTHONHOME: library.prefix } };
}

/** Why it cannot be compiled. */
function compileInto(made: string, library: Library): string | undefined {
  // Under another name first, so that what was interrupted is never taken for whole.
  const part = `${made}.part-${process.pid}`;
  try {
    mkdirSync(part, { recursive: true });
    const [stripped, bare] = [join(part, 'stripped'), join(part, 'bare')];
    compile(stripped, library);
    writeFileSync(bare, withoutSections(readFileSync(stripped)));
    chmodSync(bare, 0o755);
    renameSync(part, made);
    return undefined;
  } catch (error) {
    return `embedding.c could not be compiled: ${String(error).split('\n')[0]}`;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function compile(output: string, { include, file }: Library, more: readonly string[] = []): void {
  const libraries = ['-lm', '-lpthread', '-ldl', '-lutil'];
  const words = ['-s', '-w', `-I${include}`, programFile('embedding.c'), ...more, file, ...libraries];
  execFileSync('cc', [...words, '-o', output], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function withoutSections(file: Buffer): Buffer {
  file.writeBigUInt64LE(0n, 40);
  file.writeUInt16LE(0, 60);
  file.writeUInt16LE(0, 62);
  return file;
}
