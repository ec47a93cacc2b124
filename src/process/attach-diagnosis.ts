import { existsSync, statSync } from 'node:fs';
import { locateRuntime } from '../cpython/locate/locate.js';
import { holdsPyPy } from '../cpython/locate/python-file.js';
import { type ErrorCode, PyglassError } from '../model/error.js';
import {
  commandLine,
  descendantsOf,
  executableOf,
  hasEnded,
  type LinuxImage,
  mappedImages,
  memoryOwner,
  processFacts,
} from './linux-process.js';
import { type LiveMemory, openLiveMemory } from './live-memory.js';
import { fileStart, procText } from './proc-text.js';

/** Facts that decide whether we may read another process (ptrace(2), "Ptrace access mode checking"). */
export interface Permissions {
  readonly ourUid: number;
  readonly targetUid: number;
  /** yama's ptrace_scope, -1 where there is no yama. */
  readonly ptraceScope: number;
  /** CAP_SYS_PTRACE among our effective capabilities. */
  readonly mayPtrace: boolean;
  readonly inContainer: boolean;
}

const capSysPtrace = 19n;

export function permissionsFor(pid: number): Permissions {
  const targetStatus = procText(`/proc/${pid}/status`) ?? '';
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(procText('/proc/self/status') ?? '')?.[1] ?? '0';
  const scope = (procText('/proc/sys/kernel/yama/ptrace_scope') ?? '').trim();
  return {
    ourUid: process.geteuid?.() ?? -1,
    targetUid: Number(/^Uid:\s*(\d+)/m.exec(targetStatus)?.[1] ?? ownerOf(pid)),
    ptraceScope: scope === '' ? -1 : Number(scope),
    mayPtrace: ((BigInt(`0x${capabilities}`) >> capSysPtrace) & 1n) === 1n,
    inContainer:
      existsSync('/.dockerenv') ||
      existsSync('/run/.containerenv') ||
      /docker|kubepods|containerd/.test(procText('/proc/1/cgroup') ?? ''),
  };
}

function ownerOf(pid: number): number {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return -1;
  }
}

/** Which rule forbids the reading, from the facts alone. */
export function permissionError(pid: number, facts: Permissions): PyglassError {
  const error = (code: ErrorCode, message: string) => new PyglassError(code, message, { pid, ...facts });
  if (facts.ourUid === 0 && !facts.mayPtrace) {
    const where = facts.inContainer ? 'this container' : 'this root shell';
    return error(
      'permission-capability',
      `process ${pid} cannot be read: ${where} lacks the capability SYS_PTRACE`,
    );
  }
  if (facts.ourUid !== facts.targetUid && !facts.mayPtrace) {
    return error(
      'permission-other-user',
      `process ${pid} belongs to user ${facts.targetUid}, pyglass runs as user ${facts.ourUid}`,
    );
  }
  if (facts.ptraceScope > 0 && !facts.mayPtrace) {
    return error(
      'permission-yama',
      `this kernel allows only the parent to read a process (ptrace_scope is ${facts.ptraceScope})`,
    );
  }
  return error(
    'permission-denied',
    `the kernel denies access to process ${pid} (it may be protected from inspection)`,
  );
}

/** Why Python cannot be read in a process. */
export function diagnoseAttach(pid: number): PyglassError {
  const facts = processFacts(pid);
  if (!facts) return notSeen(pid);
  if (hasEnded(pid))
    return new PyglassError('no-such-process', `process ${pid} has ended (it is a zombie)`, { pid });
  if (facts.isKernelThread) {
    return new PyglassError('not-python', `process ${pid} is a kernel thread, not a Python program`, {
      pid,
      children: [],
    });
  }
  const live = openLiveMemory(pid);
  if (!live) {
    const hasMemory = fileStart(`/proc/${memoryOwner(pid)}/maps`, 1)?.length !== 0;
    if (hasMemory) return permissionError(pid, permissionsFor(pid));
    return new PyglassError('no-such-process', `process ${pid} is ending`, { pid });
  }
  try {
    return noPython(pid, live);
  } finally {
    live.close();
  }
}

/** Where there is no /proc, nothing can be said of any process. */
export function procMissing(): PyglassError | undefined {
  if (fileStart('/proc/self/stat', 1) !== undefined) return undefined;
  return new PyglassError('proc-missing', '/proc is not mounted here; pyglass finds processes in it', {});
}

/** There is no such process, or we are not shown it. */
function notSeen(pid: number): PyglassError {
  if (fileStart('/proc/self/stat', 1) === undefined)
    return new PyglassError('proc-missing', '/proc is not mounted here; pyglass finds processes in it', {});
  const exists = signalError(pid) !== 'ESRCH';
  return exists
    ? new PyglassError('process-hidden', `process ${pid} is hidden: /proc is mounted with hidepid`, {
        pid,
      })
    : new PyglassError('no-such-process', `there is no process ${pid}`, { pid });
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
    if (locateRuntime(images, memory)) return notStarted(pid);
  } catch (error) {
    if (error instanceof PyglassError) return error;
    throw error;
  }
  const what = plainCommand(pid);
  if (images.some(isPyPy))
    return new PyglassError(
      'pypy-unsupported',
      `process ${pid} is PyPy, and pyglass reads CPython: ${what}`,
      {
        pid,
      },
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
  return new PyglassError('not-python', `process ${pid} is not Python: ${what}`, { pid, children });
}

function canBeOpened(image: LinuxImage): boolean {
  const source = image.open();
  source?.close();
  return source !== undefined;
}

function plainCommand(pid: number): string {
  return commandLine(pid).join(' ');
}

/** Its library or executable, whatever the file is called. */
function isPyPy(image: LinuxImage): boolean {
  if (/^(?:lib)?pypy\d?(?:\.\d+)?-c(?:\.so.*)?$/.test(image.path.slice(image.path.lastIndexOf('/') + 1)))
    return true;
  const source = image.open();
  try {
    return source !== undefined && holdsPyPy(source);
  } catch (error) {
    if (error instanceof PyglassError) return false;
    throw error;
  } finally {
    source?.close();
  }
}

const pythonFile = /\/(lib)?python[\d.]*[^/]*$/;

function looksLikePython(pid: number): boolean {
  return mappedImages(pid).some(({ path }) => pythonFile.test(path));
}

/** Whether a Python may still come up: its executable is one, or CPython is loaded already, but nothing runs yet. */
export function mayBeStarting(pid: number): boolean {
  return !hasEnded(pid) && (pythonFile.test(executableOf(pid) ?? '') || looksLikePython(pid));
}

/** Python is there, but no interpreter. */
export function notStarted(pid: number): PyglassError {
  return new PyglassError(
    'python-not-started',
    `process ${pid} has Python loaded, but no interpreter runs in it: it has not started yet, or has ended`,
    { pid },
  );
}
