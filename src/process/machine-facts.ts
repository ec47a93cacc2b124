import { accessSync, constants, existsSync } from 'node:fs';
import { availableParallelism, release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readsProcessesOn } from '../model/architectures.js';
import type { FolderFacts, MachineFacts, ReadAnswers } from '../model/doctor.js';
import { inPidNamespace } from './inner-pids.js';
import { procIsOurs } from './own-proc.js';
import { hasCapability, inUserNamespace, ptraceScope } from './permissions.js';
import { procText } from './proc-text.js';
import { moduleLabels } from './security-module.js';

/** All but what the command line knows. What calls the kernel is loaded here, since that may be what fails. */
export async function machineFacts(): Promise<Omit<MachineFacts, 'cacheFolder'>> {
  const status = procText('/proc/self/status') ?? '';
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? null;
  return {
    ...{ platform: process.platform, architecture: process.arch, kernel: release() },
    node: process.versions.node,
    procMounted: status !== '',
    procIsOurs: procIsOurs(),
    hidepid: hidepid(procText('/proc/self/mountinfo') ?? ''),
    uid: process.geteuid?.() ?? -1,
    effectiveCapabilities: field('CapEff'),
    boundingCapabilities: field('CapBnd'),
    hasSysPtrace: hasCapability(status, 'CapEff'),
    mayHaveSysPtrace: hasCapability(status, 'CapBnd'),
    seccomp: numberOrNull(field('Seccomp')),
    noNewPrivileges: field('NoNewPrivs') === '1',
    ptraceScope: ptraceScope(),
    securityModules: moduleLabels(),
    perfEventParanoid: numberOrNull(procText('/proc/sys/kernel/perf_event_paranoid')),
    inUserNamespace: inUserNamespace(),
    inPidNamespace: inPidNamespace(),
    container: container(),
    ...(await nativeCalls()),
    countsCpuTime: Number((procText('/proc/self/schedstat') ?? '').split(' ')[2] ?? 0) > 0,
    timerSlackNanoseconds: numberOrNull(procText('/proc/self/timerslack_ns')),
    clockSource: procText('/sys/devices/system/clocksource/clocksource0/current_clocksource')?.trim() ?? null,
    cpus: availableParallelism(),
    cpuLimit: cpuLimit(),
    temporaryFolder: folderFacts(tmpdir()),
  };
}

export function folderFacts(path: string): FolderFacts {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return { path, error: null };
  } catch (error) {
    return { path, error: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}

async function nativeCalls(): Promise<{ koffiError: string | null; ownReads: ReadAnswers | null }> {
  // Elsewhere there are no such calls, and trying them may be worse than an error.
  if (!readsProcessesOn(process.platform, process.arch)) return { koffiError: null, ownReads: null };
  try {
    const [{ readAnswers }, { mappedImages }] = await Promise.all([
      import('./refused-reads.js'),
      import('./linux-process.js'),
    ]);
    const ownReads = readAnswers(process.pid, mappedImages(process.pid)[0]?.mappings[0]?.start);
    return { koffiError: null, ownReads };
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { koffiError: line, ownReads: null };
  }
}

/** The option of the last /proc that was mounted over /proc. */
export function hidepid(mounts: string): string | null {
  const line = mounts
    .split('\n')
    .filter((mount) => / \/proc .* - proc /.test(mount))
    .at(-1);
  const value = /[, ]hidepid=(\w+)/.exec(line ?? '')?.[1];
  return value === undefined || value === '0' || value === 'off' ? null : value;
}

/** By the files that the runtime leaves, and by the names of control groups. */
function container(): string | null {
  const groups = `${procText('/proc/self/cgroup') ?? ''}\n${procText('/proc/1/cgroup') ?? ''}`;
  if (process.env['KUBERNETES_SERVICE_HOST'] !== undefined || /kubepods/.test(groups)) return 'kubernetes';
  if (existsSync('/run/.containerenv') || /libpod/.test(groups)) return 'podman';
  if (existsSync('/.dockerenv') || /docker/.test(groups)) return 'docker';
  const named = /containerd|lxc/.exec(groups)?.[0] ?? procText('/run/systemd/container')?.trim();
  return named === undefined || named === '' ? null : named;
}

/** The least that a control group above us allows, in cores (cgroups(7)). */
function cpuLimit(): number | null {
  const limits: number[] = [];
  for (const folder of groupFolders('0::', '/sys/fs/cgroup')) {
    const [quota, period] = (procText(join(folder, 'cpu.max')) ?? '').split(' ').map(Number);
    limits.push(quota! / period!);
  }
  for (const folder of groupFolders('[^:]*:(?:[^:]*,)?cpu(?:,[^:]*)?:', '/sys/fs/cgroup/cpu')) {
    const quota = Number(procText(join(folder, 'cpu.cfs_quota_us')) ?? Number.NaN);
    limits.push(quota / Number(procText(join(folder, 'cpu.cfs_period_us')) ?? Number.NaN));
  }
  const usable = limits.filter((limit) => limit > 0);
  return usable.length === 0 ? null : Math.min(...usable);
}

/** The folder of our group and those above it. */
function groupFolders(prefix: string, root: string): string[] {
  const path = new RegExp(`^${prefix}(/.*)$`, 'm').exec(procText('/proc/self/cgroup') ?? '')?.[1];
  const folders: string[] = [];
  for (let at = path; at !== undefined; at = at === '/' ? undefined : dirname(at))
    folders.push(join(root, at));
  return folders;
}

function numberOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined || !/^\s*-?\d+\s*$/.test(text) ? null : Number(text);
}
