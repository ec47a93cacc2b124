import { isFinalizing } from '../cpython/interpreters.js';
import { locateRuntime } from '../cpython/locate/locate.js';
import { PyglassError } from '../model/error.js';
import type { MissingFile, ProcessSnapshot } from '../model/snapshot.js';
import { readCoreHeaders } from '../platform/core-file/core-headers.js';
import type { CoreTarget } from '../platform/core-file/core-target.js';
import { findPython } from './attach.js';
import { type SnapshotOptions, snapshotOf } from './snapshot.js';

/** What every thread of a core file did. Throws why no Python can be read in it. */
export function coreSnapshot(core: CoreTarget, options: SnapshotOptions): ProcessSnapshot {
  const location = findPython(core);
  if (!location) throw diagnosis(core);
  return { ...snapshotOf(core, location, options), core: core.core() };
}

/**
 * Throws when these are the first bytes of something else than a core file that is read. The rest may not be there yet.
 */
export function checkCoreBeginning(bytes: Uint8Array, path: string): void {
  const source = {
    size: bytes.length,
    read: (offset: number, length: number) =>
      offset + length <= bytes.length ? bytes.subarray(offset, offset + length) : undefined,
  };
  try {
    readCoreHeaders(source, path);
  } catch (error) {
    if (!(error instanceof PyglassError && error.code === 'core-damaged')) throw error;
  }
}

const pythonFile = /\/(?:lib)?python[\d.]*[^/]*$/;
const pypyFile = /\/(?:lib)?pypy\d?[^/]*$/;

function diagnosis(core: CoreTarget): PyglassError {
  const { file: path, missingBytes, missingFiles } = core.core();
  const images = core.files();
  const damaged = (reason: string) =>
    new PyglassError('core-damaged', `cannot read ${path}: ${reason}`, { path });
  if (images.length === 0) {
    const cut = missingBytes > 0 ? 'it is cut short, and ' : 'the core file ';
    return damaged(`${cut}does not say which files the program had mapped`);
  }
  const found = locateRuntime(images, core.memory);
  if (found && isFinalizing(core.memory, found.layout, found.runtime))
    return new PyglassError(
      'python-finalized',
      `no Python runs in ${path}: the program had finalized it when the core file was made`,
      { core: path },
    );
  const executable = core.mappedFiles.missingExecutable();
  const lost = missingFiles.find((file) => pythonFile.test(file.path)) ?? executable;
  if (lost?.reason === 'unchecked' && missingBytes > 0)
    return damaged('it is cut short, before what Python keeps in memory');
  if (lost) return filesMissing(path, lost, missingBytes > 0);
  if (images.some((image) => pypyFile.test(image.path)))
    return new PyglassError('implementation-unsupported', `${path} is of PyPy, and pyglass reads CPython`, {
      path,
    });
  if (images.some((image) => pythonFile.test(image.path))) {
    const why = missingBytes > 0 ? 'it is cut short' : "it was made without the program's own data";
    return damaged(`no running interpreter is in it; ${why}, or Python had not started`);
  }
  if (!core.knowsAllFiles)
    return damaged(
      'it does not say which libraries the program had mapped, and Python is not in the executable',
    );
  const program = core.facts.executable || core.facts.commandLine.join(' ');
  return new PyglassError('not-python', `${path} is not of a Python program: ${program}`, { core: path });
}

const reasons: Readonly<Record<MissingFile['reason'], string>> = {
  'not-found': 'is not on this machine',
  differs: 'is another file here than the one that ran',
  unchecked: 'is here, but nothing in the core file shows that it is the one that ran',
};

/** Such as `/usr/bin/python3.11 (build id 0123ab) is not on this machine`. */
export function missingText({ path, buildId, reason }: MissingFile): string {
  return `${path}${buildId === '' ? '' : ` (build id ${buildId})`} ${reasons[reason]}`;
}

function filesMissing(core: string, file: MissingFile, isCut: boolean): PyglassError {
  const cut = isCut ? ', and the core file is cut short' : '';
  const message = `cannot find Python in ${core}: ${missingText(file)}${cut}`;
  return new PyglassError('core-files-missing', message, { core, ...file });
}
