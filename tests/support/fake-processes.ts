import type { RuntimeLocation } from '../../src/cpython/locate/locate.js';
import { PyglassError } from '../../src/model/error.js';
import type { SampledThreads } from '../../src/platform/target.js';
import type { ImageMark } from '../../src/process/image-mark.js';
import { type Attached, runsThread } from '../../src/sampler/attach.js';
import type { Processes } from '../../src/sampler/processes.js';
import type { PatchedMemory } from './patched-memory.js';

/** The Python that a process runs. */
export interface FakePython {
  readonly memory: PatchedMemory;
  readonly location: RuntimeLocation;
  readonly kernel: SampledThreads;
}

/** A process as the test sets it. */
export class FakeProcess {
  readonly pid: number;
  parentPid: number;
  state = 'S';
  startTime = 1;
  /** Seconds. */
  cpu = 0;
  childCpu = 0;
  command: readonly string[] = ['prog'];
  /** Another text for another program. */
  signature = 'first';
  python: FakePython | undefined;
  /** Why it cannot be attached to. */
  error: PyglassError | undefined;
  unreadable: string | undefined;
  mark: ImageMark | undefined;
  /** The process of which it uses the memory, between vfork and exec. */
  memoryOf = 0;
  /** How often somebody tried to attach to it, and how many memories are open. */
  attempts = 0;
  opened = 0;

  constructor(pid: number, parentPid: number) {
    this.pid = pid;
    this.parentPid = parentPid;
  }
}

/** The processes of a machine as a test sets them. */
export class FakeProcesses implements Processes {
  readonly byPid = new Map<number, FakeProcess>();
  /** How often the children of a process were asked for without saying how many threads it has. */
  threadLists = 0;

  add(pid: number, parentPid: number, set: Partial<FakeProcess> = {}): FakeProcess {
    const process = Object.assign(new FakeProcess(pid, parentPid), set);
    this.byPid.set(pid, process);
    return process;
  }

  /** It ends, and its parent hears of the CPU time. */
  end(pid: number): void {
    const process = this.byPid.get(pid)!;
    const parent = this.byPid.get(process.parentPid);
    if (parent) parent.childCpu += process.cpu + process.childCpu;
    if (process.python) process.python.memory.ended = true;
    this.byPid.delete(pid);
  }

  attach(pid: number): Attached {
    const attached = this.tryAttach(pid);
    if (!attached) throw new PyglassError('not-python', `process ${pid} is no Python`, { pid });
    return attached;
  }

  tryAttach(pid: number): Attached | undefined {
    const attached = this.openPython(pid);
    if (!attached || this.runsThread(attached)) return attached;
    attached.live.close();
    return undefined;
  }

  runsThread({ live, location }: Attached): boolean {
    return runsThread(live.memory, location);
  }

  openPython(pid: number): Attached | undefined {
    const process = this.byPid.get(pid);
    if (!process) return undefined;
    process.attempts++;
    if (process.error) throw process.error;
    const { python } = process;
    return python && { live: this.open(pid)!, location: python.location };
  }

  open(pid: number) {
    const process = this.byPid.get(pid);
    if (!process?.python) return undefined;
    process.opened++;
    return {
      memory: process.python.memory,
      way: 'process_vm_readv' as const,
      close: () => {
        process.opened--;
      },
    };
  }

  memoryOfChild(pid: number) {
    return this.byPid.get(pid)?.python?.memory;
  }

  facts(pid: number) {
    const process = this.byPid.get(pid);
    if (!process) return undefined;
    const { parentPid, state, startTime, cpu: cpuSeconds, childCpu: childCpuSeconds } = process;
    return {
      ...{ pid, parentPid, state, startTime, cpuSeconds, childCpuSeconds },
      ...{ processGroup: 1, isKernelThread: false, threads: 1, program: process.signature },
    };
  }

  hasEnded(pid: number): boolean {
    return !this.byPid.has(pid);
  }

  commandLine(pid: number) {
    return this.byPid.get(pid)?.command ?? ['[?]'];
  }

  wholeCommandLine(pid: number) {
    return this.commandLine(pid);
  }

  childrenOf(pid: number, threads = 0) {
    if (threads === 0) this.threadLists++;
    return [...this.byPid.values()].filter(({ parentPid }) => parentPid === pid).map((child) => child.pid);
  }

  executableOf(pid: number) {
    return this.byPid.get(pid)?.command[0];
  }

  markOf(pid: number) {
    return this.byPid.get(pid)?.mark;
  }

  shareMemory(a: number, b: number) {
    return this.byPid.get(a)?.memoryOf === b;
  }

  whyUnreadable(pid: number) {
    return this.byPid.get(pid)?.unreadable;
  }

  isRenumbered(): boolean {
    return false;
  }

  threadsOf(pid: number) {
    return this.byPid.get(pid)!.python!.kernel;
  }

  asyncioDebug() {
    return undefined;
  }

  shortFileNames() {
    return (fileName: string) => fileName;
  }
}
