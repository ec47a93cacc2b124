import { getSystemErrorMap } from 'node:util';
import { type ErrorCode, PyglassError } from '../model/error.js';

/**
 * A PyglassError for a failed call of the file system. Any other error is a bug of pyglass, not of the disk: it is
 * returned as it is.
 */
export function fileError(error: unknown, doing: 'read' | 'write', path: string): Error {
  if (!isOfFileSystem(error)) return error instanceof Error ? error : new Error(String(error));
  const { code = 'unknown', errno = 0 } = error;
  const known = reasons[code] ?? {
    code: 'file-error',
    reason: getSystemErrorMap().get(errno)?.[1] ?? code,
  };
  return new PyglassError(known.code, `cannot ${doing} ${shownPath(path, doing)}: ${known.reason}`, {
    path,
    doing,
    errno: code,
  });
}

/** An error of a path that no call of the system gave. */
export function pathError(
  code: ErrorCode,
  doing: 'read' | 'write',
  path: string,
  reason: string,
): PyglassError {
  return new PyglassError(code, `cannot ${doing} ${shownPath(path, doing)}: ${reason}`, { path, doing });
}

/** Whether a call of the system failed, rather than code of ours. */
export function isOfFileSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

function shownPath(path: string, doing: 'read' | 'write'): string {
  if (path !== '-') return path;
  return doing === 'read' ? 'standard input' : 'standard output';
}

const reasons: Readonly<Record<string, { code: ErrorCode; reason: string }>> = {
  ENOENT: { code: 'file-not-found', reason: 'there is no such file or folder' },
  ENOTDIR: { code: 'file-not-found', reason: 'a part of its path is not a folder' },
  EISDIR: { code: 'file-is-folder', reason: 'it is a folder' },
  EACCES: { code: 'file-permission', reason: 'permission is denied' },
  EPERM: { code: 'file-permission', reason: 'the operation is not permitted' },
  EROFS: { code: 'file-permission', reason: 'the file system is read-only' },
  ENOSPC: { code: 'disk-full', reason: 'the disk is full' },
  EDQUOT: { code: 'disk-full', reason: 'the disk quota is used up' },
  EFBIG: { code: 'disk-full', reason: 'the file would be larger than is allowed' },
  ENAMETOOLONG: { code: 'file-error', reason: 'its name is too long' },
  ELOOP: { code: 'file-error', reason: 'its links lead in a circle' },
  ENXIO: { code: 'file-error', reason: 'nothing is at its other end' },
  EBADF: { code: 'file-error', reason: 'it is not open' },
};
