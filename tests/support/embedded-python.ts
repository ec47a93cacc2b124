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

/** Compiles `embedding.c` with a Python's static library, at first use. */
export function embeddedPython(python: TestPython): EmbeddedPython {
  if (python.root !== '/') return { reason: 'an unpacked Python has no static library' };
  const code = [
    'import sys, sysconfig',
    'get = sysconfig.get_config_var',
    'print(sysconfig.get_paths()["include"]); print(get("LIBPL")); print(get("LDVERSION")); print(sys.prefix)',
  ].join('\n');
  const lines = execFileSync(python.command[0], [...python.command.slice(1), '-c', code], {
    encoding: 'utf8',
  });
  const [include, folder, name, prefix] = lines.split('\n') as [string, string, string, string];
  const library = join(folder, `libpython${name}.a`);
  if (!existsSync(library)) return { reason: `there is no ${library}` };
  const made = join(cache, `embedding-${python.version}`);
  const reason = existsSync(made) ? undefined : compile(made, include, library);
  if (reason !== undefined) return { reason };
  const of = (file: string): TestPython => ({ ...python, command: [join(made, file)] });
  return { stripped: of('stripped'), bare: of('bare'), env: { ...process.env, PYTHONHOME: prefix } };
}

function compile(made: string, include: string, library: string): string | undefined {
  // Under another name first, so that what was interrupted is never taken for whole.
  const part = `${made}.part-${process.pid}`;
  try {
    mkdirSync(part, { recursive: true });
    const [stripped, bare] = [join(part, 'stripped'), join(part, 'bare')];
    const libraries = ['-lm', '-lpthread', '-ldl', '-lutil'];
    const words = ['-s', '-w', `-I${include}`, programFile('embedding.c'), library, ...libraries];
    execFileSync('cc', [...words, '-o', stripped], { stdio: ['ignore', 'ignore', 'pipe'] });
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

function withoutSections(file: Buffer): Buffer {
  file.writeBigUInt64LE(0n, 40);
  file.writeUInt16LE(0, 60);
  file.writeUInt16LE(0, 62);
  return file;
}
