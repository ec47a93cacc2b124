import { clockTicks, memoryOwner, processFacts, threadIds } from './linux-process.js';
import { procText } from './proc-text.js';

/** What a process takes of the machine (proc_pid_status(5)). */
export interface ProcessUsage {
  readonly parentPid: number;
  /** One letter, as in ps. */
  readonly state: string;
  /** The effective user. */
  readonly uid: number;
  readonly threads: number;
  /** Memory that is in RAM now. */
  readonly residentBytes: number;
  readonly uptimeSeconds: number;
  /** User and system time since its start. */
  readonly cpuSeconds: number;
}

/** `undefined` when the process is gone. */
export function processUsage(pid: number): ProcessUsage | undefined {
  const facts = processFacts(pid);
  const owner = memoryOwner(pid);
  const status = procText(`/proc/${owner}/status`);
  if (!facts || status === undefined) return undefined;
  const number = (pattern: RegExp) => Number(pattern.exec(status)?.[1] ?? 0);
  return {
    parentPid: facts.parentPid,
    state: owner === pid ? facts.state : (processFacts(owner)?.state ?? facts.state),
    uid: number(/^Uid:\s+\d+\s+(\d+)/m),
    threads: number(/^Threads:\s+(\d+)/m),
    residentBytes: number(/^VmRSS:\s+(\d+) kB/m) * 1024,
    uptimeSeconds: Math.max(0, secondsSinceBoot() - facts.startTime / clockTicks),
    cpuSeconds: facts.cpuSeconds,
  };
}

/** CPU time of each thread so far, seconds. */
export type CpuClock = ReadonlyMap<number, number>;

/**
 * The scheduler counts nanoseconds, which a fifth of a second needs: the ticks of /proc/PID/stat are 10 ms long. They
 * are taken, for all threads together, where the kernel is built without the finer counts.
 */
export function cpuClock(pid: number): CpuClock {
  const clock = new Map<number, number>();
  for (const thread of threadIds(pid)) {
    const spent = procText(`/proc/${pid}/task/${thread}/schedstat`);
    if (spent !== undefined) clock.set(thread, Number(spent.slice(0, spent.indexOf(' '))) / 1e9);
  }
  return clock.size > 0 ? clock : new Map([[pid, processFacts(pid)?.cpuSeconds ?? 0]]);
}

/** Seconds of CPU that the threads which are there at `after` spent since `before`. */
export function cpuBetween(before: CpuClock, after: CpuClock): number {
  let seconds = 0;
  for (const [thread, spent] of after) seconds += Math.max(0, spent - (before.get(thread) ?? 0));
  return seconds;
}

/** Those of the wanted variables that the process was started with. Its later changes do not show. */
export function startedWith(pid: number, wanted: readonly string[]): string[] {
  const environment = procText(`/proc/${pid}/environ`)?.split('\0') ?? [];
  return wanted.filter((variable) => environment.includes(variable));
}

/** The value of a variable that the process was started with; `undefined` also where it may not be seen. */
export function startedWithValue(pid: number, variable: string): string | undefined {
  const found = procText(`/proc/${pid}/environ`)
    ?.split('\0')
    .find((text) => text.startsWith(`${variable}=`));
  return found?.slice(variable.length + 1);
}

/** The id of the container that a process is in, as Docker, containerd and Podman name its control group. */
export function containerIdOf(pid: number): string | undefined {
  return containerIdIn(procText(`/proc/${pid}/cgroup`) ?? '');
}

/** The innermost one in the text of /proc/PID/cgroup. */
export function containerIdIn(cgroups: string): string | undefined {
  return [...cgroups.matchAll(/[/-]([\da-f]{64})(?:\.scope)?(?=\/|$)/gm)].at(-1)?.[1];
}

let names: Map<number, string> | undefined;

/** The name in /etc/passwd, or the number where it has none (users of a directory service, of a container). */
export function userName(uid: number): string {
  names ??= new Map(
    (procText('/etc/passwd') ?? '')
      .split('\n')
      .map((line) => line.split(':'))
      .flatMap(([name, , id]) => (name && id ? [[Number(id), name] as const] : []))
      // The first name of a number is the one that counts.
      .reverse(),
  );
  return names.get(uid) ?? String(uid);
}

function secondsSinceBoot(): number {
  return Number((procText('/proc/uptime') ?? '0').split(' ')[0]);
}
