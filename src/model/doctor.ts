import type { ErrorCode } from './error.js';

/** What `pyglass doctor` asks of a machine and of one process. `null`: it could not be found out. */

/** What the kernel answers to each way of reading a memory: `ok`, or the name of the error. */
export interface ReadAnswers {
  readonly processVmReadv: string;
  readonly procMem: string;
}

/** A security module of the kernel that is on, and what it calls pyglass: a profile or a context. */
export interface ModuleLabel {
  readonly module: 'AppArmor' | 'SELinux';
  readonly label: string;
}

export interface FolderFacts {
  readonly path: string;
  /** Why nothing can be written there, as the name of an error; `null`: it can. */
  readonly error: string | null;
}

export interface MachineFacts {
  /** As Node names them: `linux`, `x64`. */
  readonly platform: string;
  readonly architecture: string;
  readonly kernel: string;
  /** Such as `22.1.0`. */
  readonly node: string;
  readonly procMounted: boolean;
  /** False where /proc is that of another pid namespace. */
  readonly procIsOurs: boolean;
  /** As it is mounted, such as `2` or `invisible`; `null` without it. */
  readonly hidepid: string | null;
  /** The effective user of pyglass. */
  readonly uid: number;
  /** Hexadecimal, as /proc/PID/status has them. */
  readonly effectiveCapabilities: string | null;
  readonly boundingCapabilities: string | null;
  readonly hasSysPtrace: boolean;
  /** Whether it could be had at all here. */
  readonly mayHaveSysPtrace: boolean;
  /** Of pyglass: 0 none, 1 strict, 2 a filter of system calls. */
  readonly seccomp: number | null;
  readonly noNewPrivileges: boolean;
  /** -1 where there is no Yama. */
  readonly ptraceScope: number;
  /** AppArmor, and SELinux where it enforces. */
  readonly securityModules: readonly ModuleLabel[];
  /** pyglass does not use perf events: for information only. */
  readonly perfEventParanoid: number | null;
  readonly inUserNamespace: boolean;
  readonly inPidNamespace: boolean;
  /** `docker`, `podman`, `kubernetes`, `lxc` and the like. */
  readonly container: string | null;
  /** Why koffi cannot be loaded, which calls the kernel. */
  readonly koffiError: string | null;
  /** For the memory of pyglass itself, which only a filter of system calls forbids. */
  readonly ownReads: ReadAnswers | null;
  /** Whether the kernel counts CPU times by the nanosecond (schedstat). */
  readonly countsCpuTime: boolean;
  readonly timerSlackNanoseconds: number | null;
  readonly clockSource: string | null;
  readonly cpus: number;
  /** In cores, from the control group. */
  readonly cpuLimit: number | null;
  readonly temporaryFolder: FolderFacts;
  /** Where Node keeps what it compiled; `null` where there is no folder that only we can write to. */
  readonly cacheFolder: FolderFacts | null;
}

/** The Python processes of the machine. */
export interface PythonCount {
  readonly found: number;
  readonly readable: number;
  /** The id of one that can be read. */
  readonly example: number | null;
  /** Why others cannot be read, each reason once. */
  readonly errors: readonly { readonly code: ErrorCode; readonly message: string; readonly count: number }[];
}

/** What the operating system shows of a process. */
export interface ProcessExamination {
  readonly pid: number;
  readonly exists: boolean;
  /** One letter, as in ps. */
  readonly state: string | null;
  readonly isKernelThread: boolean;
  readonly parentPid: number | null;
  readonly threads: number;
  /** Secrets hidden. */
  readonly command: readonly string[];
  readonly uid: number | null;
  /** All its user and group ids are those of pyglass. */
  readonly hasOurIds: boolean;
  readonly dumpable: boolean | null;
  readonly seccomp: number | null;
  /** Whether it is in the same namespaces as pyglass. */
  readonly sameNamespaces: {
    readonly user: boolean | null;
    readonly pid: boolean | null;
    readonly mount: boolean | null;
  };
  /** Its id in its own pid namespace. */
  readonly innerPid: number | null;
  readonly executable: string | null;
  /** Deleted, or another file has its name now. */
  readonly executableDeleted: boolean;
  readonly canSeeMaps: boolean;
  readonly reads: ReadAnswers | null;
}

/** The Python that was found and read. */
export interface PythonExamination {
  readonly version: string;
  /** The file that holds it. */
  readonly file: string;
  readonly isLibrary: boolean;
  /** `section`, `exported symbol`, `symbol table`, up to 3.6 `static variables`; `memory` where the file is gone. */
  readonly foundBy: string;
  readonly debugBuild: boolean | null;
  readonly readBy: 'process_vm_readv' | '/proc/PID/mem';
  /** To read the stacks of all threads once. */
  readonly milliseconds: number;
  readonly threads: number;
  /** Of the deepest stack. */
  readonly deepestStack: number;
  readonly interpreters: number;
  readonly gilHolder: number | null;
  /** What recordings of it show. */
  readonly shows: {
    readonly threadStates: boolean;
    readonly cpuTimes: boolean;
    readonly cFunctions: boolean;
  };
}

/** One line of the report. */
export interface Finding {
  /** Stable, for programs. */
  readonly id: string;
  readonly level: 'ok' | 'note' | 'problem';
  readonly text: string;
  /** What to change: sentences, or commands to type (these begin with two spaces). */
  readonly change: readonly string[];
  /** Of a problem. */
  readonly code: ErrorCode | null;
}
