import { closeSync, constants, fstatSync, lstatSync, mkdtempSync, openSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError, isOfFileSystem } from './file-error.js';
import { tryLock } from './file-lock.js';

/** The recording in a folder that `privateFolder` made. */
export const recordingName = 'recording.pyglass';

/** A new folder among temporary files that nobody else can look into. `purpose` is a part of its name. */
export function privateFolder(purpose: string): string {
  const beginning = join(tmpdir(), `pyglass-${purpose}-`);
  try {
    return mkdtempSync(beginning);
  } catch (error) {
    throw fileError(error, 'write', beginning);
  }
}

/** Recordings in folders of that purpose whose process was killed: they are ours, and nobody has them locked. */
export function abandonedRecordings(purpose: string): string[] {
  return foldersOf(purpose)
    .map((folder) => join(folder, recordingName))
    .filter(isAbandoned);
}

function foldersOf(purpose: string): string[] {
  try {
    const beginning = `pyglass-${purpose}-`;
    return readdirSync(tmpdir())
      .filter((name) => name.startsWith(beginning))
      .sort()
      .map((name) => join(tmpdir(), name))
      .filter((folder) => {
        const stats = lstatSync(folder, { throwIfNoEntry: false });
        return stats?.isDirectory() === true && stats.uid === process.geteuid?.();
      });
  } catch (error) {
    if (!isOfFileSystem(error)) throw error;
    return [];
  }
}

/** Whether a file is there that no living pyglass has locked. */
export function isAbandoned(path: string): boolean {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return fstatSync(file).isFile() && tryLock(file, 'shared') === 'locked';
  } catch (error) {
    if (!isOfFileSystem(error)) throw error;
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
