import { existsSync, statSync } from 'node:fs';
import { PyglassError } from '../model/error.js';
import { commandLine, descendantsOf, executableOf, mappedImages, processFacts } from './linux-process.js';
import { openLiveMemory } from './live-memory.js';
import { procText } from './proc-text.js';

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
export function permissionTrouble(pid: number, facts: Permissions): PyglassError {
  const error = (code: string, message: string) => new PyglassError(code, message, { pid, ...facts });
  if (facts.ourUid === 0 && !facts.mayPtrace) {
    const where = facts.inContainer ? 'this container' : 'this root shell';
    return error(
      'permission-capability',
      `${where} lacks the capability SYS_PTRACE, without which process ${pid} cannot be read`,
    );
  }
  if (facts.ourUid !== facts.targetUid && !facts.mayPtrace) {
    return error(
      'permission-other-user',
      `process ${pid} belongs to user ${facts.targetUid} and we are user ${facts.ourUid}`,
    );
  }
  if (facts.ptraceScope > 0 && !facts.mayPtrace) {
    return error(
      'permission-yama',
      `this kernel lets a process be read only by its parent (ptrace_scope is ${facts.ptraceScope})`,
    );
  }
  return error(
    'permission-denied',
    `the kernel does not let us read process ${pid} (it may be protected from inspection)`,
  );
}

/** Why Python cannot be read in a process; `undefined` when nothing is wrong with it but that no interpreter was found. */
export function attachTrouble(pid: number): PyglassError | undefined {
  const facts = processFacts(pid);
  if (!facts) return new PyglassError('no-such-process', `there is no process ${pid}`, { pid });
  if (facts.state === 'Z')
    return new PyglassError('no-such-process', `process ${pid} has ended (it is a zombie)`, { pid });
  if (executableOf(pid) === undefined && process.geteuid?.() === 0) {
    return new PyglassError('not-python', `process ${pid} is a thread of the kernel, not a Python program`, {
      pid,
      children: [],
    });
  }
  const live = openLiveMemory(pid);
  if (!live) return permissionTrouble(pid, permissionsFor(pid));
  live.close();
  const children = descendantsOf(pid).filter(looksLikePython);
  const command = commandLine(pid).join(' ');
  return new PyglassError('not-python', `process ${pid} is not Python: ${command}`, {
    pid,
    children: children.map((child) => ({ pid: child, command: commandLine(child).join(' ') })),
  });
}

function looksLikePython(pid: number): boolean {
  return mappedImages(pid).some(({ path }) => /\/(lib)?python[\d.]*[^/]*$/.test(path));
}
