import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileCandidate, FindFiles } from '../platform/core-file/core-files.js';
import type { SizedSource } from '../platform/core-file/core-headers.js';
import { type CoreTarget, coreTarget } from '../platform/core-file/core-target.js';
import { FileSource } from './file-source.js';
import { unknownFile, waitingText } from './thread-activity.js';

/** Where the files are that the program of a core file had mapped. */
export interface CoreFilePlaces {
  /** Its executable. Absent: by its path. */
  readonly executable?: string | undefined;
  /** A folder that has its files by their paths, by their names or by their build ids (`.build-id/ab/cdef…`). */
  readonly sysroot?: string | undefined;
}

export interface NamedCore {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number | undefined;
}

/** A core file as a target on this machine. Throws what `coreTarget` throws. */
export function openCore(source: SizedSource, named: NamedCore, places: CoreFilePlaces): CoreTarget {
  const { sysroot } = places;
  return coreTarget(source, {
    ...named,
    find: finder(places),
    hasFile: (path) => existsSync(path) || (sysroot !== undefined && existsSync(join(sysroot, path))),
    waitingFor: (activity) => waitingText(activity, unknownFile),
  });
}

/** Throws what the system says when it cannot be opened. */
export function checkReadable(path: string): void {
  FileSource.open(path).close();
}

function finder({ executable, sysroot }: CoreFilePlaces): FindFiles {
  return function* ({ path, buildId, isExecutable }) {
    if (executable !== undefined && isExecutable) {
      yield* candidate(executable, true);
      return;
    }
    if (sysroot !== undefined) {
      if (buildId !== undefined)
        yield* candidate(join(sysroot, '.build-id', buildId.slice(0, 2), buildId.slice(2)), false);
      yield* candidate(join(sysroot, path), true);
      yield* candidate(join(sysroot, basename(path)), false);
    }
    yield* candidate(path, false);
  };
}

function* candidate(path: string, isNamed: boolean): Generator<FileCandidate> {
  let source: FileSource;
  try {
    source = FileSource.open(path);
  } catch {
    // It is not there, or not for us to read.
    return;
  }
  yield { source, isNamed };
}
