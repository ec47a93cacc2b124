import { pythonMarks } from '../cpython/locate/python-file.js';
import type { PythonExamination } from '../model/doctor.js';
import { PyglassError } from '../model/error.js';
import type { ProcessSnapshot } from '../model/snapshot.js';
import { executableOf, hasEnded, mappedImages, nameInMaps } from '../process/linux-process.js';
import { procText } from '../process/proc-text.js';
import { KernelThreadClock } from '../process/thread-clock.js';
import { type Attached, attach, endedMeanwhile } from './attach.js';
import { takeSnapshot } from './snapshot.js';

/** Attaches to a process as a recording does and reads its stacks once; or why that fails. Blocks as `attach` does. */
export function examinePython(pid: number): PythonExamination | PyglassError {
  let attached: Attached;
  try {
    attached = attach(pid);
  } catch (error) {
    if (error instanceof PyglassError) return error;
    throw error;
  }
  try {
    const python = examined(pid, attached);
    return hasEnded(pid) ? endedMeanwhile(pid) : python;
  } catch (error) {
    if (error instanceof PyglassError) return error;
    throw error;
  } finally {
    attached.live.close();
  }
}

function examined(pid: number, attached: Attached): PythonExamination {
  const { location, live } = attached;
  // The first reading also makes the code that reads.
  takeSnapshot(pid, attached, {});
  const begin = performance.now();
  const { threads } = takeSnapshot(pid, attached, {});
  const milliseconds = Math.round((performance.now() - begin) * 100) / 100;
  const executable = nameInMaps(executableOf(pid) ?? '').replace(/ \(deleted\)$/, '');
  return {
    ...{ version: location.version, file: location.image, isLibrary: location.image !== executable },
    ...marksOf(pid, location.image),
    ...{ readBy: live.way, milliseconds, threads: threads.length },
    deepestStack: Math.max(0, ...threads.map(({ frames }) => frames.length)),
    interpreters: new Set(threads.map(({ interpreter }) => interpreter)).size,
    gilHolder: threads.find(({ holdsGil }) => holdsGil)?.threadId ?? null,
    shows: shownOf(pid, threads),
  };
}

function marksOf(pid: number, path: string): { foundBy: string; debugBuild: boolean | null } {
  const source = mappedImages(pid)
    .find((image) => image.path === path)
    ?.open();
  try {
    const marks = source && pythonMarks(source);
    return { foundBy: marks?.foundBy ?? 'memory', debugBuild: marks?.isDebugBuild ?? null };
  } catch (error) {
    // Another file lies there by now.
    if (error instanceof PyglassError) return { foundBy: 'memory', debugBuild: null };
    throw error;
  } finally {
    source?.close();
  }
}

/** Of the threads that the kernel knows. */
function shownOf(pid: number, threads: ProcessSnapshot['threads']): PythonExamination['shows'] {
  const ids = threads.map(({ threadId }) => threadId).filter((id) => id > 0);
  const clocks = ids.map((id) => {
    const clock = new KernelThreadClock(pid, id);
    const counts = clock.read();
    clock.close();
    return counts;
  });
  return {
    threadStates: ids.some((id) => (procText(`/proc/${pid}/task/${id}/syscall`) ?? '') !== ''),
    cpuTimes: clocks.some(Boolean),
    // By the values on the stacks of frames, which are read of every version.
    cFunctions: true,
  };
}
