import {
  accessSync,
  constants,
  fstatSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileError, pathError } from './file-error.js';

/** `-`: standard output, or standard input. */
export const standardOutput = '-';

/** What an output's path leads to. */
export type Destination =
  /** A file that is open in this process, such as standard output: what is in it stays, and what we write follows. */
  | { readonly kind: 'descriptor'; readonly file: number }
  /** A pipe, a device, or a file that another process has open: there is nothing to replace. */
  | { readonly kind: 'stream'; readonly path: string }
  /** A file to be replaced, or to be made. `path` has no link in it, unless nothing is at its end. */
  | { readonly kind: 'file'; readonly path: string; readonly stats: Stats | undefined };

/** As many links as Linux follows. */
const mostLinks = 40;

/**
 * Where `path` leads. With `follow` false, for names that nobody typed, a link at the end of the path is what is
 * replaced: it may have been put there by somebody else. Throws PyglassErrors.
 */
export function destinationOf(path: string, follow = true): Destination {
  if (path === standardOutput) return { kind: 'descriptor', file: 1 };
  if (path === '') throw pathError('file-error', 'write', '""', 'it is not a file name');
  try {
    const found = follow ? followed(path) : { path, stats: statsOf(path, false) };
    if ('kind' in found) return found;
    const { stats } = found;
    const isFolder = stats?.isDirectory() ?? path.endsWith('/');
    if (isFolder) throw pathError('file-is-folder', 'write', path, 'it is a folder');
    if (!stats || stats.isFile() || !follow) return { ...found, kind: 'file' };
    if (stats.isFIFO() || stats.isCharacterDevice()) return { kind: 'stream', path: found.path };
    throw pathError(
      'file-error',
      'write',
      path,
      stats.isBlockDevice() ? 'it is a disk' : 'it is neither a file, a pipe nor a terminal',
    );
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

/** Follows links one by one: those of /proc lead to files that are open, whatever their names say. */
function followed(path: string): Destination | { path: string; stats: Stats | undefined } {
  // Whatever is wrong with the path is the kernel's to find.
  const whole = statsOf(path, true);
  let at = path;
  for (let links = 0; links < mostLinks; links++) {
    const folder = realpathSync(dirname(resolve(at)));
    at = join(folder, basename(resolve(at)));
    const open = /^\/proc\/(\d+)\/(?:task\/\d+\/)?fd\/(\d+)$/.exec(at);
    if (open) {
      const [, pid, file] = open;
      return Number(pid) === process.pid
        ? { kind: 'descriptor', file: Number(file) }
        : { kind: 'stream', path: at };
    }
    if (!statsOf(at, false)?.isSymbolicLink()) return { path: at, stats: whole };
    // A link to nothing is itself replaced.
    if (!whole) return { path: at, stats: undefined };
    at = resolve(folder, readlinkSync(at));
  }
  return { path: at, stats: whole };
}

function statsOf(path: string, follow: boolean): Stats | undefined {
  return (follow ? statSync : lstatSync)(path, { throwIfNoEntry: false });
}

/** Whether two outputs would be written over each other. Devices take any number of them. */
export function areSame(one: Destination, other: Destination): boolean {
  const stats = statsAt(other);
  if (stats) return leadsTo(one, stats);
  return (
    !statsAt(one) &&
    one.kind === 'file' &&
    other.kind === 'file' &&
    folderAndName(one.path) === folderAndName(other.path)
  );
}

/** Whether an output is the file that `stats` are of. */
export function leadsTo(destination: Destination, { dev, ino }: Stats): boolean {
  const stats = statsAt(destination);
  return stats !== undefined && stats.dev === dev && stats.ino === ino && !stats.isCharacterDevice();
}

function folderAndName(path: string): string {
  return join(realpathSync(dirname(resolve(path))), basename(path));
}

function statsAt(destination: Destination): Stats | undefined {
  try {
    if (destination.kind === 'descriptor') return fstatSync(destination.file);
    return statSync(destination.path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Says before anything is recorded what would stop the output from being written. Writes nothing. */
export function checkOutput(path: string, follow = true): void {
  const destination = destinationOf(path, follow);
  try {
    if (destination.kind === 'descriptor') checkDescriptor(path, destination.file);
    else if (destination.kind === 'stream') accessSync(destination.path, constants.W_OK);
    else if (destination.stats?.isFile()) accessSync(destination.path, constants.W_OK);
    else {
      const folder = dirname(resolve(destination.path));
      if (!statSync(folder).isDirectory())
        throw pathError('file-not-found', 'write', path, 'a part of its path is not a folder');
      accessSync(folder, constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

function checkDescriptor(path: string, file: number): void {
  fstatSync(file);
  // Octal, as open(2) has it; the last two bits say whether it is open read-only.
  const flags = /^flags:\s*([0-7]+)$/m.exec(fileInfo(file))?.[1];
  if (flags !== undefined && (Number.parseInt(flags, 8) & 3) === constants.O_RDONLY)
    throw pathError('file-permission', 'write', path, 'it is open read-only');
}

/** What the kernel says of an open file; nothing where there is no /proc. */
function fileInfo(file: number): string {
  try {
    return readFileSync(`/proc/self/fdinfo/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** Whether something may be put beside the output while it is not there yet: not so for pipes and devices. */
export function isPlainFile(path: string, follow = true): boolean {
  return destinationOf(path, follow).kind === 'file';
}

/** Whether files can be made in a folder. */
export function isWritableFolder(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
