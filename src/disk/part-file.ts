import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { isOfFileSystem } from './file-error.js';
import { tryLock } from './file-lock.js';
import { privateFolder } from './private-folder.js';

const namePattern = /^\.pyglass-[0-9a-f]{16}\.part$/;
/**
 * Folders with more than this are not searched to the end for what was left behind: reading 10,000 names takes about
 * 10 ms.
 */
const mostNames = 10_000;

/**
 * An output that is not whole yet. Its name is one that nobody can foresee, and it is locked, so that it is known to
 * be in use.
 */
export interface PartFile {
  readonly path: string;
  readonly file: number;
}

/** Makes one in `folder`. `secret`: readable by nobody else until it is whole. */
export function createPart(folder: string, secret: boolean): PartFile {
  for (;;) {
    const path = join(folder, `.pyglass-${unforeseen()}.part`);
    // Exclusive: never through a link, nor into a file of somebody else.
    const file = openSync(path, 'wx+', secret ? 0o600 : 0o666);
    if (tryLock(file) !== 'in use' && fstatSync(file).nlink > 0) return { path, file };
    // Taken for one that was left behind, in the moment before it was locked.
    discardPart({ path, file });
  }
}

/** Sixteen digits. Node's cryptography takes 2 ms to load, and most commands make no file. */
function unforeseen(): string {
  return process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex');
}

/** One among temporary files that leaves nothing behind however we end: it has lost its name already. */
export function namelessPart(): PartFile {
  const folder = privateFolder('part');
  try {
    return createPart(folder, true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts it in the place of `target`. False where there is a file of that name that may be written but not replaced. */
export function commitPart({ path, file }: PartFile, target: string, isThere: boolean): boolean {
  try {
    renameSync(path, target);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (isThere && irreplaceable.has(code)) return false;
    throw error;
  }
  closeSync(file);
  return true;
}

/** One that is mounted by itself (containers), and one of another user in a folder such as /tmp. */
const irreplaceable: ReadonlySet<string> = new Set(['EBUSY', 'EPERM', 'EACCES']);

export function discardPart({ path, file }: PartFile): void {
  closeSync(file);
  try {
    unlinkSync(path);
  } catch {
    // Somebody else has removed it.
  }
}

/** Gives a file the mode and the owner of the one that it will replace. False where the owner is not ours to give. */
export function takeOver(file: number, { mode, uid, gid }: Stats): boolean {
  const own = fstatSync(file);
  try {
    if (own.uid !== uid || own.gid !== gid) fchownSync(file, uid, gid);
  } catch (error) {
    if (isOfFileSystem(error)) return false;
    throw error;
  }
  fchmodSync(file, mode & 0o777);
  return true;
}

/** Removes parts of ours that were never finished, since the process that wrote them was killed. */
export function removeAbandonedParts(folder: string): void {
  try {
    const names = opendirSync(folder);
    try {
      for (let count = 0; count < mostNames; count++) {
        const entry = names.readSync();
        if (!entry) break;
        if (entry.isFile() && namePattern.test(entry.name)) removeIfAbandoned(join(folder, entry.name));
      }
    } finally {
      names.closeSync();
    }
  } catch (error) {
    // Tidying up is no reason to fail.
    if (!isOfFileSystem(error)) throw error;
  }
}

/** A file of ours that nobody has locked. */
export function removeIfAbandoned(path: string): boolean {
  const { O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: number | undefined;
  try {
    const stats = lstatSync(path);
    if (!stats.isFile() || stats.uid !== process.geteuid?.()) return false;
    file = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    if (tryLock(file) !== 'locked') return false;
    unlinkSync(path);
    return true;
  } catch (error) {
    if (!isOfFileSystem(error)) throw error;
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
