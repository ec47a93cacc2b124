import { accessSync, constants, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import nodeModule from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** From Node 22.8 on. */
interface WithCompileCache {
  enableCompileCache?(folder: string): unknown;
}

/**
 * Lets Node keep the bytecode of what is loaded from now on, which halves the time that loading takes. It is written
 * when the process ends. Does nothing where there is no place for it that only we can write to: what lies there is run.
 */
export function useCompileCache(): void {
  const { enableCompileCache } = nodeModule as WithCompileCache;
  if (!enableCompileCache) return;
  try {
    const folder = compileCacheFolder(process.env);
    if (folder !== undefined) enableCompileCache(folder);
  } catch {
    // A file system that is full or read-only: it goes without.
  }
}

/**
 * Our folder among the user's caches, made when it is not there. `undefined` when it would lie in a folder of somebody
 * else (`sudo` may keep HOME) or when others may write to it. Throws errors of the file system.
 *
 * Node's own choice, in /tmp, could be made beforehand by any user. Each folder is made by itself: asked to make
 * several at once where it must not, in /proc, Node 26 never comes back.
 */
export function compileCacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  const wanted = env['XDG_CACHE_HOME'] ?? '';
  const caches = isAbsolute(wanted) ? wanted : join(env['HOME'] || homedir(), '.cache');
  if (isOurs(statSync(dirname(caches)))) make(caches);
  if (!isOurs(statSync(caches))) return undefined;
  const folder = join(caches, 'pyglass');
  make(folder);
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || !isOurs(stats) || (stats.mode & 0o022) !== 0) return undefined;
  accessSync(folder, constants.W_OK);
  return folder;
}

/** A folder of ours, in which not everybody may write. */
function isOurs({ uid, mode }: Stats): boolean {
  return uid === process.geteuid?.() && (mode & 0o002) === 0;
}

function make(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
