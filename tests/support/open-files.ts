import { readdirSync, readlinkSync } from 'node:fs';

/**
 * The files below a folder that this process has open. No pipes and the like: threads of Node's own open and close them
 * at any time, so the count of all that is open proves nothing.
 */
export function openFilesBelow(folder: string): string[] {
  const start = folder.endsWith('/') ? folder : `${folder}/`;
  const paths: string[] = [];
  for (const file of readdirSync('/proc/self/fd')) {
    try {
      paths.push(readlinkSync(`/proc/self/fd/${file}`));
    } catch {
      // Closed since: the file of the folder itself, or one of another thread.
    }
  }
  return paths.filter((path) => path === folder || path.startsWith(start));
}
