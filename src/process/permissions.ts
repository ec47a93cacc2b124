import { existsSync, statSync } from 'node:fs';
import { type ErrorCode, PyglassError } from '../model/error.js';
import { memoryOwner } from './linux-process.js';
import { fileStart, procText } from './proc-text.js';
import { type Confinement, confinementOf } from './security-module.js';

/** Facts that decide whether we may read another process (ptrace(2), "Ptrace access mode checking"). */
export interface Permissions {
  readonly ourUid: number;
  readonly targetUid: number;
  /** All its user and group ids are our real ones: otherwise it is another's, or a setuid or setgid program. */
  readonly hasOurIds: boolean;
  /** Yama's ptrace_scope, -1 where there is no Yama. */
  readonly ptraceScope: number;
  /** CAP_SYS_PTRACE among our effective capabilities. */
  readonly mayPtrace: boolean;
  /**
   * False when it is protected from reading (prctl(2), PR_SET_DUMPABLE); `undefined` where it cannot be known, as for
   * root's.
   */
  readonly isDumpable: boolean | undefined;
  /** Whether its list of mappings can be read: the rules for that are the same, but for Yama and seccomp. */
  readonly canSeeMaps: boolean;
  readonly inContainer: boolean;
  /** Of AppArmor or SELinux; absent where neither confines anything. */
  readonly confinement?: Confinement;
  /** Whether we are in a user namespace other than the first one, in which capabilities count for less. */
  readonly inUserNamespace: boolean;
}

const capSysPtrace = 19n;
/** Inode of the first user namespace, PROC_USER_INIT_INO of the kernel's include/linux/proc_ns.h. */
const firstUserNamespace = 0xefff_fffd;

export function permissionsFor(pid: number): Permissions {
  const targetStatus = procText(`/proc/${pid}/status`) ?? '';
  const ourStatus = procText('/proc/self/status') ?? '';
  const targetIds = { uids: idsIn(targetStatus, 'Uid'), gids: idsIn(targetStatus, 'Gid') };
  const [ourUid, ourGid] = [idsIn(ourStatus, 'Uid')[0], idsIn(ourStatus, 'Gid')[0]];
  const confinement = confinementOf(pid);
  return {
    ourUid: process.geteuid?.() ?? -1,
    targetUid: targetIds.uids[0] ?? ownerOf(`/proc/${pid}`),
    hasOurIds: targetIds.uids.every((id) => id === ourUid) && targetIds.gids.every((id) => id === ourGid),
    ptraceScope: ptraceScope(),
    mayPtrace: hasCapability(ourStatus, 'CapEff'),
    isDumpable: isDumpable(pid, targetIds.uids[1]),
    canSeeMaps: (fileStart(`/proc/${memoryOwner(pid)}/maps`, 1)?.length ?? 0) > 0,
    inContainer: inContainer(),
    inUserNamespace: inUserNamespace(),
    ...(confinement && { confinement }),
  };
}

/** Real, effective, saved and file system id. */
function idsIn(status: string, name: 'Uid' | 'Gid'): number[] {
  const line = new RegExp(`^${name}:\\s*([\\d\\s]+?)$`, 'm').exec(status)?.[1];
  return line?.split(/\s+/).map(Number) ?? [];
}

/** Whether a set of capabilities, as /proc/PID/status has it, holds CAP_SYS_PTRACE. */
export function hasCapability(status: string, set: 'CapEff' | 'CapBnd'): boolean {
  const hex = new RegExp(`^${set}:\\s*([0-9a-f]+)`, 'm').exec(status)?.[1] ?? '0';
  return ((BigInt(`0x${hex}`) >> capSysPtrace) & 1n) === 1n;
}

/** Yama's ptrace_scope, -1 where there is no Yama. */
export function ptraceScope(): number {
  const scope = (procText('/proc/sys/kernel/yama/ptrace_scope') ?? '').trim();
  return scope === '' ? -1 : Number(scope);
}

/** The kernel gives files of a process that is not dumpable to root (proc(5)). */
export function isDumpable(pid: number, effectiveUid: number | undefined): boolean | undefined {
  if (effectiveUid === undefined || effectiveUid === 0) return undefined;
  const owner = ownerOf(`/proc/${pid}/status`);
  return owner < 0 ? undefined : owner === effectiveUid;
}

export function inContainer(): boolean {
  return (
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv') ||
    /docker|kubepods|containerd/.test(procText('/proc/1/cgroup') ?? '')
  );
}

export function inUserNamespace(): boolean {
  return namespaceOf('self', 'user') !== firstUserNamespace && namespaceOf('self', 'user') !== undefined;
}

/** The number of a namespace of a process; `undefined` where we may not look. */
export function namespaceOf(pid: number | 'self', kind: 'user' | 'pid' | 'mnt'): number | undefined {
  try {
    return statSync(`/proc/${pid}/ns/${kind}`).ino;
  } catch {
    return undefined;
  }
}

function ownerOf(path: string): number {
  try {
    return statSync(path).uid;
  } catch {
    return -1;
  }
}

/** Which rule forbids the reading, from the facts alone. `answers`: what the kernel said to each way of reading. */
export function permissionError(pid: number, facts: Permissions, answers = ''): PyglassError {
  const [code, message] = refusal(pid, facts, answers);
  return new PyglassError(code, message, { pid, ...facts });
}

function refusal(pid: number, facts: Permissions, answers: string): readonly [ErrorCode, string] {
  const { ourUid, targetUid, ptraceScope: scope, mayPtrace, inUserNamespace: inOther } = facts;
  // Nobody may then, not even root, so nothing else needs to be changed first.
  if (scope === 3)
    return [
      'permission-yama',
      'this kernel lets no process read another, not even one of root (ptrace_scope is 3)',
    ];
  if (ourUid === 0 && !mayPtrace) {
    const where = facts.inContainer ? 'this container' : 'this root shell';
    return [
      'permission-capability',
      `process ${pid} cannot be read: ${where} lacks the capability SYS_PTRACE`,
    ];
  }
  if (mayPtrace && inOther)
    return [
      'permission-namespace',
      `process ${pid} is outside the user namespace of pyglass, in which alone its SYS_PTRACE counts`,
    ];
  if (!mayPtrace && ourUid !== targetUid)
    return [
      'permission-other-user',
      `process ${pid} belongs to user ${targetUid}, pyglass runs as user ${ourUid}`,
    ];
  if (!mayPtrace && !facts.hasOurIds)
    return [
      'permission-other-user',
      `process ${pid} runs with the rights of another user or group (a setuid or setgid program)`,
    ];
  if (!mayPtrace && facts.isDumpable === false)
    return [
      'permission-not-dumpable',
      `process ${pid} is protected from being read: it is not dumpable (PR_SET_DUMPABLE, or a program with capabilities)`,
    ];
  if (!mayPtrace && scope === 2)
    return [
      'permission-yama',
      'this kernel allows only processes with SYS_PTRACE to read others (ptrace_scope is 2)',
    ];
  if (!mayPtrace && scope > 0)
    return [
      'permission-yama',
      `this kernel allows only the parent to read a process (ptrace_scope is ${scope})`,
    ];
  return otherRefusal(pid, facts, answers);
}

/** What none of the rules above explains. */
function otherRefusal(pid: number, facts: Permissions, answers: string): readonly [ErrorCode, string] {
  const how = answers === '' ? '' : `: ${answers}`;
  if (facts.confinement) return ['permission-security-module', confinedText(pid, facts.confinement) + how];
  return [
    'permission-denied',
    facts.canSeeMaps
      ? `the kernel denies reading the memory of process ${pid}, and not looking at it (seccomp, AppArmor or SELinux)${how}`
      : `the kernel denies access to process ${pid}${how || ' (it may be protected from inspection)'}`,
  ];
}

/** No other rule forbids it then; which rule of the module does, only its log shows. */
function confinedText(pid: number, { module, ours, target, deniesAll }: Confinement): string {
  if (deniesAll) return `${module} lets no process read another (deny_ptrace is on)`;
  return `the kernel denies reading process ${pid}, and ${module} confines one of both (process ${pid}: ${target || 'none'}, pyglass: ${ours || 'none'})`;
}
