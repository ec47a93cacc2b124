import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { PyglassError } from '../model/error.js';

/** Starts a program; settles when it runs. Throws `program-not-found` or `program-not-started`. */
export async function spawnProgram(
  [file, ...args]: readonly [string, ...string[]],
  options: SpawnOptions,
): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn(file, args, options);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'ENOENT' ? 'program-not-found' : 'program-not-started';
      const reason = error.code === 'ENOENT' ? 'there is no such program' : (error.code ?? error.message);
      reject(new PyglassError(code, `cannot start ${file}: ${reason}`, { file }));
    });
  });
  return child as ChildProcess & { readonly pid: number };
}
