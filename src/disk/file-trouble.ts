import { PyglassError } from '../model/error.js';

/** A PyglassError for a failed call of the file system. */
export function fileTrouble(error: unknown, doing: 'read' | 'write', path: string): PyglassError {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  const known = reasons[code] ?? { code: 'file-trouble', reason: message };
  return new PyglassError(known.code, `cannot ${doing} ${path}: ${known.reason}`, {
    path,
    doing,
    errno: code,
  });
}

const reasons: Readonly<Record<string, { code: string; reason: string }>> = {
  ENOENT: { code: 'file-not-found', reason: 'there is no such file or folder' },
  ENOTDIR: { code: 'file-not-found', reason: 'a part of its path is not a folder' },
  EISDIR: { code: 'file-is-folder', reason: 'it is a folder' },
  EACCES: { code: 'file-permission', reason: 'permission is denied' },
  EPERM: { code: 'file-permission', reason: 'the operation is not permitted' },
  EROFS: { code: 'file-permission', reason: 'the file system is read-only' },
  ENOSPC: { code: 'disk-full', reason: 'the disk is full' },
  EDQUOT: { code: 'disk-full', reason: 'the disk quota is used up' },
  EFBIG: { code: 'disk-full', reason: 'the file would be larger than is allowed' },
  ENAMETOOLONG: { code: 'file-trouble', reason: 'its name is too long' },
};
