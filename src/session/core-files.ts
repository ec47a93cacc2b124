import { fileError } from '../disk/file-error.js';
import { openInput } from '../disk/spooled-input.js';
import { PyglassError } from '../model/error.js';
import type { ProcessSnapshot } from '../model/snapshot.js';
import { checkReadable, openCore } from '../process/core-host.js';
import { checkCoreBeginning, coreSnapshot } from '../sampler/core-snapshot.js';
import type { ValueLimits } from '../sampler/snapshot.js';

/** A core file, and where the files are that it refers to. */
export interface CoreFile {
  /** Its path; `-` for standard input. */
  readonly core: string;
  /** The program's executable, where it is not at the path that it had. */
  readonly executable?: string | undefined;
  /**
   * A folder with the program's executable and libraries: by their paths, by their names, or by their build ids in
   * `.build-id/`.
   */
  readonly sysroot?: string | undefined;
}

/** What every thread of a core file did, with secrets. Throws what keeps it from being read. */
export function snapshotOfCore(
  { core: path, executable, sysroot }: CoreFile,
  variables: ValueLimits | undefined,
): ProcessSnapshot {
  if (executable !== undefined) checkFile(executable);
  const input = openInput(path, (beginning) => checkCoreBeginning(beginning, nameOf(path)));
  try {
    const named = { path: nameOf(path), writtenAt: input.writtenAt };
    const target = openCore(input, named, { executable, sysroot });
    try {
      if (executable !== undefined && target.mappedFiles.missingExecutable()?.reason === 'differs')
        throw new PyglassError(
          'core-file-differs',
          `${executable} is not the executable of this core file, which is ${target.facts.executable}`,
          { path: executable },
        );
      return coreSnapshot(target, variables ? { variables } : {});
    } finally {
      target.mappedFiles.close();
    }
  } finally {
    input.close();
  }
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path;
}

function checkFile(path: string): void {
  try {
    checkReadable(path);
  } catch (error) {
    const failed = fileError(error, 'read', path);
    if (failed instanceof PyglassError) throw failed;
    throw new PyglassError('file-error', `cannot read ${path}: it is no regular file`, {
      path,
      doing: 'read',
    });
  }
}
