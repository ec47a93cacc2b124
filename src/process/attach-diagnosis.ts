import { type LanguageRuntime, languageRuntimeIn } from '../binary/language-runtime.js';
import { isFinalizing } from '../cpython/interpreters.js';
import { findRuntime } from '../cpython/locate/find-runtime.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { PyglassError } from '../model/error.js';
import { inPidNamespace, pidsInContainers } from './inner-pids.js';
import { hidesPython } from './known-files.js';
import {
  commandLine,
  descendantsOf,
  executableOf,
  hasEnded,
  type LinuxImage,
  mappedImages,
  memoryOwner,
  nameInMaps,
  processFacts,
} from './linux-process.js';
import { type LiveMemory, openLiveMemory } from './live-memory.js';
import { permissionError, permissionsFor } from './permissions.js';
import { fileStart } from './proc-text.js';
import { answersText, readAnswers } from './refused-reads.js';

/** Why Python cannot be read in a process. */
export function diagnoseAttach(pid: number): PyglassError {
  const facts = processFacts(pid);
  if (!facts) return notSeen(pid);
  if (hasEnded(pid))
    return new PyglassError('no-such-process', `process ${pid} has ended (it is a zombie)`, {
      pid,
      zombieOf: facts.parentPid,
    });
  if (facts.isKernelThread) {
    return new PyglassError('not-python', `process ${pid} is a kernel thread, not a Python program`, {
      pid,
      children: [],
    });
  }
  const live = openLiveMemory(pid);
  if (!live) {
    const hasMemory = fileStart(`/proc/${memoryOwner(pid)}/maps`, 1)?.length !== 0;
    if (hasMemory) return readError(pid);
    return new PyglassError('no-such-process', `process ${pid} is ending`, { pid });
  }
  try {
    return noPython(pid, live);
  } finally {
    live.close();
  }
}

/** Why the memory of a process that is there cannot be read. */
export function readError(pid: number): PyglassError {
  const answers = readAnswers(pid, mappedImages(pid)[0]?.mappings[0]?.start);
  return permissionError(pid, permissionsFor(pid), answersText(answers));
}

/** Where there is no /proc, nothing can be said of any process. */
export function procMissing(): PyglassError | undefined {
  if (fileStart('/proc/self/stat', 1) !== undefined) return undefined;
  return new PyglassError('proc-missing', '/proc is not mounted here; pyglass finds processes in it', {});
}

/** There is no such process, or we are not shown it. */
function notSeen(pid: number): PyglassError {
  const missing = procMissing();
  if (missing) return missing;
  if (signalError(pid) !== 'ESRCH')
    return new PyglassError('process-hidden', `process ${pid} is hidden: /proc is mounted with hidepid`, {
      pid,
    });
  const pids = pidsInContainers(pid);
  const where = pids.length === 0 ? '' : `; in a container here, process ${pids.join(' or ')} has that id`;
  return new PyglassError('no-such-process', `there is no process ${pid}${where}`, {
    pid,
    ...{ inContainers: pids, inPidNamespace: inPidNamespace() },
  });
}

/** What the kernel answers to the question whether we may send a signal; `undefined`: we may. */
function signalError(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Of a process that can be read. */
function noPython(pid: number, { memory }: LiveMemory): PyglassError {
  const images = mappedImages(pid);
  try {
    const location = findRuntime(images, memory);
    if (location) return notRunning(pid, memory, location);
  } catch (error) {
    if (error instanceof PyglassError) return error;
    throw error;
  }
  const what = plainCommand(pid);
  const runtime = runtimeAmong(pid, images);
  if (runtime?.isPython)
    return new PyglassError(
      'implementation-unsupported',
      `process ${pid} is ${runtime.name}, and pyglass reads CPython: ${what}`,
      { pid, runtime: runtime.id, profiler: runtime.profiler },
    );
  const children = descendantsOf(pid)
    .filter(looksLikePython)
    .map((child) => ({ pid: child, command: plainCommand(child) }));
  const lost = images.find((image) => pythonFile.test(image.path) && !canBeOpened(image));
  if (lost && children.length === 0)
    return new PyglassError(
      'files-lost',
      `process ${pid} may be Python, but its file ${lost.path} was deleted or replaced, or is not readable`,
      { pid },
    );
  if (!runtime && children.length === 0 && images[0] && hidesPython(images[0]))
    return new PyglassError(
      'python-not-started',
      `process ${pid} may have Python built in, without symbols, but no interpreter was found in it: ${what}`,
      { pid },
    );
  const runs = runtime === undefined ? 'not Python' : `not Python but ${runtime.name}`;
  return new PyglassError('not-python', `process ${pid} is ${runs}: ${what}`, {
    ...{ pid, children, inContainers: pidsInContainers(pid).filter(looksLikePython) },
    ...(runtime === undefined ? {} : { runtime: runtime.id, profiler: runtime.profiler }),
  });
}

function canBeOpened(image: LinuxImage): boolean {
  const source = image.open();
  source?.close();
  return source !== undefined;
}

function plainCommand(pid: number): string {
  return commandLine(pid).join(' ');
}

/** What its executable is, or else the first of its libraries that is a runtime, by their contents. */
function runtimeAmong(pid: number, images: readonly LinuxImage[]): LanguageRuntime | undefined {
  const executable = nameInMaps(executableOf(pid) ?? '').replace(/ \(deleted\)$/, '');
  const sorted = [...images].sort((a, b) => Number(b.path === executable) - Number(a.path === executable));
  for (const image of sorted.slice(0, mostImages)) {
    const source = image.open();
    const runtime = source && languageRuntimeIn(source, image.path);
    source?.close();
    if (runtime) return runtime;
  }
  return undefined;
}

/** Files looked into: a browser has 200. Each takes some 50 µs. */
const mostImages = 1000;

const pythonFile = /\/(lib)?python[\d.]*[^/]*$/;

function looksLikePython(pid: number): boolean {
  return mappedImages(pid).some(({ path }) => pythonFile.test(path));
}

/** Whether a Python may still come up: its executable is one, or CPython is loaded already, but nothing runs yet. */
export function mayBeStarting(pid: number): boolean {
  return !hasEnded(pid) && (pythonFile.test(executableOf(pid) ?? '') || looksLikePython(pid));
}

/** Python is there, but no thread of it. `location`: absent where it is loaded, and what it keeps is not found yet. */
export function notRunning(pid: number, memory: TargetMemory, location?: RuntimeLocation): PyglassError {
  if (location && isFinalizing(memory, location.layout, location.runtime))
    return new PyglassError(
      'python-finalized',
      `process ${pid} has finalized its Python: it is ending, or goes on without Python`,
      { pid },
    );
  return new PyglassError(
    'python-not-started',
    `process ${pid} has Python loaded, but no interpreter runs in it: it has not started yet`,
    { pid },
  );
}
