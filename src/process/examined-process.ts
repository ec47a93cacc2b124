import type { ProcessExamination } from '../model/doctor.js';
import {
  commandLine,
  executableOf,
  innerId,
  mappedImages,
  memoryOwner,
  processFacts,
  threadIds,
} from './linux-process.js';
import { namespaceOf, permissionsFor } from './permissions.js';
import { procText } from './proc-text.js';
import { readAnswers } from './refused-reads.js';

/** What can be seen of a process without reading its memory, but for asking whether that is allowed. */
export function examinedProcess(pid: number): ProcessExamination {
  const facts = processFacts(pid);
  const owner = memoryOwner(pid);
  const status = procText(`/proc/${owner}/status`) ?? '';
  const { hasOurIds, targetUid, isDumpable, canSeeMaps } = permissionsFor(pid);
  const executable = executableOf(pid);
  const seccomp = /^Seccomp:\s*(\d)/m.exec(status)?.[1];
  const inner = innerId(pid);
  return {
    pid,
    exists: facts !== undefined,
    state: facts?.state ?? null,
    isKernelThread: facts?.isKernelThread ?? false,
    parentPid: facts?.parentPid ?? null,
    threads: threadIds(pid).length,
    command: facts ? commandLine(pid) : [],
    uid: facts ? targetUid : null,
    hasOurIds: facts !== undefined && hasOurIds,
    dumpable: isDumpable ?? null,
    seccomp: seccomp === undefined ? null : Number(seccomp),
    sameNamespaces: {
      user: isSame(owner, 'user'),
      pid: isSame(owner, 'pid'),
      mount: isSame(owner, 'mnt'),
    },
    innerPid: facts && inner > 0 ? inner : null,
    executable: executable?.replace(deletedMark, '') ?? null,
    executableDeleted: executable !== undefined && deletedMark.test(executable),
    canSeeMaps,
    reads: facts && !facts.isKernelThread ? readAnswers(pid, mappedImages(pid)[0]?.mappings[0]?.start) : null,
  };
}

const deletedMark = / \(deleted\)$/;

function isSame(pid: number, kind: 'user' | 'pid' | 'mnt'): boolean | null {
  const [theirs, ours] = [namespaceOf(pid, kind), namespaceOf('self', kind)];
  return theirs === undefined || ours === undefined ? null : theirs === ours;
}
